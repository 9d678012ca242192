-- Who is asking, in one round trip: a tablet taps less often than its session is looked up again, so nearly every tap waits for this.
-- As load_states: with its caller's rights, under the policies of the tenant that it names, by one plan that is kept and suits large tables.
create function load_session(p_organizer text, p_merchant text, p_session text)
returns table (expires_at timestamptz, ended_at timestamptz, device text, device_name text, device_kind text, staff text, staff_head json)
language plpgsql volatile security invoker
set search_path = pg_catalog, public, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_bitmapscan = off
set jit = off
as $$
#variable_conflict use_column
begin
  perform set_config('app.organizer_id', p_organizer, true), set_config('app.merchant_id', p_merchant, true);
  return query
    select s.expires_at, s.ended_at, s.device, d.name, d.kind, s.staff, a.head
    from sessions s
    left join device_credentials d on d.device = s.device and d.revoked_at is null
    left join aggregates a on a.stream = s.staff and a.kind = 'staff'
    where s.id = p_session;
end $$;
revoke execute on function load_session(text, text, text) from public;
grant execute on function load_session(text, text, text) to comanda_hub;
