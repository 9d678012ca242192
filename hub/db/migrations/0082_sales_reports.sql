-- Everything that a day's paper says, added up as it happens. business_date is the day that was open when the event was applied:
-- what comes after a day's Z counts on the next one, so a Z never changes (DOM-16, DOM-17).
alter table sales_days
  add column discounts numeric(20, 0) not null default 0,
  add column comps numeric(20, 0) not null default 0,
  add column stored_value numeric(20, 0) not null default 0,
  add column first_receipt text,
  add column last_receipt text,
  add column reversals integer not null default 0,
  add column reversed numeric(20, 0) not null default 0;

create table sales_places (
  merchant_id text primary key,
  closed_through date not null
);

-- `returned`: of refunds, at the rates of the sale.
create table sales_taxes (
  merchant_id text not null,
  business_date date not null,
  currency text not null,
  returned boolean not null,
  code text not null,
  rate text not null,
  inclusive boolean not null,
  name text not null,
  base numeric(20, 0) not null default 0,
  tax numeric(20, 0) not null default 0,
  primary key (merchant_id, business_date, currency, returned, code, rate, inclusive, name)
);

create table sales_refunds (
  merchant_id text not null,
  business_date date not null,
  currency text not null,
  method text not null,
  refunds integer not null default 0,
  amount numeric(20, 0) not null default 0,
  primary key (merchant_id, business_date, currency, method)
);

create table sales_drawers (
  merchant_id text not null,
  drawer_id text not null,
  name text not null,
  opened_on date not null,
  closed_on date,
  number integer,
  expected numeric(20, 0),
  counted numeric(20, 0),
  difference numeric(20, 0),
  primary key (merchant_id, drawer_id)
);
create index sales_drawers_by_day on sales_drawers (merchant_id, closed_on);

create table sales_open_checks (
  merchant_id text not null,
  check_id text not null,
  label text not null,
  opened_on date not null,
  primary key (merchant_id, check_id)
);

-- The stored papers, to be found again; the log has them whole.
create table cash_reports (
  merchant_id text not null,
  report_id text not null,
  scope text not null,
  kind text not null,
  number integer not null,
  business_date date not null,
  drawer_id text,
  made_at timestamptz not null,
  report jsonb not null,
  primary key (merchant_id, report_id),
  unique (merchant_id, scope, kind, number)
);
create index cash_reports_by_day on cash_reports (merchant_id, business_date, made_at);

do $$
declare
  t text;
begin
  foreach t in array array['sales_places', 'sales_taxes', 'sales_refunds', 'sales_drawers', 'sales_open_checks', 'cash_reports'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert, update, delete on %I to comanda_consumer', t);
  end loop;
end $$;
