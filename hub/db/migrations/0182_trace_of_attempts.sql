-- A provider knows nothing of our traces: what it tells of an attempt goes on with the trace of the tap that asked for it.
create function payment_attempt_trace(p_provider text, p_attempt text) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select r.traceparent from payment_requests r where r.attempt_id = p_attempt and r.kind = 'start' and r.provider = p_provider $$;
revoke execute on function payment_attempt_trace(text, text) from public;
grant execute on function payment_attempt_trace(text, text) to comanda_hub;
