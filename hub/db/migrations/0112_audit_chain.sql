-- A hash chain over each owner's events (docs/adr/0007): written by a consumer, after the append, and never changed.
-- A link holds some events that follow each other in the chain: their places in the shard, and 32 bytes of digest for each.
create table audit_chain (
  owner_id text collate "C" not null,
  seq bigint not null check (seq > 0),
  shard smallint not null,
  first_position bigint not null,
  last_position bigint not null,
  positions bigint[] not null check (positions[1] = first_position and positions[cardinality(positions)] = last_position),
  digests bytea not null check (length(digests) = 32 * cardinality(positions)),
  hash bytea not null check (length(hash) = 32),
  -- The links over a place in the shard are found by looking no further than this.
  check (last_position < first_position + 500),
  primary key (owner_id, seq)
) with (fillfactor = 100);
comment on column audit_chain.seq is 'the number of its first event in the owner''s chain, from 1';
create index audit_chain_by_position on audit_chain (shard, last_position);

-- What a guest's name is hidden with in the chain: without its salt nobody can tell a name from its commitment.
create table audit_salts (
  stream text collate "C" primary key,
  salt bytea not null check (length(salt) = 32)
);

alter table audit_chain enable row level security, force row level security;
alter table audit_salts enable row level security, force row level security;
create policy consumers_all on audit_chain to comanda_consumer using (true) with check (true);
create policy consumers_all on audit_salts to comanda_consumer using (true) with check (true);
create policy tenant_reads on audit_chain for select to comanda_hub using (
  owner_id = nullif(current_setting('app.merchant_id', true), '') or owner_id = nullif(current_setting('app.organizer_id', true), ''));
-- No update and no delete, for nobody.
grant select, insert on audit_chain, audit_salts to comanda_consumer;
grant select on audit_chain to comanda_hub;
