import { Button, Group, Text, Title } from "@mantine/core";
import { IconClock, IconPaperBag, IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { OrderView } from "#shared/domain/floor/floor-view.ts";
import { useHubNow } from "../../kit/clock.ts";
import { minutesText, timeOfDay } from "../../kit/format.ts";
import { useAggregate, useHub, useMay, useMerchant } from "../../kit/hooks.ts";
import { EmptyState } from "../../kit/ui/states.tsx";
import { MoneyText } from "../../kit/ui/texts.tsx";
import { PrinterTrouble } from "../parts/printer-trouble.tsx";
import { NewTakeawayDialog } from "./new-takeaway-dialog.tsx";
import classes from "./takeaway-screen.module.css";
import { useBeingMade, useTakeaways, type BeingMade } from "./use-floor.ts";

/** Orders without a table, the one promised first on top. */
export function TakeawayScreen() {
  const orders = useTakeaways();
  const made = useBeingMade();
  const [asking, setAsking] = useState(false);
  const mayTake = useMay("order.take");
  const begin = (
    <Button size="xl" color="saffron.4" leftSection={<IconPlus size={24} />} disabled={!mayTake} onClick={() => setAsking(true)}>
      New takeaway
    </Button>
  );
  return (
    <div className={classes["screen"]}>
      <PrinterTrouble />
      <Group justify="space-between" p="sm" pb={0}>
        <Title order={1} fz={24} pl={6}>Takeaway</Title>
        {begin}
      </Group>
      {orders.length + made.length === 0 ? (
        <EmptyState icon={<IconPaperBag size={48} />} title="No takeaway is open" text="A name and a promised time are enough to begin." />
      ) : (
        <ul className={classes["list"]}>
          {orders.map((view) => (
            <li key={view.order}><TakeawayCard view={view} /></li>
          ))}
          {made.map((each) => (
            <li key={each.order}><MadeCard made={each} /></li>
          ))}
        </ul>
      )}
      {asking ? <NewTakeawayDialog onClose={() => setAsking(false)} /> : null}
    </div>
  );
}

function TakeawayCard({ view }: { readonly view: OrderView }) {
  const navigate = useNavigate();
  const merchant = useMerchant();
  const { clock } = useHub();
  const order = useAggregate("order", view.order);
  const now = useHubNow(clock, 10_000);
  const left = view.promisedAt === null ? null : Date.parse(view.promisedAt) - now;
  const paid = view.check?.status === "paid" || view.check?.status === "closed";
  const ready = view.course !== null && view.course.of > 0 && view.course.ready === view.course.of;
  return (
    <button type="button" className={classes["card"]} data-late={left !== null && left < 0 && !ready} data-ready={ready} aria-label={view.label} onClick={() => void navigate(`/order/${view.order}`)}>
      <Group justify="space-between" wrap="nowrap">
        <Text fz={20} fw={750} truncate>{view.label}</Text>
        {view.promisedAt && merchant ? <Text fz={20} fw={700}>{timeOfDay(view.promisedAt, merchant.zone)}</Text> : null}
      </Group>
      <Group justify="space-between" wrap="nowrap" c="var(--ink-2)">
        <Text>{order ? Object.values(order.items).filter((item) => item.status !== "voided").length : 0} items · {view.server.name}</Text>
        {left === null ? null : (
          <Group gap={4} wrap="nowrap">
            <IconClock size={16} aria-hidden />
            <Text>{left < 0 ? `${minutesText(-left)} late` : `in ${minutesText(left)}`}</Text>
          </Group>
        )}
      </Group>
      <Group gap="xs">
        {view.unsent > 0 ? <b className={classes["tag"]} data-tag="unsent"><IconPencil size={14} aria-hidden /> {view.unsent} unsent</b> : null}
        {ready ? <b className={classes["tag"]} data-tag="ready">Ready</b> : view.course ? <b className={classes["tag"]} data-tag="waiting">{view.course.ready}/{view.course.of} ready</b> : null}
        {paid ? <b className={classes["tag"]} data-tag="paid">Paid</b> : view.check ? <b className={classes["tag"]}>due <MoneyText money={{ amount: view.check.due, currency: view.check.currency }} /></b> : null}
      </Group>
    </button>
  );
}

function MadeCard({ made }: { readonly made: BeingMade }) {
  const merchant = useMerchant();
  return (
    <div className={classes["card"]} data-made="true">
      <Group justify="space-between" wrap="nowrap">
        <Text fz={20} fw={750} truncate>{made.label}</Text>
        {made.promisedAt && merchant ? <Text fz={20} fw={700}>{timeOfDay(made.promisedAt, merchant.zone)}</Text> : null}
      </Group>
      <Group gap="xs">
        <b className={classes["tag"]} data-tag="paid">Paid</b>
        <b className={classes["tag"]} data-tag="waiting">being made, {made.ready}/{made.of} ready</b>
      </Group>
    </div>
  );
}
