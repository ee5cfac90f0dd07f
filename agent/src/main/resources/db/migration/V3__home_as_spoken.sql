-- Names of 64 code points may take twice as many characters.
alter table home_floor alter column name set data type varchar(160);
alter table home_area alter column name set data type varchar(160);

alter table home_area add column adjoining varchar(4000) default '[]' not null;

alter table home_entity add column name varchar(160);
alter table home_entity add column risk varchar(16);

-- Areas that were deleted, so that devices do not make them again.
create table home_ignored_area (
  id varchar(80) primary key
);

-- SHA-256 of the home file that was taken over last.
create table home_file (
  hash varchar(64) primary key
);

-- From now on locks, doors, gates and garage doors are hidden until an operator allows them. Those
-- that somebody has named or placed before were seen until now and stay so.
update home_entity set exposed = true
  where exposed is null and (id like 'lock.%' or id like 'cover.%');
