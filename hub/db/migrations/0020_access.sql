-- Devices, people and their sessions. Secrets are kept as hashes; a table is read by its tenant, and by the functions
-- below, which answer for one secret at a time and run before a tenant is known.

create table device_credentials (
  device text collate "C" primary key,
  organizer_id text collate "C" not null,
  merchant_id text collate "C" not null,
  token_hash bytea not null unique,
  name text not null,
  kind text not null check (kind in ('pos', 'kds', 'manager')),
  station text collate "C",
  paired_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index device_credentials_by_merchant on device_credentials (merchant_id);

-- The device's id and the command's are fixed when the code is made, so that pairing can be tried again.
create table pairing_codes (
  code_hash bytea primary key,
  organizer_id text collate "C" not null,
  merchant_id text collate "C" not null,
  device text collate "C" not null,
  command_id text collate "C" not null,
  name text not null,
  kind text not null check (kind in ('pos', 'kds', 'manager')),
  station text collate "C",
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check (expires_at <= created_at + interval '10 minutes')
);
create index pairing_codes_by_merchant on pairing_codes (merchant_id);

create table staff_pins (
  staff text collate "C" primary key,
  organizer_id text collate "C" not null,
  pin_hash text not null,
  changed_at timestamptz not null default now()
);
create index staff_pins_by_organizer on staff_pins (organizer_id);

create table sessions (
  id text collate "C" primary key,
  organizer_id text collate "C" not null,
  merchant_id text collate "C" not null,
  device text collate "C" not null,
  staff text collate "C",
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text
);
create index sessions_by_merchant on sessions (merchant_id);
create index sessions_by_device on sessions (device) where ended_at is null;
create index sessions_by_staff on sessions (staff) where ended_at is null;
create index sessions_ended on sessions (ended_at) where ended_at is not null;

-- One session is one family: of its tokens only the newest may be used.
create table refresh_tokens (
  token_hash bytea primary key,
  organizer_id text collate "C" not null,
  merchant_id text collate "C" not null,
  session text collate "C" not null,
  device text collate "C" not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_by_merchant on refresh_tokens (merchant_id);

create table socket_tickets (
  ticket_hash bytea primary key,
  organizer_id text collate "C" not null,
  merchant_id text collate "C" not null,
  session text collate "C" not null,
  expires_at timestamptz not null
);
create index socket_tickets_by_merchant on socket_tickets (merchant_id);

-- Back-off of PINs and pairing codes. No tenant: it counts those who have not shown yet who they are.
create table access_attempts (
  key text collate "C" primary key,
  failures integer not null,
  last_at timestamptz not null,
  blocked_until timestamptz not null
);

-- Filled only while the hub runs as a demo, whose start page shows PINs.
create table demo_pins (
  merchant_id text collate "C" not null,
  staff text collate "C" not null,
  organizer_id text collate "C" not null,
  pin text not null,
  primary key (merchant_id, staff)
);

do $$
declare
  t text;
begin
  foreach t in array array['device_credentials', 'pairing_codes', 'staff_pins', 'sessions', 'refresh_tokens', 'socket_tickets', 'access_attempts', 'demo_pins'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy door on %I to comanda_owner using (true) with check (true)', t);
    continue when t = 'access_attempts';
    if t = 'staff_pins' then
      execute format('create policy tenant on %I to comanda_hub
        using (organizer_id = nullif(current_setting(''app.organizer_id'', true), ''''))
        with check (organizer_id = nullif(current_setting(''app.organizer_id'', true), ''''))', t);
    else
      execute format('create policy tenant on %I to comanda_hub
        using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))
        with check (merchant_id = nullif(current_setting(''app.merchant_id'', true), '''')
          and organizer_id = nullif(current_setting(''app.organizer_id'', true), ''''))', t);
    end if;
    execute format('grant select, insert, update, delete on %I to comanda_hub', t);
  end loop;
end $$;

-- An organizer's own aggregates (its staff) are few and are looked up at every login.
create index aggregates_of_organizer on aggregates (organizer_id, kind) where merchant_id is null;

create function access_device(p_token_hash bytea) returns setof device_credentials
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select * from device_credentials where token_hash = p_token_hash and revoked_at is null $$;

create function access_pairing_code(p_code_hash bytea) returns setof pairing_codes
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select * from pairing_codes where code_hash = p_code_hash and used_at is null and expires_at > now() $$;

-- Single use: of two devices with one code the later one updates no row and gets no credential.
create function access_pair(p_code_hash bytea, p_token_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  code pairing_codes;
begin
  update pairing_codes set used_at = now() where code_hash = p_code_hash and used_at is null and expires_at > now() returning * into code;
  if not found then
    return false;
  end if;
  insert into device_credentials (device, organizer_id, merchant_id, token_hash, name, kind, station)
  values (code.device, code.organizer_id, code.merchant_id, p_token_hash, code.name, code.kind, code.station);
  return true;
end $$;

create function access_take_ticket(p_ticket_hash bytea) returns table (session text, organizer_id text, merchant_id text)
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  with taken as (delete from socket_tickets t where t.ticket_hash = p_ticket_hash returning t.*)
  select t.session, t.organizer_id, t.merchant_id from taken t where t.expires_at > now()
$$;

-- Sessions that ended since, anywhere: every hub ends its own sockets of them. Ids tell nothing about anybody.
create function access_ended_since(p_since timestamptz) returns table (id text, at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select s.id, s.ended_at from sessions s where s.ended_at > p_since order by s.ended_at $$;

-- A person works at several merchants of an organizer; disabling ends all of their sessions.
create function access_end_sessions(p_organizer text, p_staff text, p_device text, p_reason text) returns setof text
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  update sessions set ended_at = clock_timestamp(), end_reason = p_reason
  where organizer_id = p_organizer and ended_at is null and (staff = p_staff or device = p_device)
  returning id
$$;

-- Counts the attempt before it is looked at, so that guesses made at once count as well. `wait_ms` above zero: not
-- now, and nothing was counted. `next_ms`: how long the next attempt must wait if this one fails.
create function access_attempt(p_key text, p_free integer, p_base_ms bigint, p_most_ms bigint, out wait_ms bigint, out next_ms bigint)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  at timestamptz := clock_timestamp();
  seen access_attempts;
begin
  insert into access_attempts (key, failures, last_at, blocked_until) values (p_key, 0, at, at) on conflict (key) do nothing;
  select * into seen from access_attempts where key = p_key for update;
  at := clock_timestamp();
  wait_ms := greatest(0, ceil(extract(epoch from seen.blocked_until - at) * 1000));
  next_ms := wait_ms;
  if wait_ms > 0 then
    return;
  end if;
  seen.failures := case when seen.last_at < at - interval '1 hour' then 1 else seen.failures + 1 end;
  next_ms := case when seen.failures < p_free then 0
    else least(p_most_ms, p_base_ms * 2 ^ least(20, seen.failures - p_free)) end;
  update access_attempts set failures = seen.failures, last_at = at, blocked_until = at + next_ms * interval '1 millisecond' where key = p_key;
end $$;

-- The attempt was right: `p_all` forgets every earlier failure, else only this one is taken back.
create function access_forgive(p_key text, p_all boolean) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  update access_attempts set failures = case when p_all then 0 else greatest(0, failures - 1) end, blocked_until = now() where key = p_key
$$;

create function access_purge() returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
  delete from pairing_codes where expires_at < now() - interval '1 day';
  delete from socket_tickets where expires_at < now() - interval '1 minute';
  delete from refresh_tokens where expires_at < now() - interval '1 day';
  delete from access_attempts where last_at < now() - interval '1 day';
  delete from sessions where coalesce(ended_at, expires_at) < now() - interval '90 days';
$$;

create function demo_tenants() returns table (organizer_id text, merchant_id text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select distinct d.organizer_id, d.merchant_id from demo_pins d order by d.merchant_id $$;

do $$
declare
  f regprocedure;
begin
  for f in select oid::regprocedure from pg_proc
    where pronamespace = 'public'::regnamespace and (proname like 'access\_%' or proname = 'demo_tenants') loop
    execute format('revoke execute on function %s from public', f);
    execute format('grant execute on function %s to comanda_hub', f);
  end loop;
end $$;
