-- States for decisions (LOG-5) in one round trip: begin, the tenant, the states and commit one after the other made the first
-- tap of every order three times as slow as the next. Runs with its caller's rights, under the policies of the tenant that it
-- names until the transaction ends; p_organizer null leaves the tenant as it is.
create function load_states(p_organizer text, p_merchant text, p_streams text[])
returns table (stream text, part text, kind text, version bigint, evolve_version integer, doc json)
language plpgsql volatile security invoker
set search_path = pg_catalog, public, pg_temp
as $$
#variable_conflict use_column
begin
  if p_organizer is not null then
    perform set_config('app.organizer_id', p_organizer, true), set_config('app.merchant_id', coalesce(p_merchant, ''), true);
  end if;
  return query
    select a.stream, null::text, a.kind, a.version, a.evolve_version, a.head from aggregates a where a.stream = any(p_streams)
    union all
    select p.stream, p.part, null, null, null, p.doc from aggregate_parts p where p.stream = any(p_streams)
    order by 1, 2 nulls first;
end $$;
revoke execute on function load_states(text, text, text[]) from public;
grant execute on function load_states(text, text, text[]) to comanda_hub, comanda_consumer;
