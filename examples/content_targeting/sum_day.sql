-- The hours of this day, added up.
DELETE FROM public.targeting_by_day WHERE day = '${{ start }}';

INSERT INTO public.targeting_by_day (day, region, kind, section, views)
SELECT '${{ start }}', region, kind, section, sum(views)
FROM public.targeting_by_hour
WHERE hour >= '${{ start }}' AND hour < '${{ end }}'
GROUP BY region, kind, section;
