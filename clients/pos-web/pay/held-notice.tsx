import { Button, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { nextHeldCourse } from "../order/order-lines.ts";
import type { OrderWork } from "../order/use-order-work.ts";
import classes from "./pay.module.css";

/** A course that nobody fired does not stop a bill from being closed, but the guests have paid for it. */
export function HeldNotice({ work: { order, orderId } }: { readonly work: OrderWork }) {
  const send = useSend();
  const mayTake = useMay("order.take");
  const course = nextHeldCourse(order);
  if (course === null) return null;
  return (
    <div className={classes["unsent"]} role="status">
      <IconHandStop size={22} aria-hidden />
      <Text fw={650} style={{ flex: 1 }}>Course {course} is still held</Text>
      <Button size="md" h={48} color="ember.6" disabled={!mayTake} onClick={() => void send("order.fireCourse", { order: orderId, course })}>Fire it</Button>
    </div>
  );
}
