-- The one door through which the log is written (LOG-1 to LOG-4, LOG-8). Created as comanda_log, whom the policies admit.
set local role comanda_log;

-- A batch of commands as parallel arrays; every index counts from 1.
--   c_*  the commands
--   s_*  the streams a command changes or guards: s_expected -1 takes any version, s_head null leaves the state alone
--   a_*  parts of states that changed: a_doc null removes the part
--   e_*  events, those of one command beside each other: e_nth counts in the command, e_step in the stream's change;
--        e_rest is the envelope's text after position, time and stream version, which are known here only
--   n_*  counts: n_op is take, give or set
-- Answers per command: outcome, first position, recorded time and a detail as JSON, per stream the version it had; zero and
-- an empty text stand for null.
-- p_wait: wait for the first shard's lock (a consumer, whose transaction cannot be put off) rather than try it.
-- p_shards: the shards of the commands, each once, in order.
create function log_append(
  p_wait boolean, p_shards integer[],
  c_id text[], c_hash text[], c_organizer text[], c_merchant text[], c_shard integer[], c_events integer[], c_answer text[],
  s_command integer[], s_stream text[], s_kind text[], s_expected bigint[], s_events integer[],
  s_evolve integer[], s_active integer[], s_head text[],
  a_command integer[], a_stream text[], a_part text[], a_doc text[],
  e_command integer[], e_change integer[], e_nth integer[], e_step integer[], e_stream text[], e_id text[], e_type text[], e_rest text[],
  n_command integer[], n_product text[], n_op text[], n_amount numeric[],
  out outcome text[], out from_position bigint[], out recorded text[], out detail text[], out base bigint[]
)
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
-- Plans are made while the tables are small and are kept: whatever they are made on, they must suit large ones.
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_bitmapscan = off
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
  commands_in constant integer := cardinality(c_id);
  lock_class constant integer := 2666632;
  oldest constant text := ulid_floor(now() - interval '90 days');
  newest constant text := ulid_floor(now() + interval '1 day');
  owners text[];
  held boolean[] := array_fill(false, array[16]);
  next_position bigint[] := array_fill(0::bigint, array[16]);
  shard_time timestamptz[] := array_fill(null::timestamptz, array[16]);
  shard_text text[] := array_fill(''::text, array[16]);
  accepted boolean[] := array_fill(false, array[commands_in]);
  waits boolean := p_wait;
  timeout_before text;
  head bigint;
  last_time timestamptz;
  one integer;
  r record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'log_append needs READ COMMITTED: an older snapshot does not see the shard''s last commit';
  end if;
  outcome := array_fill(''::text, array[commands_in]);
  from_position := array_fill(0::bigint, array[commands_in]);
  recorded := array_fill(''::text, array[commands_in]);
  detail := array_fill(''::text, array[commands_in]);
  base := array_fill(0::bigint, array[cardinality(s_stream)]);

  foreach one in array p_shards loop
    if waits then
      timeout_before := current_setting('lock_timeout');
      perform set_config('lock_timeout', '1s', true);
      perform pg_advisory_xact_lock(lock_class, one);
      perform set_config('lock_timeout', timeout_before, true);
      held[one + 1] := true;
      waits := false;
    else
      held[one + 1] := pg_try_advisory_xact_lock(lock_class, one);
    end if;
    if held[one + 1] then
      -- LOG-1: a later statement than the lock, so its snapshot holds the shard's last commit.
      select position, recorded_at into head, last_time from events where shard = one order by position desc limit 1;
      next_position[one + 1] := coalesce(head, 0) + 1;
      last_time := greatest(date_trunc('milliseconds', clock_timestamp()), last_time);
      shard_time[one + 1] := last_time;
      shard_text[one + 1] := to_char(last_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
    end if;
  end loop;
  for i in 1..commands_in loop
    owners[i] := coalesce(c_merchant[i], c_organizer[i]);
  end loop;

  -- LOG-4: the first answer, whatever has happened to the streams since.
  for r in
    select c.i, k.hash = c.hash and k.owner_id = owners[c.i] as same, k.answer, k.shard, k.from_position, k.to_position
    from unnest(c_id, c_hash) with ordinality as c (id, hash, i) join commands k on k.command_id = c.id
  loop
    outcome[r.i] := case when r.same then 'repeat' else 'reused-id' end;
    if r.same then
      detail[r.i] := json_build_object('answer', r.answer, 'shard', r.shard, 'from', r.from_position::text, 'to', r.to_position::text);
    end if;
  end loop;
  for i in 1..commands_in loop
    if outcome[i] = '' then
      if not held[c_shard[i] + 1] then
        outcome[i] := 'busy';
      elsif c_id[i] < oldest or c_id[i] >= newest then
        outcome[i] := 'too-old';
      end if;
    end if;
  end loop;

  -- LOG-3: every owner and every version of a command, before any of it is written.
  for r in
    select s.i, s.command, s.stream, s.expected, s.evolve, s.head is not null as writes_state,
      coalesce(a.version, 0) as version, coalesce(a.evolve_version, 0) as evolve_version,
      a.owner_id <> owners[s.command] or a.organizer_id <> c_organizer[s.command] as is_foreign
    from unnest(s_command, s_stream, s_expected, s_evolve, s_head) with ordinality as s (command, stream, expected, evolve, head, i)
    left join aggregates a on a.stream = s.stream
  loop
    base[r.i] := r.version;
    if r.is_foreign then
      if outcome[r.command] in ('', 'conflict', 'newer-state') then
        outcome[r.command] := 'foreign-stream';
        detail[r.command] := to_json(r.stream);
      end if;
    elsif r.expected >= 0 and r.expected <> r.version then
      if outcome[r.command] in ('', 'conflict', 'newer-state') then
        detail[r.command] := case when outcome[r.command] = 'conflict' then detail[r.command]::jsonb else '[]' end
          || jsonb_build_array(jsonb_build_array(r.stream, r.version));
        outcome[r.command] := 'conflict';
      end if;
    elsif r.writes_state and r.evolve_version > r.evolve then
      if outcome[r.command] = '' then
        outcome[r.command] := 'newer-state';
        detail[r.command] := to_json(r.stream);
      end if;
    end if;
  end loop;

  -- DOM-19. Takings of one product in one command count together.
  if cardinality(n_command) > 0 then
    if exists (
      select from unnest(n_command, n_product) as n (command, product) group by product having count(distinct command) > 1
    ) then
      raise exception 'a batch holds at most one command per counted product';
    end if;
    for r in
      select n.command, n.product, n.takes, n.sets, n.to_set, count.remaining, count.merchant_id <> c_merchant[n.command] as is_foreign
      from (
        select command, product, sum(case op when 'take' then amount when 'give' then -amount else 0 end) as takes,
          bool_or(op = 'set') as sets, min(amount) filter (where op = 'set') as to_set
        from unnest(n_command, n_product, n_op, n_amount) as n (command, product, op, amount)
        group by command, product
      ) as n
      left join countdowns count on count.product = n.product
      order by n.command, n.product
    loop
      if r.is_foreign then
        if outcome[r.command] in ('', 'shortage') then
          outcome[r.command] := 'foreign-stream';
          detail[r.command] := to_json(r.product);
        end if;
      elsif not r.sets and r.takes > r.remaining then
        if outcome[r.command] in ('', 'shortage') then
          detail[r.command] := case when outcome[r.command] = 'shortage' then detail[r.command]::jsonb else '[]' end
            || jsonb_build_array(jsonb_build_array(r.product, r.remaining::text));
          outcome[r.command] := 'shortage';
        end if;
      elsif outcome[r.command] = '' then
        detail[r.command] := coalesce(nullif(detail[r.command], '')::jsonb, '[]') || jsonb_build_array(
          jsonb_build_array(r.product, (case when r.sets then r.to_set else r.remaining - r.takes end)::text));
      end if;
    end loop;
  end if;

  for i in 1..commands_in loop
    if outcome[i] = '' then
      one := c_shard[i] + 1;
      outcome[i] := 'appended';
      accepted[i] := true;
      recorded[i] := shard_text[one];
      from_position[i] := next_position[one];
      next_position[one] := next_position[one] + c_events[i];
    end if;
  end loop;

  insert into events (shard, position, id, organizer_id, merchant_id, owner_id, stream, stream_version, type, command_id, recorded_at, envelope)
  select c_shard[e.command], from_position[e.command] + e.nth - 1, e.id, c_organizer[e.command], c_merchant[e.command], owners[e.command],
    e.stream, base[e.change] + e.step, e.type, c_id[e.command], shard_time[c_shard[e.command] + 1],
    '{"position":"' || from_position[e.command] + e.nth - 1 || '","time":"' || recorded[e.command]
      || '","streamversion":' || base[e.change] + e.step || ',' || e.rest
  from unnest(e_command, e_change, e_nth, e_step, e_stream, e_id, e_type, e_rest) as e (command, change, nth, step, stream, id, type, rest)
  where accepted[e.command];

  insert into aggregates as a (stream, kind, organizer_id, merchant_id, owner_id, version, evolve_version, active, head)
  select s.stream, s.kind, c_organizer[s.command], c_merchant[s.command], owners[s.command],
    base[s.i] + s.events, s.evolve, s.active = 1, s.head::json
  from unnest(s_command, s_stream, s_kind, s_events, s_evolve, s_active, s_head) with ordinality
    as s (command, stream, kind, events, evolve, active, head, i)
  where accepted[s.command] and (s.events > 0 or s.head is not null)
  on conflict (stream) do update set
    version = excluded.version,
    evolve_version = case when excluded.head is null then a.evolve_version else excluded.evolve_version end,
    active = case when excluded.head is null then a.active else excluded.active end,
    head = coalesce(excluded.head, a.head);

  if cardinality(a_command) > 0 then
    insert into aggregate_parts as p (stream, part, organizer_id, merchant_id, doc)
    select a.stream, a.part, c_organizer[a.command], c_merchant[a.command], a.doc::json
    from unnest(a_command, a_stream, a_part, a_doc) as a (command, stream, part, doc)
    where accepted[a.command] and a.doc is not null
    on conflict (stream, part) do update set doc = excluded.doc;

    delete from aggregate_parts p
    using unnest(a_command, a_stream, a_part, a_doc) as a (command, stream, part, doc)
    where accepted[a.command] and a.doc is null and p.stream = a.stream and p.part = a.part;
  end if;

  if cardinality(n_command) > 0 then
    update countdowns count set remaining = count.remaining - n.takes
    from (
      select product, sum(case op when 'take' then amount else -amount end) as takes
      from unnest(n_command, n_product, n_op, n_amount) as n (command, product, op, amount)
      where accepted[command] and op <> 'set'
      group by product
    ) as n
    where count.product = n.product and count.remaining is not null;

    insert into countdowns (product, organizer_id, merchant_id, remaining)
    select n.product, c_organizer[n.command], c_merchant[n.command], n.amount
    from unnest(n_command, n_product, n_op, n_amount) as n (command, product, op, amount)
    where accepted[n.command] and n.op = 'set'
    on conflict (product) do update set remaining = excluded.remaining;
  end if;

  insert into commands (command_id, hash, organizer_id, merchant_id, owner_id, shard, from_position, to_position, recorded_at, answer)
  select c.id, c.hash, c.organizer, c.merchant, owners[c.i], c.shard,
    case when c.events > 0 then from_position[c.i] end, case when c.events > 0 then from_position[c.i] + c.events - 1 end,
    shard_time[c.shard + 1], c.answer
  from unnest(c_id, c_hash, c_organizer, c_merchant, c_shard, c_events, c_answer) with ordinality
    as c (id, hash, organizer, merchant, shard, events, answer, i)
  where accepted[c.i];
end $$;

revoke execute on function log_append(boolean, integer[],
  text[], text[], text[], text[], integer[], integer[], text[],
  integer[], text[], text[], bigint[], integer[], integer[], integer[], text[],
  integer[], text[], text[], text[],
  integer[], integer[], integer[], integer[], text[], text[], text[], text[],
  integer[], text[], text[], numeric[]) from public;
grant execute on function log_append(boolean, integer[],
  text[], text[], text[], text[], integer[], integer[], text[],
  integer[], text[], text[], bigint[], integer[], integer[], integer[], text[],
  integer[], text[], text[], text[],
  integer[], integer[], integer[], integer[], text[], text[], text[], text[],
  integer[], text[], text[], numeric[]) to comanda_hub, comanda_consumer;

-- The head of every shard, which tells nothing about anybody: a snapshot's cursor (RT-2).
create function log_heads() returns table (shard integer, head bigint)
language sql stable security definer
set search_path = pg_catalog, public, pg_temp
as $$
  select s, coalesce((select max(position) from events where shard = s), 0) from generate_series(0, 15) as s order by s
$$;
revoke execute on function log_heads() from public;
grant execute on function log_heads() to comanda_hub, comanda_consumer;

-- LOG-7. Of several starters one makes the new epoch: p_from is the epoch that it replaces, null at installation.
create function log_start_epoch(p_from text, p_to text, p_reason text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if p_from is null then
    insert into log_meta (epoch, reason) values (p_to, p_reason) on conflict (singleton) do nothing;
  else
    update log_meta set epoch = p_to, since = now(), reason = p_reason where epoch = p_from;
  end if;
  return (select epoch from log_meta);
end $$;
revoke execute on function log_start_epoch(text, text, text) from public;
grant execute on function log_start_epoch(text, text, text) to comanda_hub, comanda_consumer;
