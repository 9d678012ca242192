-- What refunds gave back, by the figures of their own documents, as the books have it: net with the service charge, tax, and gift cards that were sold (CSH-12).
alter table sales_days
  add column returned_net numeric(20, 0) not null default 0,
  add column returned_tax numeric(20, 0) not null default 0,
  add column returned_value numeric(20, 0) not null default 0;
-- Of earlier days only the rates are here: they say what their papers said, until the figures are built anew (RUN-5). Rows of all places are the owner's for this.
alter table sales_days no force row level security;
alter table sales_taxes no force row level security;
insert into sales_days (merchant_id, business_date, currency, returned_net, returned_tax)
select merchant_id, business_date, currency, sum(base), sum(tax) from sales_taxes where returned group by merchant_id, business_date, currency
on conflict (merchant_id, business_date, currency) do update set returned_net = excluded.returned_net, returned_tax = excluded.returned_tax;
alter table sales_days force row level security;
alter table sales_taxes force row level security;
