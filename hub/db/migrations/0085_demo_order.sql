-- The start page lists the demo's places in the order in which they were set up.
alter table demo_pins add column since timestamptz not null default clock_timestamp();

create or replace function demo_tenants() returns table (organizer_id text, merchant_id text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select d.organizer_id, d.merchant_id from demo_pins d group by d.organizer_id, d.merchant_id order by min(d.since), d.merchant_id $$;
