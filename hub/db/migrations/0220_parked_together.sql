-- RUN-4c: written before a parked event is tried together with others, so that whoever comes after a process that died of one of them tries each alone.
alter table parked_events add column alone boolean not null default false;
