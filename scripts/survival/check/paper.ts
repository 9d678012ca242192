import type { Sql, TransactionSql } from "#hub/db/client.ts";
import type { SlipJson } from "../../printer-simulator/slips.ts";
import { delay } from "../../services/server.ts";
import { grouped, type Finding, type History } from "./history.ts";
import { checkJobs, readJobs, type JobRow } from "./print-jobs.ts";
import { checkSlipLines } from "./slip-lines.ts";
import { onOneLine, slipText } from "./slip-text.ts";
import { missingWords } from "./slip-words.ts";
import { checkUnseen, type Trouble } from "./unseen.ts";

/** Several times what a printer rests before it tears its paper off. */
const ON_PAPER_WITHIN_MS = 5_000;

export type PaperOptions = {
  /** Each time may have taken with it, of each printer, a drawer's opening that was not on its paper yet. */
  readonly printersDied?: number;
  /** All that was done to the product; undefined when nobody kept it. */
  readonly troubles?: readonly Trouble[] | undefined;
};

/** A job with what it leaves on paper. */
type Slip = JobRow & { readonly text: string; readonly kicks: number };

/**
 * Each slip that an event asks for has a job, and is on paper once as the log says, in the order of its printer's line; or people are told that nobody saw its end, and
 * something was wrong then.
 */
export async function checkPaper(tx: TransactionSql, history: History, paper: readonly SlipJson[], { printersDied = 0, troubles }: PaperOptions = {}): Promise<Finding[]> {
  const jobs = await readJobs(tx);
  const slips = await Promise.all(jobs.map(async (job) => ({ ...job, text: await slipText(job.slip, job.profile), kicks: job.slip.lines.filter(({ kind }) => kind === "drawer").length })));
  const printers = grouped(slips, ({ printer }) => printer);
  const onPaper = grouped(paper, ({ printer }) => printer);
  return [
    ...checkJobs(history, jobs),
    ...missingWords(history, slips),
    ...checkSlipLines(history, slips),
    ...(troubles === undefined ? [] : checkUnseen(history, jobs, troubles)),
    ...[...new Set([...printers.keys(), ...onPaper.keys()])].flatMap((printer) => checkPrinter(printer, printers.get(printer) ?? [], onPaper.get(printer) ?? [], printersDied)),
  ];
}

function checkPrinter(printer: string, slips: readonly Slip[], paper: readonly SlipJson[], printersDied: number): Finding[] {
  const findings: Finding[] = [];
  const byText = grouped(slips.filter(({ text }) => text !== ""), ({ text }) => text);
  /** Of whom nobody saw the end: one piece of each may lie about, whole or in part. */
  const unseen = new Set(slips.filter(({ state, text }) => state === "unknown" && text !== ""));
  const found = new Map<string, number>();
  const order: string[] = [];

  /** `left`: what came out since the last cut and is no whole slip. */
  const account = (left: string) => {
    for (let rest = left; rest !== ""; ) {
      const [slip, length] = longestBeginning(rest, unseen);
      if (slip === undefined) return void findings.push(`${printer} has paper that is nobody's slip: ${rest}`);
      unseen.delete(slip);
      rest = rest.slice(length);
    }
  };
  let since = "";
  for (const piece of paper) {
    since += onOneLine(piece);
    if (!piece.cut) continue;
    const text = byText.has(since) ? since : [...byText.keys()].filter((one) => since.endsWith(one)).reduce((longest, one) => (one.length > longest.length ? one : longest), "");
    if (text !== "") {
      found.set(text, (found.get(text) ?? 0) + 1);
      order.push(text);
    }
    account(since.slice(0, since.length - text.length));
    since = "";
  }
  account(since);
  for (const [text, alike] of byText) findings.push(...checkCount(alike, found.get(text) ?? 0, unseen));
  findings.push(...checkKicks(printer, slips, kicksOf(paper), printersDied));
  return [...findings, ...checkOrder(printer, byText, found, order)];
}

function longestBeginning(text: string, slips: Iterable<Slip>): readonly [Slip | undefined, number] {
  let [best, most]: [Slip | undefined, number] = [undefined, 0];
  for (const slip of slips) {
    let length = 0;
    while (length < text.length && text[length] === slip.text[length]) length++;
    if (length > most) [best, most] = [slip, length];
  }
  return [best, most];
}

/** Slips that read alike, such as a bill that was presented twice within a minute, are told apart by their number alone. `unseen`: of whom no piece was found. */
function checkCount(alike: readonly Slip[], count: number, unseen: ReadonlySet<Slip>): Finding[] {
  const least = alike.filter(({ state }) => isDone(state)).length;
  const most = least + alike.filter((slip) => unseen.has(slip)).length;
  if (count >= least && count <= most) return [];
  const [{ kind, number, printer, id } = { kind: "", number: 0, printer: "", id: "" }] = alike;
  return [`slip: ${kind} ${number} of ${printer} (${id}) is there ${count} times, not ${count < least ? least : most}`];
}

/** A drawer opens at least as often as its printer said, and at most as often as it was asked to and may have been. */
function checkKicks(printer: string, slips: readonly Slip[], kicks: number, printersDied: number): Finding[] {
  const sum = (of: readonly Slip[]) => of.reduce((all, slip) => all + slip.kicks, 0);
  const [least, most] = [sum(slips.filter(({ state }) => state === "printed")) - printersDied, sum(slips.filter(({ state }) => isDone(state) || state === "unknown"))];
  if (kicks >= least && kicks <= most) return [];
  return [`${printer} opened its drawer ${kicks} times, not ${kicks < least ? least : most}`];
}

/** A drawer's opening alone comes on paper when the printer has rested, a moment after it said that it is done: waits until all are there, or no longer than that may take. */
export async function kicksAreOnPaper(sql: Sql, paper: () => readonly SlipJson[]): Promise<void> {
  const told = await sql<{ printer: string; kicks: number }[]>`
    select p.name as printer, count(*)::int as kicks
    from print_jobs j join print_printers p on p.merchant_id = j.merchant_id and p.printer_id = j.printer_id
      cross join jsonb_array_elements(j.slip::jsonb -> 'lines') line
    where j.state = 'printed' and line->>'kind' = 'drawer' group by 1`;
  const deadline = Date.now() + ON_PAPER_WITHIN_MS;
  const areThere = () => told.every(({ printer, kicks }) => kicksOf(paper().filter((slip) => slip.printer === printer)) >= kicks);
  while (!areThere() && Date.now() < deadline) await delay(50);
}

function kicksOf(paper: readonly SlipJson[]): number {
  return paper.reduce((sum, { drawerKicks }) => sum + drawerKicks, 0);
}

/** PRN-8: a slip is never overtaken by one that was put in line after it. Of slips that read alike and are not all there nobody can say which came out. */
function checkOrder(printer: string, byText: ReadonlyMap<string, readonly Slip[]>, found: ReadonlyMap<string, number>, order: readonly string[]): Finding[] {
  const next = new Map<string, number>();
  const came = order.flatMap((text) => {
    const alike = byText.get(text) ?? [];
    const at = next.get(text) ?? 0;
    next.set(text, at + 1);
    const slip = alike[at];
    return slip === undefined || found.get(text) !== alike.length ? [] : [slip];
  });
  return [...grouped(came, ({ merchant_id }) => merchant_id).values()].flatMap((line) => {
    const late = line.findIndex(({ seq }, i) => seq < (line[i - 1]?.seq ?? 0n));
    const [slip, earlier] = [line[late], line[late - 1]];
    return slip === undefined || earlier === undefined ? [] : [`${printer}: ${slip.kind} ${slip.number} (${slip.id}) was overtaken by ${earlier.kind} ${earlier.number} (${earlier.id})`];
  });
}

function isDone(state: string): boolean {
  return state === "printed" || state === "sent";
}
