-- A guest may be noted as `,` or `check`: a stored answer is taken apart into its strings and what is between them, and only the whole value of a key
-- that holds a name or a note gives way. The text is not parsed as jsonb, which would refuse what JSON.stringify may write.
set local role comanda_log;
create or replace function log_erase_answers(streams text[], words text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
declare
  ids text[] := array(select distinct e.command_id from events e where e.stream = any(streams));
begin
  update commands c set answer = n.answer
  from (
    select a.command_id, (
      select string_agg(case when t.token = any(words) and t.before = ':' and t.key in ('"customer"', '"notes"', '"label"', '"was"', '"name"') then '"erased"' else t.token end, '' order by t.place)
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
set local role comanda_owner;
