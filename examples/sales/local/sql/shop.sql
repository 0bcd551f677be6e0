CREATE SCHEMA sales;
CREATE TABLE sales.by_hour (
    interval_start timestamp,
    city text,
    product text,
    receipts bigint,
    pieces bigint,
    price numeric,
    max_price numeric,
    sum_pieces bigint,
    count_pieces bigint,
    PRIMARY KEY (interval_start, city, product)
);
CREATE TABLE sales.by_day (LIKE sales.by_hour INCLUDING ALL);
CREATE TABLE sales.by_week (LIKE sales.by_hour INCLUDING ALL);
CREATE TABLE sales.by_month (LIKE sales.by_hour INCLUDING ALL);
CREATE TABLE sales.unusual (day date, city text, price numeric, usual numeric);
