-- Which tickets an order has, so that firing and voiding find them without reading history.
create table kitchen_tickets (
  merchant_id text collate "C" not null,
  order_id text collate "C" not null,
  ticket_id text collate "C" not null,
  primary key (merchant_id, order_id, ticket_id)
);

-- DOM-18: kitchen numbers are short and start again each business day; series is a station, or '' for the sends.
create table kitchen_numbers (
  merchant_id text collate "C" not null,
  business_date date not null,
  series text collate "C" not null,
  last integer not null,
  primary key (merchant_id, business_date, series)
);

do $$
declare
  t text;
begin
  foreach t in array array['kitchen_tickets', 'kitchen_numbers'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert, update on %I to comanda_consumer', t);
  end loop;
end $$;
