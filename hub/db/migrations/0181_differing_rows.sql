-- RUN-5: what a comparison found, the first rows of each place and table, so that people need no log of a process to see what is wrong.
create table maintenance_differences (
  run_id text not null references maintenance_runs (id) on delete cascade,
  -- Whose row it is; null: of no single place, so for operators who look themselves.
  merchant_id text,
  table_name text not null,
  number integer not null,
  key jsonb not null,
  -- What the log says, and what is in use; null: there is no such row on that side.
  expected jsonb,
  found jsonb,
  check (expected is not null or found is not null),
  primary key (run_id, table_name, number)
);
create index maintenance_differences_of on maintenance_differences (merchant_id, run_id);
alter table maintenance_differences enable row level security, force row level security;
create policy consumers_all on maintenance_differences to comanda_consumer using (true) with check (true);
create policy tenant_reads on maintenance_differences for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
grant select, insert, update, delete on maintenance_differences to comanda_consumer;
grant select on maintenance_differences to comanda_hub;
