create table home_floor (
  id varchar(80) primary key,
  name varchar(80) not null,
  level integer not null,
  aliases varchar(4000) not null
);

create table home_area (
  id varchar(80) primary key,
  name varchar(80) not null,
  floor varchar(80) references home_floor (id),
  aliases varchar(4000) not null
);

create table home_entity (
  id varchar(255) primary key,
  area varchar(80),
  aliases varchar(4000),
  exposed boolean
);
