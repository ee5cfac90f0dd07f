create table account_token (
  name varchar(64) primary key,
  hash varchar(64) not null,
  generated boolean not null,
  created timestamp with time zone not null
);
