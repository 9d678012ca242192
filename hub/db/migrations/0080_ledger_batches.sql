-- The books at the pace of one hot place: every guard looks at a whole statement at once, none at a row.

-- Entries carry what a statement of account is read by, so that no journal has to be looked up for it.
alter table ledger_entries add column currency text, add column posted_at timestamptz, add column business_date date;
alter table ledger_entries disable trigger ledger_entries_fixed;
update ledger_entries e set currency = j.currency, posted_at = j.posted_at, business_date = j.business_date
  from ledger_journals j where j.merchant_id = e.merchant_id and j.journal_id = e.journal_id;
alter table ledger_entries enable trigger ledger_entries_fixed;
alter table ledger_entries alter column currency set not null, alter column posted_at set not null, alter column business_date set not null;
create index ledger_entries_by_account on ledger_entries (merchant_id, account, business_date, posted_at);
create index ledger_journals_by_date on ledger_journals (merchant_id, business_date, posted_at);

alter table ledger_entries drop constraint ledger_entries_merchant_id_journal_id_fkey, drop constraint ledger_entries_merchant_id_account_fkey;
drop trigger ledger_entries_balance on ledger_entries;
drop function ledger_check_entries();
drop trigger ledger_journals_have_legs on ledger_journals;
drop function ledger_check_journal();

-- What was posted on a day (UTC) of posting: an as-of balance is the days before and the rest of one day.
create table ledger_day_balances (
  merchant_id text not null,
  account text not null,
  currency text not null,
  posted_on date not null,
  debit numeric(24, 0) not null default 0,
  credit numeric(24, 0) not null default 0,
  primary key (merchant_id, account, currency, posted_on)
);
insert into ledger_day_balances
  select merchant_id, account, currency, (posted_at at time zone 'UTC')::date, sum(greatest(amount, 0)), sum(greatest(-amount, 0))
    from ledger_entries group by 1, 2, 3, 4;

-- A journal comes with all its legs in one statement: lines count from 0 without a gap, so a leg that comes later
-- meets line 0 of those that are there, or leaves a hole.
create function ledger_check_entries() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  broken text;
begin
  select journal_id into broken from written
   group by merchant_id, journal_id
  having sum(amount) <> 0 or count(*) < 2 or min(line) <> 0 or max(line) <> count(*) - 1
      or min(currency) <> max(currency) or min(posted_at) <> max(posted_at) or min(business_date) <> max(business_date)
   limit 1;
  if broken is not null then
    raise exception 'journal % does not sum to zero over at least two legs', broken using errcode = 'check_violation';
  end if;
  select w.journal_id into broken from written w
   where w.line = 0 and not exists (
     select from ledger_journals j where j.merchant_id = w.merchant_id and j.journal_id = w.journal_id
        and j.currency = w.currency and j.posted_at = w.posted_at and j.business_date = w.business_date)
   limit 1;
  if broken is not null then
    raise exception 'legs of journal %, which is not there', broken using errcode = 'foreign_key_violation';
  end if;
  select w.account into broken from (select distinct merchant_id, account from written) w
   where not exists (select from ledger_accounts a where a.merchant_id = w.merchant_id and a.account = w.account)
   limit 1;
  if broken is not null then
    raise exception 'account % has not been made', broken using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create trigger ledger_entries_balance after insert on ledger_entries
  referencing new table as written for each statement execute function ledger_check_entries();

create function ledger_check_journals() returns trigger language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
declare
  broken text;
begin
  select w.journal_id into broken from written w
   where not exists (select from ledger_entries e where e.merchant_id = w.merchant_id and e.journal_id = w.journal_id and e.line = 0)
   limit 1;
  if broken is not null then
    raise exception 'journal % has no legs', broken using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger ledger_journals_have_legs after insert on ledger_journals
  referencing new table as written for each statement execute function ledger_check_journals();

-- Accounts are made once per place; nobody takes one away that has entries.
create trigger ledger_accounts_fixed before update or delete or truncate on ledger_accounts
  for each statement execute function ledger_refuse_change();

-- One round trip a batch. `batch`: {"journals": [...], "entries": [...]}, legs in order of their lines.
-- A journal that is there already brings neither legs nor balances; one that came from another event is refused.
create function ledger_post(batch jsonb) returns integer language plpgsql set search_path = public, pg_temp set enable_seqscan = off as $$
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
    returning merchant_id, journal_id, currency, business_date, posted_at
  ), legs as (
    insert into ledger_entries (merchant_id, journal_id, line, account, subject, amount, currency, posted_at, business_date)
    select e.merchant_id, e.journal_id, e.line, e.account, e.subject, e.amount, f.currency, f.posted_at, f.business_date
      from jsonb_to_recordset(batch -> 'entries') as e (merchant_id text, journal_id text, line smallint, account text, subject text, amount numeric)
      join fresh f on f.merchant_id = e.merchant_id and f.journal_id = e.journal_id
    returning merchant_id, account, currency, posted_at, amount
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
revoke all on function ledger_post(jsonb) from public;
grant execute on function ledger_post(jsonb) to comanda_consumer;

alter table ledger_day_balances enable row level security, force row level security;
create policy tenant on ledger_day_balances for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on ledger_day_balances to comanda_consumer using (true) with check (true);
grant select on ledger_day_balances to comanda_hub;
grant select, insert, update on ledger_day_balances to comanda_consumer;
