-- Planned anew at every call it cost 1 ms where its reads take a tenth of that: with a thousand places that is at every other tap.
-- One plan is kept, and must suit large tables whatever it is made on, as in log_append.
alter function load_states(text, text, text[]) set plan_cache_mode = force_generic_plan;
alter function load_states(text, text, text[]) set enable_seqscan = off;
alter function load_states(text, text, text[]) set enable_bitmapscan = off;
alter function load_states(text, text, text[]) set jit = off;

-- What a batch of the stock's consumer moves, all of an event's movements or none. A hash join of a batch with every movement that
-- ever was, or with the levels of every place, grows with them. By bare names: in a rebuild the twins come first on the path (RUN-5).
create function stock_move(p_rows jsonb) returns void
language plpgsql volatile security invoker
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  d record;
begin
  for d in with moved as (
    insert into stock_movements (merchant_id, event_id, line, ingredient_id, quantity, reason, order_id, item_id, business_date, recorded_at)
    select merchant_id, event_id, line, ingredient_id, quantity, reason, order_id, item_id, business_date, recorded_at
    from jsonb_to_recordset(p_rows) as r (merchant_id text, event_id text, line smallint, ingredient_id text, quantity numeric, reason text, order_id text, item_id text, business_date date, recorded_at timestamptz)
    -- Asked row by row, with all of the primary key (lines count from 0): as a join it reads all of a merchant's movements while they look few.
    where (select b.line from stock_movements b where b.merchant_id = r.merchant_id and b.event_id = r.event_id and b.line = 0) is null
    returning merchant_id, ingredient_id, quantity)
    select merchant_id, ingredient_id, sum(quantity) as delta from moved group by 1, 2 order by 1, 2
  loop
    update stock_levels l set on_hand = l.on_hand + d.delta where l.merchant_id = d.merchant_id and l.ingredient_id = d.ingredient_id;
  end loop;
end $$;
revoke execute on function stock_move(jsonb) from public;
grant execute on function stock_move(jsonb) to comanda_consumer;
