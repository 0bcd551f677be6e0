-- What the web servers show first: the most viewed section of each region and kind of user.
DELETE FROM public.targeting_choices WHERE day = '${{ start }}';

INSERT INTO public.targeting_choices (day, region, kind, section, share)
SELECT DISTINCT ON (region, kind)
  day,
  region,
  kind,
  section,
  round(views / sum(views) OVER (PARTITION BY region, kind), 3)
FROM public.targeting_by_day
WHERE day = '${{ start }}'
ORDER BY region, kind, views DESC, section;
