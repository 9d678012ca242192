-- The event log (LOG-1 to LOG-9). Ids compare byte by byte: ULIDs sort by time that way, whatever the cluster's locale.

-- One row: the log's epoch (LOG-7). It is written at the first start and not here, so that a copied database starts its own.
create table log_meta (
  singleton boolean primary key default true check (singleton),
  epoch text collate "C" not null,
  since timestamptz not null default now(),
  reason text not null
);

create table events (
  shard smallint not null check (shard between 0 and 15),
  position bigint not null check (position > 0),
  id text collate "C" not null,
  organizer_id text collate "C" not null,
  merchant_id text collate "C",
  owner_id text collate "C" not null,
  stream text collate "C" not null,
  stream_version bigint not null check (stream_version > 0),
  type text collate "C" not null,
  command_id text collate "C" not null,
  recorded_at timestamptz not null,
  envelope text not null,
  primary key (shard, position),
  unique (stream, stream_version)
);
create index events_by_merchant on events (merchant_id, shard, position);

-- A command's id is a ULID, so a month of ids is a range of text and the key needs no date beside it (LOG-4).
create table commands (
  command_id text collate "C" primary key,
  hash text collate "C" not null,
  organizer_id text collate "C" not null,
  merchant_id text collate "C",
  owner_id text collate "C" not null,
  shard smallint not null,
  from_position bigint,
  to_position bigint,
  recorded_at timestamptz not null,
  answer text not null
) partition by range (command_id);

-- Room is left in the pages: a state is rewritten by every command on it, and no index holds what changes (HOT).
create table aggregates (
  stream text collate "C" primary key,
  kind text collate "C" not null,
  organizer_id text collate "C" not null,
  merchant_id text collate "C",
  owner_id text collate "C" not null,
  version bigint not null,
  evolve_version integer not null,
  active boolean not null,
  head json
) with (fillfactor = 60);
create index aggregates_active on aggregates (merchant_id, kind) where active;

create table aggregate_parts (
  stream text collate "C" not null,
  part text collate "C" not null,
  organizer_id text collate "C" not null,
  merchant_id text collate "C",
  doc json not null,
  primary key (stream, part)
) with (fillfactor = 80);

-- DOM-19. No row, or null: the product is not counted.
create table countdowns (
  product text collate "C" primary key,
  organizer_id text collate "C" not null,
  merchant_id text collate "C" not null,
  remaining numeric check (remaining >= 0)
) with (fillfactor = 60);
create index countdowns_by_merchant on countdowns (merchant_id);

-- LOG-8: requests read their own tenant, consumers read all, and only the append function's owner writes.
do $$
declare
  name text;
begin
  foreach name in array array['events', 'commands', 'aggregates', 'aggregate_parts', 'countdowns'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy tenant_reads on %I for select to comanda_hub using (
         merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')
         or (merchant_id is null and organizer_id = nullif(current_setting(''app.organizer_id'', true), '''')))', name);
    execute format('create policy consumers_read on %I for select to comanda_consumer using (true)', name);
    execute format('create policy log_writes on %I for all to comanda_log using (true) with check (true)', name);
    execute format('grant select on %I to comanda_hub, comanda_consumer', name);
  end loop;
end $$;
alter table log_meta enable row level security;
alter table log_meta force row level security;
create policy everyone_reads on log_meta for select to comanda_hub, comanda_consumer using (true);
create policy log_writes on log_meta for all to comanda_log using (true) with check (true);
grant select on log_meta to comanda_hub, comanda_consumer;

grant select, insert on events, commands to comanda_log;
grant select, insert, update on aggregates, countdowns, log_meta to comanda_log;
grant select, insert, update, delete on aggregate_parts to comanda_log;

-- The smallest ULID of an instant, without its random part.
create function ulid_floor(at timestamptz) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  ms bigint := floor(extract(epoch from at) * 1000);
  text_of text := '';
begin
  for i in 1..10 loop
    text_of := substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', (ms & 31)::int + 1, 1) || text_of;
    ms := ms >> 5;
  end loop;
  return text_of;
end $$;

-- Makes the months that ids may fall into (90 days back, two months ahead) and drops those past keeping (LOG-4).
-- Attaching does not wait for readers of the table as `create … partition of` would.
create function log_keep_partitions() returns void
language plpgsql security definer
set search_path = pg_catalog, public, pg_temp
set timezone = 'UTC'
as $$
declare
  month timestamptz := date_trunc('month', now() - interval '90 days');
  name text;
  old record;
begin
  perform pg_advisory_xact_lock(hashtext('log_keep_partitions'));
  while month <= now() + interval '2 months' loop
    name := 'commands_' || to_char(month, 'YYYY_MM');
    if to_regclass(format('public.%I', name)) is null then
      execute format('create table public.%I (like public.commands including all)', name);
      execute format('alter table public.%I enable row level security', name);
      execute format('alter table public.%I force row level security', name);
      execute format('alter table public.commands attach partition public.%I for values from (%L) to (%L)',
        name, ulid_floor(month), ulid_floor(month + interval '1 month'));
    end if;
    month := month + interval '1 month';
  end loop;

  for old in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'public.commands'::regclass
      and c.relname < 'commands_' || to_char(now() - interval '90 days', 'YYYY_MM')
  loop
    begin
      set local lock_timeout = '2s';
      execute format('drop table public.%I', old.relname);
    exception when lock_not_available then
      raise notice 'commands partition % is in use and is dropped another day', old.relname;
    end;
  end loop;
end $$;
revoke execute on function log_keep_partitions() from public;
grant execute on function log_keep_partitions() to comanda_hub, comanda_consumer;
