-- The books at the pace of one hot place, again: a batch comes as columns, what an event says once, so that nothing of it is parsed
-- or written more often than it has to be.

-- Nearly every journal takes nothing back: those need no place in the index that says that one is taken back once.
alter table ledger_journals drop constraint ledger_journals_merchant_id_reverses_key;
create unique index ledger_journals_merchant_id_reverses_key on ledger_journals (merchant_id, reverses) where reverses is not null;

-- One round trip a batch. (The function that takes a batch as JSON stays for processes of the last release, which run beside this one in an upgrade.)
--   e_*  the events that post something
--   j_*  their journals: j_event says of which event, counted from 1
--   l_*  the journals' legs in order of their lines: l_journal says of which journal, counted from 1
-- A journal that is there already brings neither legs nor balances; one that came from another event is refused.
-- Runs with its caller's rights, and where its caller's tables are: the books', or their twins.
create function ledger_post(
  e_merchant text[], e_id text[], e_type text[], e_date date[], e_occurred timestamptz[], e_posted timestamptz[],
  j_event integer[], j_id text[], j_currency text[], j_memo text[], j_reverses text[],
  l_journal integer[], l_line smallint[], l_account text[], l_subject text[], l_amount numeric[]
) returns integer language plpgsql
set enable_seqscan = off
set jit = off
as $$
declare
  clash text;
  written integer;
begin
  with given as materialized (
    select j.nr, e.merchant, j.id, e.id as event, e.type, j.currency, e.date, e.occurred, e.posted, j.memo, j.reverses
      from unnest(j_event, j_id, j_currency, j_memo, j_reverses) with ordinality as j (event, id, currency, memo, reverses, nr)
      join unnest(e_merchant, e_id, e_type, e_date, e_occurred, e_posted) with ordinality as e (merchant, id, type, date, occurred, posted, nr) on e.nr = j.event
  ), fresh as (
    insert into ledger_journals (merchant_id, journal_id, event_id, event_type, currency, business_date, occurred_at, posted_at, memo, reverses)
    select merchant, id, event, type, currency, date, occurred, posted, memo, reverses from given order by merchant, id
    on conflict (merchant_id, journal_id) do nothing
    returning merchant_id, journal_id
  ), legs as (
    insert into ledger_entries (merchant_id, journal_id, line, account, subject, amount, currency, posted_at, business_date)
    select g.merchant, g.id, l.line, l.account, l.subject, l.amount, g.currency, g.posted, g.date
      from unnest(l_journal, l_line, l_account, l_subject, l_amount) as l (journal, line, account, subject, amount)
      join given g on g.nr = l.journal
      join fresh f on f.merchant_id = g.merchant and f.journal_id = g.id
    returning merchant_id, journal_id, account, subject, currency, posted_at, amount
  ), turned as materialized (
    select merchant_id, account, currency, (posted_at at time zone 'UTC')::date as posted_on,
      coalesce(sum(amount) filter (where amount > 0), 0) as debit, coalesce(-sum(amount) filter (where amount < 0), 0) as credit
      from legs group by 1, 2, 3, 4
  ), days as (
    insert into ledger_day_balances as d (merchant_id, account, currency, posted_on, debit, credit)
    select merchant_id, account, currency, posted_on, debit, credit from turned order by 1, 2, 3, 4
    on conflict (merchant_id, account, currency, posted_on) do update set debit = d.debit + excluded.debit, credit = d.credit + excluded.credit
  ), sums as (
    insert into ledger_balances as b (merchant_id, account, currency, debit, credit)
    select merchant_id, account, currency, sum(debit), sum(credit) from turned group by 1, 2, 3 order by 1, 2, 3
    on conflict (merchant_id, account, currency) do update set debit = b.debit + excluded.debit, credit = b.credit + excluded.credit
  ), stock as (
    insert into ledger_ingredient_values as v (merchant_id, ingredient_id, value, opened)
    select l.merchant_id, l.subject, sum(l.amount), bool_or(g.type in ('stock.ingredient.counted', 'stock.ingredient.received'))
      from legs l join given g on g.merchant = l.merchant_id and g.id = l.journal_id
     where l.account = '1300' group by 1, 2 order by 1, 2
    on conflict (merchant_id, ingredient_id) do update set value = v.value + excluded.value, opened = v.opened or excluded.opened
  )
  select count(*) into written from fresh;
  if written < cardinality(j_id) then
    select j.journal_id into clash
      from unnest(j_event, j_id) as g (event, id)
      join ledger_journals j on j.merchant_id = e_merchant[g.event] and j.journal_id = g.id
     where j.event_id <> e_id[g.event] limit 1;
    if clash is not null then
      raise exception 'journal % was posted for another event', clash using errcode = 'unique_violation';
    end if;
  end if;
  return written;
end $$;
revoke all on function ledger_post(text[], text[], text[], date[], timestamptz[], timestamptz[], integer[], text[], text[], text[], text[], integer[], smallint[], text[], text[], numeric[]) from public;
grant execute on function ledger_post(text[], text[], text[], date[], timestamptz[], timestamptz[], integer[], text[], text[], text[], text[], integer[], smallint[], text[], text[], numeric[]) to comanda_consumer;
