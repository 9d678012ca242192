-- RUN-5b: twins that nobody analyzed are planned as if they were small, and a step then reads all of them. `p_unknown`: only tables of which nothing is known yet.
create function projection_analyze(p_group text, p_unknown boolean) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  t text;
begin
  for t in
    select p.table_name from projection_tables p join pg_class c on c.oid = format('rebuild.%I', p.table_name)::regclass
    where p.consumer_group = p_group and (not p_unknown or c.reltuples < 0) order by 1
  loop
    execute format('analyze rebuild.%I', t);
  end loop;
end $$;
revoke execute on function projection_analyze(text, boolean) from public;
grant execute on function projection_analyze(text, boolean) to comanda_consumer;
