import { IconArrowLeft, IconSquarePlus } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { shareList } from "#shared/domain/check/share-list.ts";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { newId } from "../../kit/ids.ts";
import { useMoneyText } from "../../kit/ui/texts.tsx";
import { useLatest } from "../../kit/use-latest.ts";
import { orderTitle } from "../order/order-title.ts";
import type { OrderWork } from "../order/use-order-work.ts";
import { useSteady } from "../parts/use-steady.ts";
import { BillActions } from "./bill-actions.tsx";
import classes from "./bill-board.module.css";
import { BoardDialogs } from "./board-dialogs.tsx";
import cardClasses from "./line-card.module.css";
import { BoardContext } from "./part-more.tsx";
import { PartPanel } from "./part-panel.tsx";
import { isOpen } from "./parts.ts";
import { ProofBar } from "./proof-bar.tsx";
import { useSayings } from "./said.tsx";
import { leftShared, meantIn, namesOf, NOTHING, selectedOn, withCombo, type Meant, type Selection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { SharedNotice } from "./shared-notice.tsx";
import type { Part } from "./use-bill.ts";
import { useDrag } from "./use-drag.ts";
import { useKeys } from "../../kit/ui/use-keys.ts";
import { FOCUS_HOME, useKeptFocus } from "../../kit/ui/use-kept-focus.ts";
import { useOthers } from "./use-others.ts";
import { useSurgery } from "./use-surgery.ts";

export type Paying = { readonly check: string; readonly part: string | null };
type BillBoardProps = { readonly work: OrderWork; readonly parts: readonly Part[]; readonly paying: Paying | null; readonly onPay: (paying: Paying) => void; readonly onBack: () => void; readonly children: ReactNode };

const NEW_PART = "new";
const MANY = 4;
const MOST_LINES = 4.5;

/** The parts of a bill side by side. Lines are tapped and then sent where a head is tapped, or dragged there. */
export function BillBoard({ work, parts: latest, paying, onPay, onBack, children }: BillBoardProps) {
  const others = useOthers(latest.map((part) => part.check.id));
  const { value: parts, handlers } = useSteady(latest, others.count);
  const surgery = useSurgery();
  const text = useMoneyText();
  const say = useSayings((sayings) => sayings.say);
  const screen = useRef<HTMLDivElement>(null);
  useKeptFocus(screen);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [sharing, setSharing] = useState<readonly string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [divided, setDivided] = useState<string | null>(null);

  const checks = parts.map((part) => part.check);
  const open = parts.filter((part) => isOpen(part.check));
  const meant = meantIn(checks, selection);
  const alone = parts.length === 1;
  const covers = work.party?.covers ?? null;
  const unshared = meant.length === 0 && !alone ? leftShared(checks, divided) : [];
  const active = parts.find((part) => part.check.id === paying?.check) ?? open[0] ?? parts[0];

  function clear() {
    setSelection(NOTHING);
    setSharing(null);
  }
  async function operate(words: string, go: () => Promise<boolean>) {
    if (busy) return;
    setBusy(true);
    if (await go()) {
      clear();
      say(words);
    }
    setBusy(false);
  }
  const move = (lines: readonly Meant[], target: string) => {
    const part = parts.find((each) => each.check.id === target);
    return operate(`${namesOf(lines)} moved to ${part?.name ?? "a new part"}`, () => surgery.moveTo(lines, target));
  };
  const share = (lines: readonly Meant[], among: readonly string[]) => operate(`${namesOf(lines)} shared ${among.length === open.length ? "with all" : `among ${among.length}`}`, () => surgery.share(lines, among));
  const shareWithAll = (lines: readonly Meant[]) => void share(lines, open.map((part) => part.check.id));
  function selectNothing() {
    clear();
    say("Nothing selected");
  }
  const toggle = useLatest((share: Share) => {
    const check = checks.find((each) => each.shares[share.share]);
    if (!check) return;
    setSharing(null);
    const next = withCombo(selection, share, check);
    setSelection(next);
    say(next.size === 0 ? "Nothing selected" : `${next.size} selected`);
  });
  useKeys(screen, ({ key }) => {
    if (key === "Escape" && meant.length > 0) selectNothing();
  });
  const { dragged, handlers: dragging } = useDrag((share, target) => {
    const lines = selection.has(share) ? meant : meantIn(checks, new Map([[share, null]]));
    void move(lines, target === NEW_PART ? newId("check") : target);
  }, open.length > 0);

  function targetOf(part: Part) {
    if (alone || meant.length === 0 || !isOpen(part.check)) return null;
    if (sharing) return sharing.includes(part.check.id) ? "Shares:" : "Also:";
    return meant.every((each) => each.check.id === part.check.id) ? null : "Move to";
  }
  const toTarget = useLatest((check: string) => {
    if (sharing) setSharing(sharing.includes(check) ? sharing.filter((each) => each !== check) : [...sharing, check]);
    else void move(meant, check);
  });
  const pay = useLatest((check: string, part: string | null) => onPay({ check, part }));
  const onBySeat = useLatest((check: CheckState) => setDivided(check.id));
  const onUndone = useLatest(clear);
  useEffect(() => {
    if (others.who !== "") say(`${others.who} ${others.what}`);
  }, [others, say]);
  const board = useMemo(() => ({ parts, surgery }), [parts, surgery]);

  const draggedName = dragged ? (checks.flatMap((check) => check.shares[dragged.share]?.name ?? [])[0] ?? "") : "";
  return (
    <div ref={screen} className={classes["screen"]}>
      <div className={classes["board"]} onPointerDownCapture={handlers.onPointerDownCapture} onClick={handlers.onClick}>
        <header className={classes["head"]}>
          <button type="button" className={classes["icon"]} aria-label="Back to the order" onClick={onBack}><IconArrowLeft size={26} /></button>
          <div className={classes["title"]}>
            <h1 {...FOCUS_HOME}>{orderTitle(work)}</h1>
            {others.who === "" ? <p>{subtitle(work, parts)}</p> : <p data-other="true">{others.who} {others.what}</p>}
          </div>
          <BoardContext value={board}><BillActions parts={parts} active={active} covers={covers} surgery={surgery} onBySeat={onBySeat} onUndone={onUndone} /></BoardContext>
        </header>
        <div className={classes["parts"]} data-alone={alone} style={{ "--lines": linesSeen(checks) }} onClickCapture={handlers.onClickCapture} {...dragging}>
          <BoardContext value={board}>
            {parts.map((part) => (
              <PartPanel
                key={part.check.id}
                part={part}
                alone={alone}
                many={parts.length > MANY}
                selection={selectedOn(part.check, selection)}
                fresh={others.shares}
                paying={paying?.check === part.check.id}
                payingPart={paying?.check === part.check.id ? paying.part : null}
                target={targetOf(part)}
                chosen={sharing?.includes(part.check.id) ?? false}
                dropping={dragged?.over === part.check.id}
                text={text}
                onTarget={toTarget}
                onToggle={toggle}
                onPay={pay}
              />
            ))}
          </BoardContext>
          {!alone && open.length > 0 ? (
            <div className={classes["newPart"]} data-drop={NEW_PART} data-dropping={dragged?.over === NEW_PART}>
              <IconSquarePlus size={30} aria-hidden />
              <span>Drag here for a new part</span>
            </div>
          ) : null}
        </div>
        {meant.length > 0 ? (
          <SelectionBar
            meant={meant}
            openParts={open.length}
            sharing={sharing}
            busy={busy}
            onQuantity={(share, quantity) => setSelection(new Map(selection).set(share, quantity))}
            onNew={() => void move(meant, newId("check"))}
            onShareAll={() => shareWithAll(meant)}
            onShareSome={() => setSharing([])}
            onShareDone={() => void share(meant, sharing ?? [])}
            onClear={selectNothing}
          />
        ) : null}
        {unshared.length > 0 ? (
          <SharedNotice lines={unshared} on={parts.find((part) => part.check.id === divided)?.name ?? ""} busy={busy} onShareAll={() => shareWithAll(unshared)} onLeave={() => setDivided(null)} />
        ) : null}
        {alone ? null : <ProofBar parts={parts} />}
        <BoardDialogs parts={parts} meant={meant} covers={covers} surgery={surgery} onDone={clear} />
      </div>
      {children}
      {dragged ? createPortal(<div className={cardClasses["ghost"]} style={{ transform: `translate(${dragged.x + 12}px, ${dragged.y - 22}px)` }}>{draggedName}</div>, document.body) : null}
    </div>
  );
}

/** A part has room for as many lines as the longest one has, and the half of one that says that there are more. */
function linesSeen(checks: readonly CheckState[]): number {
  return Math.min(MOST_LINES, Math.max(1, ...checks.map(({ shares }) => shareList(shares).length)));
}

function subtitle(work: OrderWork, parts: readonly Part[]): string {
  const [only] = parts;
  if (parts.length !== 1 || !only) return `${parts.length} parts · ${work.check?.server.name ?? ""}`;
  const { check } = only;
  const standing = check.number ? `Receipt ${check.number}` : check.presented > 0 ? (check.outdated ? "Bill printed, outdated since" : "Bill printed") : "Bill";
  return `${standing} · ${check.server.name}`;
}
