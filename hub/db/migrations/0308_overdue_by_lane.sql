-- The sweep finds each provider's lanes, and what has waited longest in them, without reading what it does not take.
create index payment_requests_of_lane on payment_requests (provider, (kind = 'refund'), next_try_at) where state = 'queued';
drop index payment_requests_waiting;
