-- RUN-5: what was posted is held to what the log says, by building it anew beside it. The ledger is compared only; the day's figures can be exchanged, too.
alter table maintenance_runs drop constraint maintenance_runs_kind_check,
  add constraint maintenance_runs_kind_check check (kind in ('rebuild', 'replay', 'compare'));
-- Of a comparison: rows that are on one side only.
alter table maintenance_runs add column differing bigint;

insert into projection_tables values
  ('ledger', 'ledger_accounts'), ('ledger', 'ledger_journals'), ('ledger', 'ledger_entries'), ('ledger', 'ledger_balances'),
  ('ledger', 'ledger_day_balances'), ('ledger', 'ledger_places'), ('ledger', 'ledger_ingredient_costs'),
  ('sales', 'sales_days'), ('sales', 'sales_tenders'), ('sales', 'sales_taxes'), ('sales', 'sales_refunds'), ('sales', 'sales_drawers'),
  ('sales', 'sales_open_checks'), ('sales', 'sales_places'), ('sales', 'cash_reports');

-- It runs with its caller's rights, and where its caller's tables are: the books', or their twins.
alter function ledger_post(jsonb) reset search_path;
