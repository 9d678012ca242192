-- What stands at the head of every slip, and with how many decimals its amounts are written: of each place as it is now, and from here on as its profile changes.
alter table print_places
  add column name text not null default '',
  add column address text[] not null default '{}',
  add column display_digits smallint not null default 2;
-- Rows of all places are the owner's for this.
alter table print_places no force row level security;
alter table aggregates no force row level security;
update print_places p set name = a.head->>'name', address = array(select json_array_elements_text(a.head->'address')), display_digits = (a.head->>'displayDigits')::smallint,
  zone = a.head->>'zone', locale = a.head->>'locale'
from aggregates a where a.stream = p.merchant_id and a.kind = 'merchant' and a.head->>'displayDigits' is not null;
alter table print_places force row level security;
alter table aggregates force row level security;
