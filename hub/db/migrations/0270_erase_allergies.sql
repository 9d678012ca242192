-- What a guest may not eat goes with the name (ADR 14). In a stored answer it stands as an entry of an array: strings and what is between them are taken
-- apart as in 0190, and an entry is of the array that was opened last before it, with nothing but commas since.
set local role comanda_log;
create or replace function log_erase_answers(merchant text, since timestamptz, streams text[], words text[]) returns void
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
      select string_agg(case when t.token = any(words)
        and ((t.before = ':' and t.key in ('"customer"', '"notes"', '"label"', '"was"', '"name"')) or (t.opened = ':[' and t.array_of = '"allergy"')) then '"Guest, erased"' else t.token end, '' order by t.place)
      from (
        select token, place, before, key, first_value(token) over w as opened, first_value(before) over w as array_of
        from (
          select m[1] as token, place, lag(m[1], 1) over (order by place) as before, lag(m[1], 2) over (order by place) as key,
            count(*) filter (where m[1] <> ',' and left(m[1], 1) <> '"') over (order by place) as opening
          from regexp_matches(a.answer, '"(?:[^"\\]|\\.)*"|[^"]+', 'g') with ordinality as r (m, place)
        ) tokens
        window w as (partition by opening order by place)
      ) t
    ) as answer
    from commands a
    where a.command_id = any(ids) and exists (select from unnest(words) as w (word) where position(w.word in a.answer) > 0)
  ) n
  where c.command_id = n.command_id and c.answer <> n.answer;
end
$$;
set local role comanda_owner;
