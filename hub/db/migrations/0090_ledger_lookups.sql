-- On tables that nobody has analyzed yet every index that begins with merchant_id looks as good as the primary key, and a guard
-- that takes another reads all of a merchant's entries per journal (464 journals/s). So only the primary keys begin with it here;
-- the account is in every question that the others answer.
drop index ledger_entries_by_subject, ledger_entries_by_account, ledger_journals_by_date;
create index ledger_entries_by_subject on ledger_entries (account, merchant_id, subject);
create index ledger_entries_by_account on ledger_entries (account, merchant_id, business_date, posted_at);

create or replace function ledger_check_entries() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
  select w.journal_id into broken
    from written w left join ledger_journals j on j.merchant_id = w.merchant_id and j.journal_id = w.journal_id
   where w.line = 0 and (j.currency, j.posted_at, j.business_date) is distinct from (w.currency, w.posted_at, w.business_date)
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

create or replace function ledger_check_journals() returns trigger language plpgsql set search_path = public, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  broken text;
begin
  select w.journal_id into broken
    from written w left join ledger_entries e on e.merchant_id = w.merchant_id and e.journal_id = w.journal_id and e.line = 0
   where e.account is null
   limit 1;
  if broken is not null then
    raise exception 'journal % has no legs', broken using errcode = 'check_violation';
  end if;
  return null;
end $$;
