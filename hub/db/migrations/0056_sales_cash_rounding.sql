-- What cash rounding added to (or took from) what was due: amount + rounding + tips is what the drawers took (CHK-12, CHK-16).
alter table sales_tenders add column rounding numeric(20, 0) not null default 0;
