-- LOG-7: which history of which cluster wrote the log last. A promoted standby and a restore from an archive begin a new
-- timeline, another cluster has another identifier: then the log may lack its end, and is compared with what others know of it.
alter table log_meta add column origin text collate "C";

-- Null where the server does not tell: while it recovers, or by a host's rules.
create function log_origin() returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_is_in_recovery() then return null; end if;
  return (select system_identifier::text from pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);
exception when insufficient_privilege or feature_not_supported then
  return null;
end $$;

set local role comanda_log;

create or replace function log_start_epoch(p_from text, p_to text, p_reason text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
begin
  if p_from is null then
    insert into log_meta (epoch, reason, origin) values (p_to, p_reason, log_origin()) on conflict (singleton) do nothing;
  else
    update log_meta set epoch = p_to, since = clock_timestamp(), reason = p_reason, origin = log_origin() where epoch = p_from;
  end if;
  return (select epoch from log_meta);
end $$;

-- The log was compared after its server had changed, and lacks nothing.
create function log_keep_epoch(p_epoch text, p_origin text) returns void
language sql volatile security definer
set search_path = pg_catalog, public, pg_temp
as $$
  update log_meta set origin = p_origin where epoch = p_epoch and origin is distinct from p_origin
$$;
revoke execute on function log_keep_epoch(text, text) from public;
grant execute on function log_keep_epoch(text, text) to comanda_hub, comanda_consumer;
