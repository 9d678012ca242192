-- A job goes on with the trace of the event that asked for it, in what it logs and in what it appends.
alter table print_jobs add column traceparent text, add column correlation text;
alter table print_reports add column traceparent text, add column correlation text;
alter table document_jobs add column traceparent text, add column correlation text;
alter table payment_requests add column traceparent text, add column correlation text;
