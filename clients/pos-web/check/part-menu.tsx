import { Menu } from "@mantine/core";
import { IconArrowsExchange, IconArrowsJoin, IconChartPie, IconDiscount2, IconPercentage, IconRosetteDiscountOff, IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useSend } from "../../kit/commands/use-send.ts";
import { useMay } from "../../kit/hooks.ts";
import { ADJUSTMENT_WORDS } from "../../kit/words/checks.ts";
import { chargesOf, isChargeRemoved } from "#shared/domain/check/charge.ts";
import { useBillDialogs } from "./bill-dialogs.ts";
import { isOpen } from "./parts.ts";
import { useSayings } from "./said.tsx";
import type { Part } from "./use-bill.ts";
import type { Surgery } from "./use-surgery.ts";

type PartMenuProps = { readonly part: Part; readonly parts: readonly Part[]; readonly surgery: Surgery };

/** What is done with one check as a whole. */
export function PartMenu({ part, parts, surgery }: PartMenuProps) {
  const send = useSend();
  const mayServe = useMay("order.take");
  const open = useBillDialogs((dialogs) => dialogs.open);
  const say = useSayings((sayings) => sayings.say);
  const [busy, setBusy] = useState(false);
  const { check, name } = part;
  const others = parts.filter((each) => each.check.id !== check.id && isOpen(each.check));
  const charges = chargesOf(check);
  const off = !isOpen(check) || !mayServe || busy;

  async function once(words: string, go: () => Promise<boolean>) {
    setBusy(true);
    if (await go()) say(words);
    setBusy(false);
  }

  return (
    <>
      {others.length > 0 ? (
        <Menu.Item h={48} disabled={off} leftSection={<IconArrowsJoin size={20} />} onClick={() => void once(`All merged into ${name}`, () => surgery.merge(check.id, others.map((each) => each.check.id)))}>
          Merge all into {name}
        </Menu.Item>
      ) : null}
      <Menu.Item h={48} disabled={off} leftSection={<IconArrowsJoin size={20} />} onClick={() => open({ kind: "merge", check: check.id })}>Merge with another bill</Menu.Item>
      <Menu.Item h={48} disabled={off} leftSection={<IconArrowsExchange size={20} />} onClick={() => open({ kind: "move-check", check: check.id })}>Move to another table or name</Menu.Item>
      <Menu.Item h={48} disabled={off} leftSection={<IconChartPie size={20} />} onClick={() => open({ kind: "equally", check: check.id })}>Equally by another number</Menu.Item>
      <Menu.Divider />
      <Menu.Item h={48} disabled={off} leftSection={<IconDiscount2 size={20} />} onClick={() => open({ kind: "adjust", check: check.id, lines: [], start: "discount" })}>Discount, on the house, staff meal</Menu.Item>
      {(check.adjustments ?? []).map((given) => (
        <Menu.Item key={given.adjustment} h={48} disabled={off} leftSection={<IconRosetteDiscountOff size={20} />} onClick={() => void once(`Taken back: ${ADJUSTMENT_WORDS[given.kind].toLowerCase()}`, async () => (await send("check.removeAdjustment", { check: check.id, adjustment: given.adjustment })).ok)}>
          Take back: {ADJUSTMENT_WORDS[given.kind].toLowerCase()}
        </Menu.Item>
      ))}
      {charges.length > 0 && charges.every(({ removable }) => removable) ? (
        <Menu.Item h={48} disabled={off} leftSection={<IconPercentage size={20} />} onClick={() => open({ kind: "charge", check: check.id })}>Take off the service charge</Menu.Item>
      ) : null}
      {isChargeRemoved(check) ? <Menu.Item h={48} disabled={off} leftSection={<IconTag size={20} />} onClick={() => void once("The service charge is on the bill again", async () => (await send("check.restoreServiceCharge", { check: check.id })).ok)}>Put the service charge back</Menu.Item> : null}
    </>
  );
}
