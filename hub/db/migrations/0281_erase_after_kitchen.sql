-- Food that is being made keeps its allergy until the kitchen is done with it (ADR 14).
alter table erasures drop constraint erasures_waits_for_check;
alter table erasures add constraint erasures_waits_for_check check (waits_for in ('readers', 'kitchen', 'chain', 'printing', 'rebuild', 'trouble'));
