-- House accounts that were paid on a day, and what they had too much and was paid out: no sale, and in the drawers all the same (CSH-12).
create table sales_accounts (
  merchant_id text not null,
  business_date date not null,
  currency text not null,
  method text not null,
  paid_count integer not null default 0,
  paid numeric(20, 0) not null default 0,
  paid_out_count integer not null default 0,
  paid_out numeric(20, 0) not null default 0,
  primary key (merchant_id, business_date, currency, method)
);
alter table sales_accounts enable row level security, force row level security;
create policy tenant on sales_accounts for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on sales_accounts to comanda_consumer using (true) with check (true);
grant select on sales_accounts to comanda_hub;
grant select, insert, update, delete on sales_accounts to comanda_consumer;
insert into projection_tables values ('sales', 'sales_accounts');
