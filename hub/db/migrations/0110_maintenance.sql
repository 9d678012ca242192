-- RUN-5: what operators ask of consumers, and how far it is. The request itself is an event of the log.
create table maintenance_runs (
  id text primary key,
  consumer_group text not null,
  kind text not null check (kind in ('rebuild', 'replay')),
  organizer_id text not null,
  merchant_id text,
  requested_by text not null,
  reason text not null,
  requested_at timestamptz not null,
  cause text not null,
  from_time timestamptz,
  from_shard smallint,
  from_position bigint,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'completed', 'failed')),
  failure text,
  -- Events behind it and events in all, for people.
  done bigint not null default 0,
  total bigint not null default 0,
  started_at timestamptz,
  ended_at timestamptz,
  claimed_by text,
  lease_until timestamptz
);
-- One at a time for each consumer.
create unique index maintenance_runs_running on maintenance_runs (consumer_group) where state = 'running';
create index maintenance_runs_waiting on maintenance_runs (requested_at) where state in ('waiting', 'running');
create index maintenance_runs_by_tenant on maintenance_runs (organizer_id, requested_at desc);

create table maintenance_shards (
  run_id text not null references maintenance_runs (id) on delete cascade,
  shard smallint not null,
  from_position bigint not null,
  position bigint not null,
  target bigint not null,
  -- Passed over because they are parked or dead in the projection that is in use.
  skipped bigint[] not null default '{}',
  primary key (run_id, shard)
);

-- The tables of each projection: only these are ever exchanged. A new projection adds its own.
create table projection_tables (
  consumer_group text not null,
  table_name text not null unique,
  primary key (consumer_group, table_name)
);
insert into projection_tables values ('stock', 'stock_levels'), ('stock', 'stock_movements');

do $$
declare
  t text;
begin
  foreach t in array array['maintenance_runs', 'maintenance_shards', 'projection_tables'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy consumers_all on %I to comanda_consumer using (true) with check (true)', t);
    execute format('create policy door on %I to comanda_owner using (true) with check (true)', t);
  end loop;
end $$;
create policy tenant_reads on maintenance_runs for select to comanda_hub using (
  organizer_id = nullif(current_setting('app.organizer_id', true), ''));
grant select, insert, update on maintenance_runs to comanda_consumer;
grant select, insert, update on maintenance_shards to comanda_consumer;
grant select on projection_tables to comanda_consumer;
grant select on maintenance_runs to comanda_hub;

-- The log's last position before an instant: positions are gapless and times never go back (LOG-1), so a search by halves finds it.
create function log_position_before(p_shard integer, p_at timestamptz) returns bigint
language plpgsql stable set search_path = public, pg_temp
as $$
declare
  low bigint := 0;
  high bigint := coalesce((select max(position) from events where shard = p_shard), 0);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select recorded_at from events where shard = p_shard and position = middle) < p_at then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end $$;

-- Empty twins of a projection's tables, with their indexes, rights and policies. A handler whose search_path begins with `rebuild` writes there.
create function projection_open_shadow(p_group text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text;
  r record;
begin
  for t in select table_name from projection_tables where consumer_group = p_group loop
    execute format('drop table if exists rebuild.%I', t);
    execute format('create table rebuild.%I (like public.%I including all)', t, t);
    for r in select array_to_string(reloptions, ', ') as options from pg_class where oid = format('public.%I', t)::regclass and reloptions is not null loop
      execute format('alter table rebuild.%I set (%s)', t, r.options);
    end loop;
    execute format('alter table rebuild.%I enable row level security, force row level security', t);
    for r in select * from pg_policies where schemaname = 'public' and tablename = t loop
      execute format('create policy %I on rebuild.%I as %s for %s to %s %s %s', r.policyname, t, r.permissive, r.cmd, array_to_string(r.roles, ', '),
        coalesce('using (' || r.qual || ')', ''), coalesce('with check (' || r.with_check || ')', ''));
    end loop;
    for r in select grantee::regrole as grantee, privilege_type from pg_class, aclexplode(relacl) where oid = format('public.%I', t)::regclass and grantee <> relowner loop
      execute format('grant %s on rebuild.%I to %s', r.privilege_type, t, r.grantee);
    end loop;
  end loop;
end $$;

create function projection_drop_shadow(p_group text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text;
begin
  for t in select table_name from projection_tables where consumer_group = p_group loop
    execute format('drop table if exists rebuild.%I', t);
  end loop;
end $$;

-- Before the checkpoints' locks: a consumer's transaction takes them in this order, too.
create function projection_lock(p_group text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text;
begin
  for t in select table_name from projection_tables where consumer_group = p_group order by table_name loop
    execute format('lock table public.%I in access exclusive mode', t);
  end loop;
end $$;

-- The twins take the tables' place, under the tables' own names of indexes, which later migrations may name.
create function projection_switch(p_group text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text;
  r record;
begin
  for t in select table_name from projection_tables where consumer_group = p_group order by table_name loop
    for r in
      with named as (
        select n.nspname, i.relname, regexp_replace(pg_get_indexdef(i.oid), 'INDEX \S+ ON \S+ ', '') as definition
        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid join pg_namespace n on n.oid = c.relnamespace
        where c.relname = t and n.nspname in ('public', 'rebuild')
      )
      select old.relname as wanted, new.relname as made from named old join named new using (definition)
      where old.nspname = 'public' and new.nspname = 'rebuild' and old.relname <> new.relname
    loop
      execute format('alter index rebuild.%I rename to %I', r.made, r.wanted);
    end loop;
    execute format('drop table public.%I', t);
    execute format('alter table rebuild.%I set schema public', t);
  end loop;
end $$;

do $$
declare
  f regprocedure;
begin
  for f in select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and (proname like 'projection\_%' or proname = 'log_position_before') loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to comanda_consumer', f);
  end loop;
end $$;
