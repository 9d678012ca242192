import { delay } from "../services/server.ts";

/** What a fault says of itself while it is made. */
export type Moment = {
  /** From now on harm is done; at once, for a fault that never says it. */
  begins(): void;
  /** Keeps it up for so many milliseconds: nothing of the product's. */
  hold(ms: number): Promise<void>;
};

/** Of one fault, made once. */
export type Times = {
  /** Longest that a tap was without its answer, from the fault's beginning; milliseconds. */
  readonly unansweredMs: number;
  /** How much of that was ours: the fault was kept up on purpose. */
  readonly heldMs: number;
  /** From when we let go until all was whole. */
  readonly wholeAfterMs: number;
  /** What was late until then; "" when nothing was. */
  readonly last: string;
};

/** Of one fault, over all the times that it was made: the longest of each, `heldMs` of the longest without an answer, `last` of the longest until whole. */
export type Struck = Times & { readonly fault: string; readonly times: number };

export function counted(fault: string, before: Struck | undefined, now: Times): Struck {
  if (before === undefined) return { fault, times: 1, ...now };
  const { unansweredMs, heldMs } = now.unansweredMs > before.unansweredMs ? now : before;
  const { wholeAfterMs, last } = now.wholeAfterMs > before.wholeAfterMs ? now : before;
  return { fault, times: before.times + 1, unansweredMs, heldMs, wholeAfterMs, last };
}

/** When a tap was made and answered; milliseconds since 1970. */
export type Tap = { readonly tappedAt: number; readonly answeredAt: number | undefined };
export type Span = { readonly from: number; readonly to: number };

/** The tap that waited longest after `began`, an answer that is still to come counted until `now`; nobody waited where it is empty. */
export function longestWait(taps: readonly Tap[], began: number, now: number): Span {
  let longest: Span = { from: began, to: began };
  for (const { tappedAt, answeredAt = now } of taps) {
    const from = Math.max(tappedAt, began);
    if (answeredAt - from > longest.to - longest.from) longest = { from, to: answeredAt };
  }
  return longest;
}

/** Of the span, what lies in any of the others, once where they overlap. */
export function within({ from, to }: Span, others: readonly Span[]): number {
  let [covered, until] = [0, from];
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    covered += Math.max(0, Math.min(to, other.to) - Math.max(until, other.from));
    until = Math.max(until, other.to);
  }
  return covered;
}

/** When all was well for good, and what was the last to be. */
export type Whole = { readonly at: number; readonly last: string };

export type Watch = Moment & {
  /** The fault has been made. */
  times(taps: readonly Tap[], whole: Whole): Times;
};

export function startWatch(now: () => number = Date.now, wait: (ms: number) => Promise<void> = delay): Watch {
  let began = now();
  const held: Span[] = [];
  return {
    begins: () => void (began = now()),
    async hold(ms) {
      const from = now();
      await wait(ms);
      held.push({ from, to: now() });
    },
    times(taps, { at, last }) {
      const longest = longestWait(taps, began, now());
      const letGo = held.length === 0 ? began : Math.max(...held.map((span) => span.to));
      return { unansweredMs: longest.to - longest.from, heldMs: within(longest, held), wholeAfterMs: Math.max(0, at - letGo), last };
    },
  };
}
