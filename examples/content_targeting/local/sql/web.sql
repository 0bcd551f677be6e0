-- The database of the web servers: what the pipeline needs to be there.
CREATE SCHEMA IF NOT EXISTS staging;

CREATE TABLE staging.visits (ip text, user_id text, section text, at timestamp);
CREATE TABLE staging.kinds_of_user (hour timestamp, user_id text, kind text);
CREATE TABLE staging.ranges (first_ip text, last_ip text, region text);

CREATE TABLE public.targeting_by_hour (
  hour timestamp, region text, kind text, section text, views bigint,
  PRIMARY KEY (hour, region, kind, section)
);
CREATE TABLE public.targeting_by_day (
  day timestamp, region text, kind text, section text, views bigint,
  PRIMARY KEY (day, region, kind, section)
);
CREATE TABLE public.targeting_choices (
  day timestamp, region text, kind text, section text, share numeric,
  PRIMARY KEY (day, region, kind)
);
