-- Ingredients: a level per ingredient and every movement that made it.
create table stock_levels (
  merchant_id text not null,
  ingredient_id text not null,
  name text not null,
  unit text not null,
  low_below numeric(12, 3) not null,
  on_hand numeric(14, 3) not null default 0,
  primary key (merchant_id, ingredient_id)
);

create table stock_movements (
  merchant_id text not null,
  event_id text not null,
  line smallint not null,
  ingredient_id text not null,
  quantity numeric(14, 3) not null,
  reason text not null check (reason in ('count', 'sale', 'return', 'waste')),
  order_id text,
  item_id text,
  business_date date not null,
  recorded_at timestamptz not null,
  primary key (merchant_id, event_id, line)
);
create index stock_movements_by_ingredient on stock_movements (merchant_id, ingredient_id, recorded_at);

-- Items whose making has begun: their void is waste, any other void gives the ingredients back.
create table stock_begun_items (
  merchant_id text not null,
  item_id text not null,
  begun_at timestamptz not null,
  primary key (merchant_id, item_id)
);

do $$
declare
  t text;
begin
  foreach t in array array['stock_levels', 'stock_movements', 'stock_begun_items'] loop
    execute format('alter table %I enable row level security, force row level security', t);
    execute format('create policy tenant on %I for select to comanda_hub using (merchant_id = nullif(current_setting(''app.merchant_id'', true), ''''))', t);
    execute format('create policy consumer on %I to comanda_consumer using (true) with check (true)', t);
    execute format('grant select on %I to comanda_hub', t);
    execute format('grant select, insert, update, delete on %I to comanda_consumer', t);
  end loop;
end $$;
