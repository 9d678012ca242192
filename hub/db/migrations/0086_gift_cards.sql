-- A gift card is found by what is typed from its paper: the end of its id.
create index aggregates_gift_cards on aggregates (merchant_id, right(stream, 12)) where kind = 'gift-card';
