CREATE TABLE orders (product text, price numeric(10, 2), ordered_at timestamp);
INSERT INTO orders VALUES
    ('<script>alert("{{ ds }}")</script>', 12.50, '2026-11-20 08:00'),
    ('{% if x %} {# y #} ${{ start }}', 1000, '2026-11-20 08:10'),
    ('it''s "quoted" & 100 % %s', 10.05, '2026-11-20 09:00'),
    ('Zürich 名前', NULL, '2026-11-20 10:00'),
    ('Zürich 名前', 2, '2026-11-20 10:00'),
    ('tomorrow', 2, '2026-11-21 00:00');
