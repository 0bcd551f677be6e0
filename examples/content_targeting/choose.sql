-- What the web servers show first: the most viewed section of each region and kind of user.
DELETE FROM public.targeting_choices WHERE day = '${{ start }}';

INSERT INTO public.targeting_choices (day, region, kind, section, share)
SELECT day, region, kind, section, round(CAST(views AS decimal(18, 6)) / views_of_all, 3)
FROM (
  SELECT
    day,
    region,
    kind,
    section,
    views,
    sum(views) OVER (PARTITION BY region, kind) AS views_of_all,
    row_number() OVER (PARTITION BY region, kind ORDER BY views DESC, section) AS place
  FROM public.targeting_by_day
  WHERE day = '${{ start }}'
) AS ranked
WHERE place = 1;
