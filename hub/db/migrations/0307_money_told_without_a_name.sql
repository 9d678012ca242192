-- A provider said that a payout was paid, in this currency, and not for which of its tries: kept until one of them says that it was that one, or all have ended.
alter table payment_requests add column paid_unnamed text;
