-- What each process of consumers has done since it began: hubs tell it on /metrics and to operators. A row per process and group.
create table consumer_stats (
  owner text not null,
  consumer_group text not null,
  applied bigint not null,
  failed bigint not null,
  -- Of those that failed: the handler did not return in time.
  cut_off bigint not null,
  -- Events by their age when they were applied, one count for each step of AGE_STEPS_MS and one for what is older.
  ages bigint[] not null,
  at timestamptz not null default clock_timestamp(),
  primary key (owner, consumer_group)
) with (fillfactor = 30);

alter table consumer_stats enable row level security, force row level security;
create policy consumers_all on consumer_stats to comanda_consumer using (true) with check (true);
grant select, insert, update, delete on consumer_stats to comanda_consumer;
create index dead_letters_by_group on dead_letters (consumer_group, recorded_at) where state = 'open';
