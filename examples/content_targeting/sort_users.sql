-- What kind of user each one is in this hour: buyer (bought something in the last day), new (signed
-- up less than a day ago), or regular. Whoever has signed up since this morning is a guest.
DELETE FROM staging.kinds_of_user WHERE hour = '${{ start }}';

INSERT INTO staging.kinds_of_user (hour, user_id, kind)
SELECT
  '${{ start }}',
  u.user_id,
  CASE
    WHEN b.user_id IS NOT NULL THEN 'buyer'
    WHEN u.signed_up >= '${{ end - 1 day }}' THEN 'new'
    ELSE 'regular'
  END
FROM staging.users AS u
LEFT JOIN (
  SELECT DISTINCT user_id FROM staging.purchases WHERE hour = '${{ start }}'
) AS b ON b.user_id = u.user_id
WHERE u.as_of = '${{ start:%Y-%m-%d }}';
