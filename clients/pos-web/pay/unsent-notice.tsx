import { Button, Text } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMay } from "../../kit/hooks.ts";
import type { OrderWork } from "../order/use-order-work.ts";
import classes from "./pay.module.css";

/** DOM-4: what was entered and not sent blocks closing; paying before it is made is legal (DOM-3). */
export function UnsentNotice({ work, count }: { readonly work: OrderWork; readonly count: number }) {
  const mayTake = useMay("order.take");
  return (
    <div className={classes["unsent"]} role="status">
      <IconPencil size={22} aria-hidden />
      <Text fw={650} style={{ flex: 1 }}>{count === 1 ? "1 item has" : `${count} items have`} not been sent</Text>
      <Button size="md" h={48} color="saffron.4" disabled={!mayTake} onClick={() => void work.sendUnsent()}>Send now</Button>
    </div>
  );
}
