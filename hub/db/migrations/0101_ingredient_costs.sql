-- What an ingredient costs, as the ledger has seen it in the order of the log: cost of sale and waste are posted at it.
create table ledger_ingredient_costs (
  merchant_id text not null,
  ingredient_id text not null,
  amount numeric(20, 0) not null check (amount >= 0),
  currency text not null,
  per numeric(10, 3) not null check (per > 0),
  primary key (merchant_id, ingredient_id)
);
alter table ledger_ingredient_costs enable row level security, force row level security;
create policy tenant on ledger_ingredient_costs for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on ledger_ingredient_costs to comanda_consumer using (true) with check (true);
grant select on ledger_ingredient_costs to comanda_hub;
grant select, insert, update, delete on ledger_ingredient_costs to comanda_consumer;
