-- Balances as of a time of posting: what was posted before it. Times of posting only grow, so the answer for a time that the books have passed never changes.
create index ledger_entries_by_posting on ledger_entries using brin (posted_at) with (pages_per_range = 32);

create function ledger_balances_at(of_merchant text, before timestamptz)
returns table (account text, currency text, debit numeric, credit numeric)
language sql stable set search_path = public, pg_temp as $$
  select account, currency, sum(debit), sum(credit) from (
    select account, currency, debit, credit from ledger_day_balances
     where merchant_id = of_merchant and posted_on < (before at time zone 'UTC')::date
    union all
    select account, currency, greatest(amount, 0), greatest(-amount, 0) from ledger_entries
     where merchant_id = of_merchant and posted_at < before
       and posted_at >= date_trunc('day', before at time zone 'UTC') at time zone 'UTC'
  ) parts
  group by account, currency order by account, currency
$$;
revoke all on function ledger_balances_at(text, timestamptz) from public;
grant execute on function ledger_balances_at(text, timestamptz) to comanda_hub, comanda_consumer;

-- Up to which day each place was closed, as the ledger has seen it: entries join the open day as the day's papers do (DOM-17).
create table ledger_places (
  merchant_id text primary key,
  closed_through date not null
);
alter table ledger_places enable row level security, force row level security;
create policy tenant on ledger_places for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on ledger_places to comanda_consumer using (true) with check (true);
grant select on ledger_places to comanda_hub;
grant select, insert, update on ledger_places to comanda_consumer;
