-- RUN-4: handlers that did not give the thread back, as the watchdog of their process saw them.
create table blocked_threads (
  id bigint generated always as identity primary key,
  process text not null,
  since timestamptz not null default clock_timestamp(),
  -- The handlers under way: group, shard, and from which position to which.
  running jsonb not null,
  events text[] not null,
  stack text[] not null,
  outcome text check (outcome in ('went-on', 'ended')),
  ended_at timestamptz
);
create index blocked_threads_since on blocked_threads (since);

alter table blocked_threads enable row level security, force row level security;
create policy consumers_all on blocked_threads to comanda_consumer using (true) with check (true);
grant select, insert, update, delete on blocked_threads to comanda_consumer;
