-- What makes a day's paper add up, by tender and by what it is made of, and be what the books have (CSH-12). Earlier days have nothing here until the figures are built anew (RUN-5).
alter table sales_days
  add column rounding numeric(20, 0) not null default 0,
  add column lost numeric(20, 0) not null default 0,
  add column returned_tips numeric(20, 0) not null default 0,
  add column returned_rounding numeric(20, 0) not null default 0,
  add column returned_overpaid numeric(20, 0) not null default 0,
  add column returned_prepaid numeric(20, 0) not null default 0,
  add column given_up numeric(20, 0) not null default 0;
alter table sales_tenders
  add column overpaid numeric(20, 0) not null default 0,
  add column forfeited numeric(20, 0) not null default 0;
alter table sales_refunds add column rounding numeric(20, 0) not null default 0;
alter table sales_accounts add column rounding numeric(20, 0) not null default 0;

-- The rest of a voucher that is in use: its release names the payment alone.
create table sales_forfeits (
  merchant_id text not null,
  payment_id text not null,
  currency text not null,
  amount numeric(20, 0) not null,
  primary key (merchant_id, payment_id)
);
alter table sales_forfeits enable row level security, force row level security;
create policy tenant on sales_forfeits for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on sales_forfeits to comanda_consumer using (true) with check (true);
grant select on sales_forfeits to comanda_hub;
grant select, insert, update, delete on sales_forfeits to comanda_consumer;
insert into projection_tables values ('sales', 'sales_forfeits');
