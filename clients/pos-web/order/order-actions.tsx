import { Button, Menu } from "@mantine/core";
import { IconAlertTriangle, IconCash, IconFlame, IconRepeat, IconSend2 } from "@tabler/icons-react";
import { repeatItems } from "#shared/domain/order/repeat.ts";
import type { OrderItemState } from "#shared/domain/order/state.ts";
import { useSend } from "../../kit/commands/use-send.ts";
import { useAggregates, useMay, usePicked } from "../../kit/hooks.ts";
import { MoneyText } from "../../kit/ui/texts.tsx";
import { leftInWords } from "../../kit/words/refusals.ts";
import { dueOf } from "../check/parts.ts";
import { useBill } from "../check/use-bill.ts";
import { useScratch } from "../tablet.ts";
import { lastRounds, nextHeldCourse, unsentItems, type Round } from "./order-lines.ts";
import classes from "./order-pane.module.css";
import { newItemId, type OrderWork } from "./use-order-work.ts";

/** What is done with the order as a whole. Send is never modal (screen rule 6). */
export function OrderActions({ work, onPay }: { readonly work: OrderWork; readonly onPay: () => void }) {
  const { order, orderId } = work;
  const send = useSend();
  const { short, sendable } = useScratch(orderId);
  const mayTake = useMay("order.take");
  const unsent = unsentItems(order);
  const next = nextHeldCourse(order);
  const refusedLines = unsent.filter((item) => short[item.item] !== undefined);
  const rest = sendable.filter((id) => unsent.some((item) => item.item === id));
  const checks = useBill(work).parts.map((part) => part.check);
  const [first] = checks;
  const due = checks.reduce((sum, check) => sum + dueOf(check), 0n);
  const isPaid = checks.length > 0 && checks.every((check) => check.status === "paid" || check.status === "closed");

  return (
    <div className={classes["actions"]}>
      {refusedLines.length > 0 ? (
        <div className={classes["refused"]} role="alert">
          <IconAlertTriangle size={22} aria-hidden />
          <span style={{ flex: 1 }}>{shortInWords(refusedLines, short)}</span>
          {rest.length > 0 ? <Button color="saffron.4" onClick={() => void work.sendUnsent(rest)}>Send the rest ({rest.length})</Button> : null}
        </div>
      ) : null}
      <RepeatRound work={work} disabled={!mayTake} />
      <Button className={classes["half"] ?? ""} color="ember.6" leftSection={<IconFlame size={22} />} px="xs" disabled={next === null || !mayTake} onClick={() => (next === null ? undefined : void send("order.fireCourse", { order: orderId, course: next }))}>
        {next === null ? "Fire" : `Fire course ${next}`}
      </Button>
      <Button className={classes["half"] ?? ""} size="xl" variant="default" leftSection={<IconCash size={24} />} px="xs" disabled={!first} onClick={onPay} aria-label="Pay">
        {isPaid ? "Paid" : "Pay"}{first && !isPaid ? <>&nbsp;<MoneyText money={{ amount: due.toString(), currency: first.currency }} /></> : null}
      </Button>
      <Button className={classes["half"] ?? ""} size="xl" color="saffron.4" leftSection={<IconSend2 size={24} />} px="xs" disabled={unsent.length === 0 || !mayTake} onClick={() => void work.sendUnsent()} aria-label="Send">
        {unsent.length > 0 ? `Send ${unsent.length}` : "Send"}
      </Button>
    </div>
  );
}

/** Screen rule 2: the last round again in one tap, and Send is the second. Asks only when the last send went to several stations. */
function RepeatRound({ work, disabled }: { readonly work: OrderWork; readonly disabled: boolean }) {
  const { order } = work;
  const products = useAggregates("product");
  const tickets = usePicked("ticket", (all) => all.filter((ticket) => ticket.order === order?.id));
  const categories = useAggregates("category");
  const madeAt = (item: OrderItemState) => tickets.find((ticket) => ticket.items[item.item])?.stationName ?? categories.find((each) => each.id === item.category)?.name ?? "Other";
  const rounds = lastRounds(order, madeAt);

  function again(items: readonly OrderItemState[]) {
    const repeated = repeatItems(items, Object.fromEntries(products.map((product) => [product.id, product])), newItemId);
    if (repeated.items.length > 0) void work.add(repeated.items);
  }

  const button = (
    <Button className={classes["half"] ?? ""} variant="default" leftSection={<IconRepeat size={22} />} px="xs" disabled={disabled || rounds.length === 0} {...(rounds.length === 1 ? { onClick: () => again(rounds[0]?.items ?? []) } : {})}>
      Repeat round
    </Button>
  );
  if (rounds.length < 2) return button;
  return (
    <Menu position="top-start" width={340}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        {rounds.map((round) => (
          <Menu.Item key={round.title} mih={52} onClick={() => again(round.items)}>
            <b>{round.title}</b>: {contents(round)}
          </Menu.Item>
        ))}
        <Menu.Item mih={52} onClick={() => again(rounds.flatMap((round) => round.items))}><b>All of it</b></Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** "Sea bass: 3 left, Burrata: sold out" */
function shortInWords(lines: readonly OrderItemState[], short: Readonly<Record<string, string>>): string {
  const products = new Map(lines.map((line) => [line.names.button, leftInWords(short[line.item] ?? "0")]));
  return [...products].map(([name, left]) => `${name}: ${left}`).join(", ");
}

function contents(round: Round): string {
  return round.items.map((item) => (item.quantity === "1" ? item.names.button : `${item.quantity} × ${item.names.button}`)).join(", ");
}
