-- What the books say of each ingredient, beside the entries that it is the sum of: a count asks for one row, however long the place has been counting.
create table ledger_ingredient_values (
  merchant_id text not null,
  ingredient_id text not null,
  value numeric(24, 0) not null,
  -- There was stock of it to begin with: a count or a delivery was posted.
  opened boolean not null,
  primary key (merchant_id, ingredient_id)
);
alter table ledger_ingredient_values enable row level security, force row level security;
create policy tenant on ledger_ingredient_values for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on ledger_ingredient_values to comanda_consumer using (true) with check (true);
grant select on ledger_ingredient_values to comanda_hub;
grant select, insert, update on ledger_ingredient_values to comanda_consumer;

insert into ledger_ingredient_values
select e.merchant_id, e.subject, sum(e.amount), bool_or(j.event_type in ('stock.ingredient.counted', 'stock.ingredient.received'))
  from ledger_entries e join ledger_journals j using (merchant_id, journal_id) where e.account = '1300' group by 1, 2;
insert into projection_tables values ('ledger', 'ledger_ingredient_values');

-- As before, and it keeps them.
create or replace function ledger_post(batch jsonb) returns integer language plpgsql set enable_seqscan = off as $$
declare
  clash text;
  posted integer;
begin
  with given as (
    select * from jsonb_to_recordset(batch -> 'journals') as j (
      merchant_id text, journal_id text, event_id text, event_type text, currency text, business_date date,
      occurred_at timestamptz, posted_at timestamptz, memo text, reverses text)
  ), fresh as (
    insert into ledger_journals (merchant_id, journal_id, event_id, event_type, currency, business_date, occurred_at, posted_at, memo, reverses)
    select * from given order by merchant_id, journal_id
    on conflict (merchant_id, journal_id) do nothing
    returning merchant_id, journal_id, event_type, currency, business_date, posted_at
  ), legs as (
    insert into ledger_entries (merchant_id, journal_id, line, account, subject, amount, currency, posted_at, business_date)
    select e.merchant_id, e.journal_id, e.line, e.account, e.subject, e.amount, f.currency, f.posted_at, f.business_date
      from jsonb_to_recordset(batch -> 'entries') as e (merchant_id text, journal_id text, line smallint, account text, subject text, amount numeric)
      join fresh f on f.merchant_id = e.merchant_id and f.journal_id = e.journal_id
    returning merchant_id, journal_id, account, subject, currency, posted_at, amount
  ), days as (
    insert into ledger_day_balances as d (merchant_id, account, currency, posted_on, debit, credit)
    select merchant_id, account, currency, (posted_at at time zone 'UTC')::date, sum(greatest(amount, 0)), sum(greatest(-amount, 0))
      from legs group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (merchant_id, account, currency, posted_on) do update set debit = d.debit + excluded.debit, credit = d.credit + excluded.credit
  ), sums as (
    insert into ledger_balances as b (merchant_id, account, currency, debit, credit)
    select merchant_id, account, currency, sum(greatest(amount, 0)), sum(greatest(-amount, 0))
      from legs group by 1, 2, 3 order by 1, 2, 3
    on conflict (merchant_id, account, currency) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit
  ), stock as (
    insert into ledger_ingredient_values as v (merchant_id, ingredient_id, value, opened)
    select l.merchant_id, l.subject, sum(l.amount), bool_or(f.event_type in ('stock.ingredient.counted', 'stock.ingredient.received'))
      from legs l join fresh f on f.merchant_id = l.merchant_id and f.journal_id = l.journal_id
     where l.account = '1300' group by 1, 2 order by 1, 2
    on conflict (merchant_id, ingredient_id) do update set value = v.value + excluded.value, opened = v.opened or excluded.opened
  )
  select count(*) into posted from fresh;
  if posted < jsonb_array_length(batch -> 'journals') then
    select j.journal_id into clash
      from jsonb_to_recordset(batch -> 'journals') as g (merchant_id text, journal_id text, event_id text)
      join ledger_journals j on j.merchant_id = g.merchant_id and j.journal_id = g.journal_id
     where j.event_id <> g.event_id limit 1;
    if clash is not null then
      raise exception 'journal % was posted for another event', clash using errcode = 'unique_violation';
    end if;
  end if;
  return posted;
end $$;
