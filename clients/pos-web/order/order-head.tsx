import { Menu, Text } from "@mantine/core";
import { IconArrowLeft, IconDotsVertical } from "@tabler/icons-react";
import { useAggregate, useMerchant } from "../../kit/hooks.ts";
import { timeOfDay } from "../../kit/format.ts";
import { AgeText } from "../../kit/ui/texts.tsx";
import { usePartyMenu } from "../floor/party-menu.tsx";
import { orderTitle } from "./order-title.ts";
import classes from "./order-pane.module.css";
import { UndoItems } from "./undo-items.tsx";
import type { OrderWork } from "./use-order-work.ts";

export function OrderHead({ work, onLeave }: { readonly work: OrderWork; readonly onLeave: () => void }) {
  const { order, party, opening } = work;
  const merchant = useMerchant();
  const table = useAggregate("table", party?.tables[0]?.table);
  const promisedAt = order?.promisedAt ?? opening?.promisedAt;
  // What this tablet noted before the order was there says nothing any more: a guest may have been erased.
  const named = (order === undefined ? opening?.customer : order.customer) ?? null;
  // "Pickup Nora" says it already.
  const customer = named !== null && orderTitle(work).includes(named) ? null : named;

  const { items, dialog } = usePartyMenu(party, table, onLeave);

  return (
    <header className={classes["head"]}>
      <button type="button" className={classes["icon"]} aria-label={party ? "Back to the floor" : "Back to takeaway"} onClick={onLeave}>
        <IconArrowLeft size={26} />
      </button>
      <div className={classes["who"]}>
        <Text component="h1" fz={22} fw={750} lh={1.25} truncate>{orderTitle(work)}</Text>
        <Text fz={14} c="var(--ink-2)" truncate>
          {party ? (
            <>
              {party.covers} covers · {party.server.name} · <AgeText since={party.seatedAt} />
            </>
          ) : (
            [customer, promisedAt && merchant ? `for ${timeOfDay(promisedAt, merchant.zone)}` : null, order?.server.name].filter(Boolean).join(" · ")
          )}
        </Text>
      </div>
      {party || (order?.operations ?? []).length > 0 ? (
        <Menu position="bottom-end" width={280}>
          <Menu.Target>
            <button type="button" className={classes["icon"]} aria-label={party ? "More for this table" : "More for this order"}><IconDotsVertical size={24} /></button>
          </Menu.Target>
          <Menu.Dropdown>
            {items}
            <UndoItems party={party} order={order} />
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {dialog}
    </header>
  );
}
