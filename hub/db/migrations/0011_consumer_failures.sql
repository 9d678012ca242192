-- RUN-4: what happens to an event that a consumer cannot apply.

-- Written before the handler runs, in a transaction of its own, so that an event which kills the process counts.
create table consumer_attempts (
  consumer_group text not null,
  shard smallint not null,
  position bigint not null,
  attempts integer not null check (attempts >= 1),
  started_at timestamptz not null,
  -- Null or before started_at: the attempt is under way, or its process died.
  failed_at timestamptz,
  first_failed_at timestamptz,
  reason text,
  primary key (consumer_group, shard, position)
);

create table parked_events (
  consumer_group text not null,
  shard smallint not null,
  position bigint not null,
  -- Later events that share one of these keys wait behind this one.
  keys text[] not null,
  organizer_id text not null,
  merchant_id text,
  -- Null: never tried, it only waits for an earlier event of its keys.
  due_at timestamptz,
  -- A dead letter that blocks its keys until a person decides.
  dead boolean not null default false,
  parked_at timestamptz not null,
  primary key (consumer_group, shard, position)
);

create table dead_letters (
  id text primary key,
  consumer_group text not null,
  shard smallint not null,
  position bigint not null,
  event_id text not null,
  event_type text not null,
  topic text not null,
  organizer_id text not null,
  merchant_id text,
  envelope text not null,
  keys text[] not null,
  reason text not null,
  attempts integer not null,
  first_failed_at timestamptz not null,
  last_failed_at timestamptz not null,
  recorded_at timestamptz not null,
  blocks_keys boolean not null,
  state text not null check (state in ('open', 'retrying', 'resolved', 'discarded')),
  decided_by text,
  decided_at timestamptz,
  unique (consumer_group, shard, position),
  unique (id, organizer_id, merchant_id)
);
create index dead_letters_by_merchant on dead_letters (merchant_id, recorded_at desc);
create index dead_letters_by_age on dead_letters (recorded_at);

-- A person's decision is a row; the shard's owner carries it out under its fence, so that only one hand moves parked events.
create table dead_letter_decisions (
  id bigint generated always as identity primary key,
  dead_letter_id text not null,
  organizer_id text not null,
  merchant_id text,
  decision text not null check (decision in ('retry', 'discard')),
  decided_by text not null,
  note text,
  decided_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  -- A merchant can only decide on a dead letter of its own: the key check looks past row-level security.
  foreign key (dead_letter_id, organizer_id, merchant_id) references dead_letters (id, organizer_id, merchant_id) on delete cascade,
  foreign key (dead_letter_id) references dead_letters (id) on delete cascade
);
create index dead_letter_decisions_waiting on dead_letter_decisions (id) where done_at is null;
create index dead_letter_decisions_by_letter on dead_letter_decisions (dead_letter_id);

alter table consumer_attempts enable row level security, force row level security;
alter table parked_events enable row level security, force row level security;
alter table dead_letters enable row level security, force row level security;
alter table dead_letter_decisions enable row level security, force row level security;

create policy consumers_all on consumer_attempts to comanda_consumer using (true) with check (true);
create policy consumers_all on parked_events to comanda_consumer using (true) with check (true);
create policy consumers_all on dead_letters to comanda_consumer using (true) with check (true);
create policy consumers_all on dead_letter_decisions to comanda_consumer using (true) with check (true);

do $$
declare
  name text;
  own text := 'merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')
    or (merchant_id is null and organizer_id = nullif(current_setting(''app.organizer_id'', true), ''''))';
begin
  foreach name in array array['parked_events', 'dead_letters'] loop
    execute format('create policy tenant_reads on %I for select to comanda_hub using (%s)', name, own);
  end loop;
  execute format('create policy tenant_decides on dead_letter_decisions to comanda_hub using (%s) with check (%s)', own, own);
end $$;

grant select, insert, update, delete on consumer_attempts, parked_events, dead_letters, dead_letter_decisions to comanda_consumer;
grant select on parked_events, dead_letters to comanda_hub;
grant select, insert on dead_letter_decisions to comanda_hub;
