-- RUN-5e: events up to here come a second time: how old they are says nothing of delay. What comes after them is as late as it is.
alter table consumer_checkpoints add column replayed_to bigint not null default 0, add column replayed_at timestamptz;
