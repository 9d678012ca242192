-- An hour without a failure forgets. Right attempts must not put that hour off, and an attempt is counted before anybody
-- knows what it is: so only those that turned out wrong move `last_failed_at`.
alter table access_attempts add column last_failed_at timestamptz;
update access_attempts set last_failed_at = last_at;
alter table access_attempts alter column last_failed_at set not null;

create or replace function access_attempt(p_key text, p_free integer, p_base_ms bigint, p_most_ms bigint, out wait_ms bigint, out next_ms bigint)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  at timestamptz := clock_timestamp();
  seen access_attempts;
begin
  insert into access_attempts (key, failures, last_at, last_failed_at, blocked_until) values (p_key, 0, at, at, at) on conflict (key) do nothing;
  select * into seen from access_attempts where key = p_key for update;
  at := clock_timestamp();
  wait_ms := greatest(0, ceil(extract(epoch from seen.blocked_until - at) * 1000));
  next_ms := wait_ms;
  if wait_ms > 0 then
    return;
  end if;
  -- The hour begins anew with forgetting, so that of guesses made at once only the first one forgets.
  if seen.last_failed_at < at - interval '1 hour' then
    seen.failures := 0;
    seen.last_failed_at := at;
  end if;
  seen.failures := seen.failures + 1;
  next_ms := case when seen.failures < p_free then 0
    else least(p_most_ms, p_base_ms * 2 ^ least(20, seen.failures - p_free)) end;
  update access_attempts set failures = seen.failures, last_at = at, last_failed_at = seen.last_failed_at, blocked_until = at + next_ms * interval '1 millisecond' where key = p_key;
end $$;

create function access_failed(p_key text) returns void
language sql volatile security definer set search_path = pg_catalog, public, pg_temp
as $$ update access_attempts set last_failed_at = clock_timestamp() where key = p_key $$;

revoke execute on function access_failed(text) from public;
grant execute on function access_failed(text) to comanda_hub;
