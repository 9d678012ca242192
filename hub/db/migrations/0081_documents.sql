-- Files that a job makes: the books, reports and receipts as PDF and XLSX.
create table document_jobs (
  merchant_id text not null,
  document_id text not null,
  organizer_id text not null,
  content jsonb not null,
  format text not null check (format in ('pdf', 'xlsx')),
  place jsonb not null,
  asked_by text not null,
  asked_at timestamptz not null,
  business_date date not null,
  -- The event that asked.
  cause text not null,
  state text not null default 'queued' check (state in ('queued', 'making', 'ready', 'failed')),
  percent smallint not null default 0,
  attempts smallint not null default 0,
  -- While it is being made: by whom, and until when nobody else may.
  owner text,
  lease_until timestamptz,
  -- Not before: a failed try is made again later.
  due_at timestamptz not null default now(),
  name text,
  media_type text,
  bytes integer,
  primary key (merchant_id, document_id)
);
create index document_jobs_waiting on document_jobs (due_at) where state in ('queued', 'making');

create table document_chunks (
  merchant_id text not null,
  document_id text not null,
  chunk integer not null,
  bytes bytea not null,
  primary key (merchant_id, document_id, chunk)
);

do $$
declare
  t text;
begin
  foreach t in array array['document_jobs', 'document_chunks'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert, update, delete on %I to comanda_consumer', t);
  end loop;
end $$;
