-- RUN-1, RUN-2: how far each consumer has applied each shard, and who may move it.
create table consumer_checkpoints (
  consumer_group text not null,
  shard smallint not null check (shard between 0 and 15),
  position bigint not null default 0 check (position >= 0),
  -- The log's epoch that the owner works in (LOG-7); another epoch fences the owner out.
  log_epoch text,
  -- Null after an orderly release: whoever takes over an owned row takes over from a process that died or hangs.
  owner text,
  fence bigint not null default 0,
  lease_until timestamptz,
  moved_at timestamptz not null default clock_timestamp(),
  primary key (consumer_group, shard)
) with (fillfactor = 20, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

-- Who is alive, so that processes share the shards out among themselves.
create table consumer_processes (
  owner text primary key,
  name text not null,
  groups text[] not null,
  beat_at timestamptz not null default clock_timestamp()
);

alter table consumer_checkpoints enable row level security, force row level security;
alter table consumer_processes enable row level security, force row level security;
create policy consumers_all on consumer_checkpoints to comanda_consumer using (true) with check (true);
create policy consumers_all on consumer_processes to comanda_consumer using (true) with check (true);
-- Snapshots are taken with the checkpoints of the projections they read (RT-2); a position names no tenant.
create policy hub_reads on consumer_checkpoints for select to comanda_hub using (true);

grant select, insert, update on consumer_checkpoints to comanda_consumer;
grant select, insert, update, delete on consumer_processes to comanda_consumer;
grant select on consumer_checkpoints to comanda_hub;
