-- RUN-4: after a take-over from a process that died, the first batches are marked before they run. A mark that is still
-- ahead of the checkpoint at the next take-over names the events among which one kills its process.
alter table consumer_checkpoints add column suspect_to bigint not null default 0;
