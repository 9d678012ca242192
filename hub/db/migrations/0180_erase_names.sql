-- ADR 14: what a tab was called, and whose account it is, go with the guest's name; and people see how far an erasure is.
set local role comanda_log;
create or replace function log_erase_guest(streams text[], shards smallint[], positions bigint[], envelopes text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- A day's report names the checks that were open, a file the receipt that it shows: events of other streams.
  update events e set envelope = n.envelope
  from unnest(shards, positions, envelopes) as n (shard, position, envelope)
  where e.shard = n.shard and e.position = n.position and (e.stream = any(streams) or e.type in ('cash.report.made', 'cash.report.printRequested', 'document.file.requested'));
  delete from audit_salts s where s.stream = any(streams);
  update aggregates a set head = (a.head::jsonb || '{"customer": null}' || case when a.head->>'label' ~ '^T?\d{1,6}(\+T?\d{1,6})*$' then '{}' else '{"label": "erased"}' end::jsonb)::json
  where a.stream = any(streams) and a.kind = 'ticket';
  update aggregate_parts p set doc = (p.doc::jsonb || '{"notes": null}')::json
  from aggregates a where a.stream = p.stream and a.stream = any(streams) and a.kind = 'ticket' and p.doc->>'notes' is not null;
  update aggregates a set head = (a.head::jsonb || '{"label": "erased"}')::json
  where a.stream = any(streams) and a.kind = 'approval' and a.head->>'label' !~ '^T?\d{1,6}(\+T?\d{1,6})*$';
  update aggregates a set head = json_build_object('id', a.head->'id', 'report', n.envelope::json->'data'->'report', 'copies', a.head->'copies')
  from unnest(envelopes) as n (envelope)
  where a.kind = 'cash-report' and a.stream = n.envelope::json->>'subject' and n.envelope::json->>'type' = 'cash.report.made';
end
$$;

-- What commands on these streams were answered first (LOG-4) may say the words again: JSON strings, quotes included.
create function log_erase_answers(streams text[], words text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  word text;
  ids text[] := array(select distinct e.command_id from events e where e.stream = any(streams));
begin
  foreach word in array words loop
    update commands c set answer = replace(c.answer, word, '"erased"') where c.command_id = any(ids) and position(word in c.answer) > 0;
  end loop;
end
$$;
revoke all on function log_erase_answers(text[], text[]) from public;
grant execute on function log_erase_answers(text[], text[]) to comanda_consumer;
set local role comanda_owner;
grant update (answer) on commands to comanda_log;

-- One row for each order or account whose guest is to be forgotten: asked for by an event, carried out by a worker.
create table erasures (
  -- The event that asked.
  id text primary key,
  organizer_id text not null,
  merchant_id text not null,
  subject text collate "C" not null,
  checks text[] not null default '{}',
  reason text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'written', 'done')),
  -- What it waits for: the audit's chain, a slip that is being printed, or somebody who mends what is wrong.
  waits_for text check (waits_for in ('chain', 'printing', 'trouble')),
  tried_at timestamptz,
  events integer,
  streams integer,
  slips integer,
  files integer,
  -- Entries that Redis may still hold.
  left_in_redis integer,
  written_at timestamptz,
  done_at timestamptz
);
create index erasures_waiting on erasures (asked_at) where state <> 'done';
create index erasures_by_tenant on erasures (merchant_id, asked_at desc);
alter table erasures enable row level security, force row level security;
create policy consumers_all on erasures to comanda_consumer using (true) with check (true);
create policy tenant_reads on erasures for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
grant select, insert, update, delete on erasures to comanda_consumer;
grant select on erasures to comanda_hub;

-- Whose erasure it is: it is done when Redis has none of them left.
alter table erased_entries add column erasure text;
create index erased_entries_of on erased_entries (erasure);
