-- When a printer is asked how it is although nothing is printed. Without an index: it changes every few seconds, and a place has a handful of printers.
alter table print_printers add column next_check_at timestamptz not null default now() + interval '15 seconds';
