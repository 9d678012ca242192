-- What is to be asked of payment providers, and whose attempt is whose: written by the consumer in the transaction of its checkpoint, claimed by a worker.
create table payment_requests (
  id text collate "C" primary key check (id ~ '^prq_[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
  seq bigint generated always as identity,
  merchant_id text collate "C" not null,
  organizer_id text collate "C" not null,
  provider text not null,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  refund_id text collate "C",
  -- `ask` is asked again until the attempt is over; the others once.
  kind text not null check (kind in ('start', 'capture', 'increment', 'tip', 'cancel', 'reverse', 'refund', 'ask')),
  -- Minor units and what else goes with it.
  body jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'done')),
  outcome text,
  -- Of this round; a person who asks begins a new one.
  tries integer not null default 0,
  next_try_at timestamptz not null default now(),
  claimed_by text,
  -- Counts the claims: what an earlier claim learns too late changes nothing.
  claim bigint not null default 0,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  done_at timestamptz
);
create index payment_requests_waiting on payment_requests (next_try_at) where state = 'queued';
create index payment_requests_of_payment on payment_requests (merchant_id, payment_id, seq);
create unique index payment_requests_of_attempt on payment_requests (attempt_id) where kind = 'start';

alter table payment_requests enable row level security, force row level security;
create policy tenant on payment_requests for select to comanda_hub using (merchant_id = nullif(current_setting('app.merchant_id', true), ''));
create policy consumer on payment_requests to comanda_consumer using (true) with check (true);
create policy door on payment_requests for select to comanda_owner using (true);
grant select on payment_requests to comanda_hub;
grant select, insert, update, delete on payment_requests to comanda_consumer;

-- A webhook names an attempt, not a tenant: the answer is for one attempt that this provider was asked for.
create function payment_attempt_of(p_provider text, p_attempt text) returns table (organizer_id text, merchant_id text, payment_id text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$ select r.organizer_id, r.merchant_id, r.payment_id from payment_requests r where r.attempt_id = p_attempt and r.kind = 'start' and r.provider = p_provider $$;
revoke execute on function payment_attempt_of(text, text) from public;
grant execute on function payment_attempt_of(text, text) to comanda_hub;
