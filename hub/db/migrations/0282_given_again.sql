-- The run that gave a dead letter's event again: it is done by that, and not by what was decided on it before (RUN-5e).
alter table dead_letters add column given_again_by text;
