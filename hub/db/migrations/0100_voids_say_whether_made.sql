-- A void's own event says whether the item was made (decided on the kitchen's tickets), so nobody needs a list of what was begun.
drop table stock_begun_items;
