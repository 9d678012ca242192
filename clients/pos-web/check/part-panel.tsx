import { Menu } from "@mantine/core";
import { IconArrowBigDownLines, IconCircleCheck, IconDots, IconReceipt2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { partDue } from "#shared/domain/check/parts.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { inkOn } from "../../kit/ui/person-badge.tsx";
import { LineCard } from "./line-card.tsx";
import { PartTotals } from "./part-totals.tsx";
import classes from "./part-panel.module.css";
import { dueOf, isOpen, linesOf } from "./parts.ts";
import type { Selection } from "./selection.ts";
import { TenderRow } from "./tender-row.tsx";
import type { Part } from "./use-bill.ts";

type PartPanelProps = {
  readonly part: Part;
  /** The only one: it is the bill. */
  readonly alone: boolean;
  /** One of many: it has little room. */
  readonly many: boolean;
  readonly selection: Selection;
  readonly fresh: ReadonlySet<string>;
  /** What is paid now. */
  readonly paying: { readonly check: string; readonly part: string | null } | null;
  /** What a tap on the head does now. */
  readonly target: { readonly words: string; readonly chosen: boolean; readonly go: () => void } | null;
  readonly dropping: boolean;
  readonly onToggle: (share: Share, check: CheckState) => void;
  readonly onPay: (part: string | null) => void;
  readonly menu: ReactNode;
};

/** One check of the board: its head is where lines go, its lines are what goes, its foot says what it owes. */
export function PartPanel({ part, alone, many, selection, fresh, paying, target, dropping, onToggle, onPay, menu }: PartPanelProps) {
  const { check, name, seat, color, position } = part;
  const text = useMoneyText();
  const open = isOpen(check);
  const lines = linesOf(check);
  const due = dueOf(check);
  const money = (amount: bigint) => text({ amount: amount.toString(), currency: check.currency });
  const standing = check.status === "closed" ? `Receipt ${check.number ?? ""}` : check.status === "paid" ? "Paid" : check.presented > 0 ? (check.outdated ? "Bill printed, outdated" : "Bill printed") : check.server.name;
  return (
    <section
      className={classes["panel"]}
      aria-label={alone ? "Bill" : `Part ${position + 1}, ${name}`}
      data-part
      data-alone={alone}
      data-open={open}
      data-many={many}
      data-paying={paying?.check === check.id}
      data-dropping={dropping}
      {...(open ? { "data-drop": check.id } : {})}
      style={{ "--part": color, "--part-ink": inkOn(color) }}
    >
      {alone ? null : (
        <header className={classes["head"]}>
          <span className={classes["number"]}>{seat ?? position + 1}</span>
          <span className={classes["who"]}>
            <b>{name}</b>
            <small>{check.status === "paid" || check.status === "closed" ? <IconCircleCheck size={14} aria-hidden /> : check.presented > 0 ? <IconReceipt2 size={14} aria-hidden /> : null}{standing}</small>
          </span>
          {menu ? (
            <Menu position="bottom-end" width={280}>
              <Menu.Target>
                <button type="button" className={classes["more"]} aria-label={`More for ${name}`}><IconDots size={22} aria-hidden /></button>
              </Menu.Target>
              <Menu.Dropdown>{menu}</Menu.Dropdown>
            </Menu>
          ) : null}
          {target ? (
            <button type="button" className={classes["target"]} data-chosen={target.chosen} onClick={target.go} aria-label={`${target.words} ${name}`}>
              <IconArrowBigDownLines size={22} aria-hidden /> {target.words} {name}
            </button>
          ) : null}
        </header>
      )}
      <div className={classes["lines"]} role="group" aria-label={`Items of ${name}`}>
        {lines.map((share) => (
          <LineCard key={share.share} share={share} check={check} large={alone} selected={selection.has(share.share)} quantity={selection.get(share.share) ?? null} fresh={fresh.has(share.share)} disabled={!open} onToggle={() => onToggle(share, check)} />
        ))}
        {lines.length === 0 ? <p className={classes["empty"]}>Nothing on it. Drag something here.</p> : null}
      </div>
      <div className={classes["foot"]}>
        <PartTotals check={check} size={alone ? "large" : many ? "compact" : "plain"} />
        {alone ? check.tenders.map((tender) => <TenderRow key={tender.payment} tender={tender} check={check} />) : null}
        {(check.parts ?? []).length > 0 ? (
          <div className={classes["shares"]} role="group" aria-label="Payment parts">
            {(check.parts ?? []).map((each) => {
              const left = partDue(check, each.part) ?? 0n;
              return (
                <button key={each.part} type="button" className={classes["share"]} disabled={left <= 0n || !open} aria-pressed={paying?.check === check.id && paying.part === each.part} onClick={() => onPay(each.part)}>
                  <span>{each.name}</span>
                  <b>{left <= 0n ? "paid" : money(left)}</b>
                </button>
              );
            })}
          </div>
        ) : alone ? null : (
          <button type="button" className={classes["pay"]} data-status={check.status} aria-pressed={paying?.check === check.id} onClick={() => onPay(null)}>
            {check.status === "closed" ? "Closed" : check.status === "paid" ? "Paid" : <>Pay <b>{money(due)}</b></>}
          </button>
        )}
      </div>
    </section>
  );
}
