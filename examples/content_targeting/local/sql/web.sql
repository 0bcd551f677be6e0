-- The database of the web servers: what the pipeline needs to be there.
CREATE TABLE public.targeting_choices (
  day timestamp, region text, kind text, section text, share numeric,
  PRIMARY KEY (day, region, kind)
);
