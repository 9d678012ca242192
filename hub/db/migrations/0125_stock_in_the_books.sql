-- Goods that are received and counts are posted: what was there to begin with, and what a count finds missing, have accounts of their own.
alter table ledger_accounts drop constraint ledger_accounts_kind_check,
  add constraint ledger_accounts_kind_check check (kind in ('asset', 'liability', 'equity', 'income', 'expense'));

insert into ledger_accounts (merchant_id, account, name, kind)
select merchant_id, added.account, added.name, added.kind
  from (select distinct merchant_id from ledger_accounts) m,
       (values ('3000', 'Opening stock', 'equity'), ('5060', 'Stock differences', 'expense')) as added (account, name, kind)
on conflict do nothing;

alter table stock_movements drop constraint stock_movements_reason_check,
  add constraint stock_movements_reason_check check (reason in ('count', 'sale', 'return', 'waste', 'delivery'));
