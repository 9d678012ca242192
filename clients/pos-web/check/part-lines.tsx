import type { MouseEvent } from "react";
import type { CheckState } from "#shared/domain/check/state.ts";
import type { Money } from "#shared/events/primitives.ts";
import type { Share } from "#shared/events/sale-check.ts";
import { LineCard } from "./line-card.tsx";
import classes from "./part-panel.module.css";
import { isOpen } from "./parts.ts";
import type { Selection } from "./selection.ts";
import { useLinesInView } from "./use-lines-in-view.ts";

type PartLinesProps = {
  readonly lines: readonly Share[];
  readonly check: CheckState;
  readonly name: string;
  readonly large: boolean;
  /** So many of them there is room for. */
  readonly room: number;
  readonly selection: Selection;
  readonly fresh: ReadonlySet<string>;
  readonly text: (money: Money) => string;
  readonly onToggle: (share: Share) => void;
};

const LINE_HEIGHT = 53;

/** What is on a part, as far as somebody has scrolled. */
export function PartLines({ lines, check, name, large, room, selection, fresh, text, onToggle }: PartLinesProps) {
  const { shown, end } = useLinesInView(lines.length, room, LINE_HEIGHT);
  const { currency, policies } = check;
  const open = isOpen(check);
  const toggle = (event: MouseEvent) => {
    const tapped = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-share]:not(:disabled)")?.dataset["share"] : undefined;
    const share = tapped === undefined ? undefined : check.shares[tapped];
    if (share) onToggle(share);
  };
  return (
    <div className={classes["lines"]} role="group" aria-label={`Items of ${name}`} onClick={toggle}>
      {lines.slice(0, shown).map((share) => (
        <LineCard key={share.share} share={share} currency={currency} rounding={policies.rounding} text={text} large={large} selected={selection.has(share.share)} quantity={selection.get(share.share) ?? null} fresh={fresh.has(share.share)} disabled={!open} />
      ))}
      {lines.length === 0 ? <p className={classes["empty"]}>Nothing on it. Drag something here.</p> : null}
      {shown < lines.length ? <div ref={end} aria-hidden style={{ height: (lines.length - shown) * LINE_HEIGHT }} /> : null}
    </div>
  );
}
