-- Where and how a merchant's slips are printed: projections of settings.
create table print_places (
  merchant_id text primary key,
  organizer_id text not null,
  zone text not null,
  locale text not null,
  -- A kitchen slip that is older is not printed any more.
  kitchen_expiry interval not null default '15 minutes'
);

create table print_printers (
  merchant_id text not null,
  printer_id text not null,
  organizer_id text not null,
  name text not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  profile text not null,
  stations text[] not null,
  receipts boolean not null,
  added_at timestamptz not null,
  -- What people are told.
  online boolean not null default true,
  cause text,
  since timestamptz not null default now(),
  -- The worker that holds the printer's one connection.
  lease_owner text,
  lease_until timestamptz,
  primary key (merchant_id, printer_id)
);

-- Counts a printer's slips of a business day, so that cooks see a gap.
create table print_numbers (
  merchant_id text not null,
  printer_id text not null,
  business_date date not null,
  last integer not null,
  primary key (merchant_id, printer_id, business_date)
);

create table print_jobs (
  id text primary key check (id ~ '^prt_[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
  seq bigint generated always as identity,
  merchant_id text not null,
  organizer_id text not null,
  printer_id text not null,
  station_id text,
  kind text not null check (kind in ('ticket', 'void', 'receipt', 'bill', 'drawer')),
  -- The ticket or check that it shows.
  about text not null,
  order_id text,
  items text[] not null default '{}',
  number integer not null,
  business_date date not null,
  slip jsonb not null,
  source_event text not null,
  reprint_of text references print_jobs (id),
  state text not null default 'queued' check (state in ('queued', 'sending', 'printed', 'sent', 'unknown', 'failed', 'expired')),
  cause text,
  attempts integer not null default 0,
  bytes_sent integer not null default 0,
  claimed_by text,
  -- Counts the claims: what an earlier claim learns too late changes nothing.
  claim bigint not null default 0,
  lease_until timestamptz,
  next_try_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  printed_at timestamptz,
  foreign key (merchant_id, printer_id) references print_printers (merchant_id, printer_id),
  -- One event makes one slip on one printer, however often it is delivered.
  unique (source_event, printer_id)
);
create index print_jobs_waiting on print_jobs (merchant_id, printer_id, seq) where state = 'queued';
create index print_jobs_sending on print_jobs (lease_until) where state = 'sending';
create index print_jobs_about on print_jobs (merchant_id, about);
create index print_jobs_unknown on print_jobs (merchant_id, printer_id) where state = 'unknown';

-- What the log is to be told: written with the change that it tells of, removed with the append.
create table print_reports (
  seq bigint generated always as identity primary key,
  merchant_id text not null,
  organizer_id text not null,
  command_id text not null,
  subject text not null,
  kind text not null check (kind in ('print-job', 'printer')),
  type text not null,
  data jsonb not null,
  occurred_at timestamptz not null default clock_timestamp(),
  business_date date,
  causation_id text
);
create index print_reports_by_merchant on print_reports (merchant_id, seq);

do $$
declare
  t text;
begin
  foreach t in array array['print_places', 'print_printers', 'print_numbers', 'print_jobs', 'print_reports'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert, update, delete on %I to comanda_consumer', t);
  end loop;
end $$;
