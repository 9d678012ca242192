-- Papers of drawers and days are printed as receipts are.
alter table print_jobs drop constraint print_jobs_kind_check,
  add constraint print_jobs_kind_check check (kind in ('ticket', 'void', 'receipt', 'bill', 'report', 'cash', 'drawer'));
