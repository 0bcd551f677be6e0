-- What was looked at in this hour, by region and by kind of user. A rerun replaces the hour.
DELETE FROM public.targeting_by_hour WHERE hour = '${{ start }}';

INSERT INTO public.targeting_by_hour (hour, region, kind, section, views)
SELECT
  '${{ start }}',
  COALESCE(r.region, 'elsewhere'),
  COALESCE(k.kind, 'guest'),
  v.section,
  count(*)
FROM staging.visits AS v
LEFT JOIN staging.ranges AS r
  ON v.ip BETWEEN r.first_ip AND r.last_ip
LEFT JOIN staging.kinds_of_user AS k
  ON k.user_id = v.user_id AND k.hour = '${{ start }}'
WHERE v.at >= '${{ start }}' AND v.at < '${{ end }}'
GROUP BY 2, 3, 4;
