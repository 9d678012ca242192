-- What waits in each process of consumers, with its bound: hubs tell it on /metrics and to operators. A row per process and queue.
create table consumer_queues (
  owner text not null,
  queue text not null,
  length integer not null,
  bound integer not null,
  -- Since the process began: how often there was no room.
  full_count bigint not null,
  at timestamptz not null default clock_timestamp(),
  primary key (owner, queue)
) with (fillfactor = 30);

alter table consumer_queues enable row level security, force row level security;
create policy consumers_all on consumer_queues to comanda_consumer using (true) with check (true);
grant select, insert, update, delete on consumer_queues to comanda_consumer;
