-- What kind of user each one is in this hour: new (signed up less than a day ago),
-- buyer (bought something in the last day), or regular.
DELETE FROM public.kinds_of_user WHERE hour = '${{ start }}';

INSERT INTO public.kinds_of_user (hour, user_id, kind)
SELECT
  '${{ start }}',
  u.user_id,
  CASE
    WHEN EXISTS (
      SELECT 1 FROM public.purchases AS p
      WHERE p.user_id = u.user_id
        AND p.bought_at >= '${{ end - 1 day }}' AND p.bought_at < '${{ end }}'
    ) THEN 'buyer'
    WHEN u.signed_up >= '${{ end - 1 day }}' THEN 'new'
    ELSE 'regular'
  END
FROM public.users AS u
WHERE u.signed_up < '${{ end }}';
