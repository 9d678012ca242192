-- ADR 14: who read a name before it was erased writes it nowhere after, by order and not by luck.

-- Its event's place: everybody must have read so far, and to wherever the last event stands that names the guest, before the words are taken out.
alter table erasures add column shard smallint, add column read_to bigint, add column business_date date;
update erasures e set (shard, read_to) = (select l.shard, l.position from events l where l.stream = e.subject and l.id = e.id);
alter table erasures drop constraint erasures_waits_for_check;
alter table erasures add constraint erasures_waits_for_check check (waits_for in ('readers', 'chain', 'printing', 'rebuild', 'trouble'));
-- Entries that were taken out of Redis once, and are looked at again.
alter table erasures add column again_in_redis integer;

-- Each erasure takes its own entries out: one event can be written anew by two.
update erased_entries set erasure = '' where erasure is null;
alter table erased_entries alter column erasure set default '', alter column erasure set not null;
alter table erased_entries drop constraint erased_entries_pkey;
alter table erased_entries add primary key (erasure, shard, position);
drop index erased_entries_of;

-- Commands that came to nothing (refused, or already so) are found by place and time.
create index commands_without_events on commands (merchant_id, command_id) where from_position is null;

set local role comanda_log;
-- The states lose the words by folding an event, so that nobody writes on one that was read before.
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
end
$$;

-- A stored answer is taken apart as 0190 says. What was answered without an event is looked for among the place's commands since the guest's first words.
drop function log_erase_answers(text[], text[]);
create function log_erase_answers(merchant text, since timestamptz, streams text[], words text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  ids text[] := array(
    select e.command_id from events e where e.stream = any(streams)
    union
    select c.command_id from commands c where c.merchant_id = merchant and c.from_position is null and c.command_id >= ulid_floor(since));
begin
  update commands c set answer = n.answer
  from (
    select a.command_id, (
      select string_agg(case when t.token = any(words) and t.before = ':' and t.key in ('"customer"', '"notes"', '"label"', '"was"', '"name"') then '"Guest, erased"' else t.token end, '' order by t.place)
      from (
        select m[1] as token, place, lag(m[1], 1) over (order by place) as before, lag(m[1], 2) over (order by place) as key
        from regexp_matches(a.answer, '"(?:[^"\\]|\\.)*"|[^"]+', 'g') with ordinality as r (m, place)
      ) t
    ) as answer
    from commands a
    where a.command_id = any(ids) and exists (select from unnest(words) as w (word) where position(w.word in a.answer) > 0)
  ) n
  where c.command_id = n.command_id and c.answer <> n.answer;
end
$$;
revoke all on function log_erase_answers(text, timestamptz, text[], text[]) from public;
grant execute on function log_erase_answers(text, timestamptz, text[], text[]) to comanda_consumer;
set local role comanda_owner;
