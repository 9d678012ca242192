-- What the manager's day shows: sales at check close, money by tender, each on its own business date (DOM-17).
create table sales_days (
  merchant_id text not null,
  business_date date not null,
  currency text not null,
  checks integer not null default 0,
  net numeric(20, 0) not null default 0,
  service_charge numeric(20, 0) not null default 0,
  tax numeric(20, 0) not null default 0,
  total numeric(20, 0) not null default 0,
  primary key (merchant_id, business_date, currency)
);

create table sales_tenders (
  merchant_id text not null,
  business_date date not null,
  currency text not null,
  method text not null,
  payments integer not null default 0,
  amount numeric(20, 0) not null default 0,
  tips numeric(20, 0) not null default 0,
  primary key (merchant_id, business_date, currency, method)
);

do $$
declare
  t text;
begin
  foreach t in array array['sales_days', 'sales_tenders'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert, update, delete on %I to comanda_consumer', t);
  end loop;
end $$;
