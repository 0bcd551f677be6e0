-- The warehouse: what the pipeline needs to be there. It is SQL of Redshift, which PostgreSQL takes.
CREATE SCHEMA staging;

CREATE TABLE staging.visits (ip bigint, user_id varchar(20), section varchar(50), at timestamp);
CREATE TABLE staging.users (as_of timestamp, user_id varchar(20), signed_up timestamp);
CREATE TABLE staging.purchases (
  hour timestamp, user_id varchar(20), cents bigint, bought_at timestamp
);
CREATE TABLE staging.kinds_of_user (hour timestamp, user_id varchar(20), kind varchar(20));
CREATE TABLE staging.ranges (first_ip bigint, last_ip bigint, region varchar(50));

CREATE TABLE public.targeting_by_hour (
  hour timestamp, region varchar(50), kind varchar(20), section varchar(50), views bigint,
  PRIMARY KEY (hour, region, kind, section)
);
CREATE TABLE public.targeting_by_day (
  day timestamp, region varchar(50), kind varchar(20), section varchar(50), views bigint,
  PRIMARY KEY (day, region, kind, section)
);
CREATE TABLE public.targeting_choices (
  day timestamp, region varchar(50), kind varchar(20), section varchar(50), share decimal(6, 3),
  PRIMARY KEY (day, region, kind)
);
