-- A hash chain over each owner's events (docs/adr/0007): written by a consumer, after the append, and never changed.
create table audit_chain (
  owner_id text collate "C" not null,
  seq bigint not null check (seq > 0),
  shard smallint not null,
  position bigint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (owner_id, seq)
) with (fillfactor = 100);
create unique index audit_chain_by_position on audit_chain (shard, position);

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
