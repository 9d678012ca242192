-- A snapshot shows the tickets and slips of the orders that are open: those are found by the time in their ids.
-- The columns never change, so states are still rewritten in place (HOT).
create index aggregates_recent_work on aggregates (merchant_id, kind, stream) where kind in ('ticket', 'print-job');
