-- Takes a guest's words out of what was written (docs/adr/0014). The one door to change an event, and what it changes is bounded: text of events of
-- the streams named, the copies that tickets keep of it, and the salts that could prove a guess. The chain says whether anything else was touched.
grant update (envelope) on events to comanda_log;
grant select, delete on audit_salts to comanda_log;
create policy log_forgets on audit_salts to comanda_log using (true);

set local role comanda_log;
create function log_erase_guest(streams text[], shards smallint[], positions bigint[], envelopes text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  update events e set envelope = n.envelope
  from unnest(shards, positions, envelopes) as n (shard, position, envelope)
  where e.shard = n.shard and e.position = n.position and e.stream = any(streams);
  delete from audit_salts s where s.stream = any(streams);
  update aggregates a set head = (a.head::jsonb || '{"customer": null}')::json where a.stream = any(streams) and a.kind = 'ticket';
  update aggregate_parts p set doc = (p.doc::jsonb || '{"notes": null}')::json
  from aggregates a where a.stream = p.stream and a.stream = any(streams) and a.kind = 'ticket' and p.doc->>'notes' is not null;
end
$$;
revoke all on function log_erase_guest(text[], smallint[], bigint[], text[]) from public;
grant execute on function log_erase_guest(text[], smallint[], bigint[], text[]) to comanda_consumer;
set local role comanda_owner;

-- Entries that Redis still holds as they were: a worker takes them out there, and the row here. Again after a while, should a writer have been under way.
create table erased_entries (
  shard smallint not null,
  position bigint not null,
  epoch text not null,
  due_at timestamptz not null default clock_timestamp(),
  times integer not null default 0,
  primary key (shard, position)
);
alter table erased_entries enable row level security, force row level security;
create policy consumers_all on erased_entries to comanda_consumer using (true) with check (true);
grant select, insert, update, delete on erased_entries to comanda_consumer;
