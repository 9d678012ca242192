-- Finished requests and slips go after a while, by the workers, some at a time.
create index payment_requests_done on payment_requests (done_at) where state = 'done';
create index print_jobs_ended on print_jobs (created_at) where state in ('printed', 'sent', 'unknown', 'failed', 'expired');
create index print_jobs_reprints on print_jobs (reprint_of) where reprint_of is not null;
alter table print_jobs drop constraint print_jobs_reprint_of_fkey,
  add constraint print_jobs_reprint_of_fkey foreign key (reprint_of) references print_jobs (id) on delete set null;
