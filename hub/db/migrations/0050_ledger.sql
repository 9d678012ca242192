-- Double entry, insert-only (facts: ledger). Amounts are signed minor units: debit positive, credit negative.
create table ledger_accounts (
  merchant_id text not null,
  account text not null,
  name text not null,
  kind text not null check (kind in ('asset', 'liability', 'income', 'expense')),
  primary key (merchant_id, account)
);

create table ledger_journals (
  merchant_id text not null,
  -- The event's id, and which of its journals: the key that makes posting idempotent for ever.
  journal_id text not null,
  event_id text not null,
  event_type text not null,
  currency text not null,
  business_date date not null,
  occurred_at timestamptz not null,
  -- The event's recorded time, so that an as-of balance never changes later (RUN-5).
  posted_at timestamptz not null,
  memo text not null,
  reverses text,
  primary key (merchant_id, journal_id),
  unique (merchant_id, reverses)
);

create table ledger_entries (
  merchant_id text not null,
  journal_id text not null,
  line smallint not null,
  account text not null,
  -- The check, drawer or payment that the entry is about: 1100 of a closed check is zero.
  subject text not null,
  amount numeric(20, 0) not null check (amount <> 0),
  primary key (merchant_id, journal_id, line),
  foreign key (merchant_id, journal_id) references ledger_journals,
  foreign key (merchant_id, account) references ledger_accounts
);
create index ledger_entries_by_subject on ledger_entries (merchant_id, account, subject);

create table ledger_balances (
  merchant_id text not null,
  account text not null,
  currency text not null,
  debit numeric(24, 0) not null default 0,
  credit numeric(24, 0) not null default 0,
  primary key (merchant_id, account, currency)
);

-- All legs of a journal come in one statement; a statement that leaves one unbalanced fails as a whole.
create function ledger_check_entries() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  broken text;
begin
  select e.journal_id into broken
    from ledger_entries e
    join (select distinct merchant_id, journal_id from written) w using (merchant_id, journal_id)
   group by e.merchant_id, e.journal_id
  having sum(e.amount) <> 0 or count(*) < 2
   limit 1;
  if broken is not null then
    raise exception 'journal % does not sum to zero over at least two legs', broken using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger ledger_entries_balance after insert on ledger_entries
  referencing new table as written for each statement execute function ledger_check_entries();

-- A journal without any leg is found at COMMIT.
create function ledger_check_journal() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select from ledger_entries where merchant_id = new.merchant_id and journal_id = new.journal_id) then
    raise exception 'journal % has no legs', new.journal_id using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger ledger_journals_have_legs after insert on ledger_journals
  deferrable initially deferred for each row execute function ledger_check_journal();

create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is insert-only: correct by a reversal' using errcode = 'restrict_violation';
end $$;
create trigger ledger_journals_fixed before update or delete or truncate on ledger_journals
  for each statement execute function ledger_refuse_change();
create trigger ledger_entries_fixed before update or delete or truncate on ledger_entries
  for each statement execute function ledger_refuse_change();

do $$
declare
  t text;
begin
  foreach t in array array['ledger_accounts', 'ledger_journals', 'ledger_entries', 'ledger_balances'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert on %I to comanda_consumer', t);
  end loop;
end $$;
grant update on ledger_balances to comanda_consumer;
