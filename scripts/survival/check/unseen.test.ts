import { expect, test } from "vitest";
import type { History } from "./history.ts";
import { checkExpired, type JobRow } from "./print-jobs.ts";
import { checkUnseen, type Trouble } from "./unseen.ts";

const BEGAN = Date.parse("2026-11-20T20:00:00.000Z");
const after = (seconds: number) => BEGAN + seconds * 1000;

function job(id: string, changes: Partial<JobRow> = {}): JobRow {
  return {
    id, seq: 1n, kind: "ticket", state: "unknown", cause: "worker-lost", number: 1, date: "2026-11-20", slip: { lines: [] }, source_event: "evt_1", reprint_of: null, merchant_id: "mer_1", printer_id: "ptr_1", printer: "Bar",
    profile: "epson", reported: "unknown", created_at: new Date(after(60)), expires_at: new Date(after(90)), looked_at: new Date(after(600)), ...changes,
  };
}

/** The log was told of each job two seconds after it was made, and of its event when that was. */
function history(...types: readonly string[]): History {
  const told = types.map((type) => ({ type, subject: "prt_1", time: new Date(after(62)).toISOString() }));
  const cause = { id: "evt_1", type: "payment.transaction.created", subject: "pay_1", time: new Date(after(60)).toISOString() };
  return { all: [cause, ...told].map((event) => ({ event })), of: () => told, states: new Map(), misfits: [] } as unknown as History;
}

const trouble = (fault: string, from: number, to: number): Trouble => ({ fault, from: after(from), to: after(to) });
const UNKNOWN = history("printing.job.unknown");

test("a slip without an end is explained by what was wrong then with its printer, with who prints, or with Postgres", () => {
  for (const fault of ["consumers killed", "the process that prints stopped", "printer: cut off", "printing after the first byte", "hub and consumers killed at once", "Postgres stopped"]) {
    expect(checkUnseen(UNKNOWN, [job("prt_1")], [trouble(fault, 50, 61)])).toEqual([]);
  }
});

test("the checker reports a slip without an end when nothing was wrong, or what comes to no slip", () => {
  const finding = ["Bar: print job prt_1 (ticket) ended as unknown, worker-lost, when nothing was wrong that explains it"];
  expect(checkUnseen(UNKNOWN, [job("prt_1")], [])).toEqual(finding);
  expect(checkUnseen(UNKNOWN, [job("prt_1")], [trouble("consumers killed", 70, 80)])).toEqual(finding);
  expect(checkUnseen(UNKNOWN, [job("prt_1")], [trouble("consumers killed", 1, 30)])).toEqual(finding);
  for (const fault of ["hub killed", "all hubs killed at once", "provider: offline", "Redis flushed"]) expect(checkUnseen(UNKNOWN, [job("prt_1")], [trouble(fault, 50, 65)])).toEqual(finding);
});

test("the checker reports more slips that went with their worker than workers went", () => {
  const jobs = ["prt_1", "prt_2", "prt_3"].map((id) => job(id, { kind: "drawer" }));
  expect(checkUnseen(UNKNOWN, jobs, [trouble("consumers killed", 50, 65)])).toEqual(["Bar: 3 print jobs were lost with their worker, 2 at most by what was done"]);
  expect(checkUnseen(UNKNOWN, jobs.map((one) => ({ ...one, cause: "link-lost" })), [trouble("printer: cut off", 50, 65)])).toEqual([]);
});

test("the checker reports a drawer that did not open although nothing was wrong, or before its time was over", () => {
  const late = job("prt_1", { kind: "drawer", state: "expired", cause: "stale" });
  expect(checkUnseen(history(), [late], [trouble("Redis killed", 50, 95)])).toEqual([]);
  expect(checkUnseen(history(), [late], [])).toEqual(["Bar: print job prt_1 (drawer) ended as expired, stale, when nothing was wrong that explains it"]);
  expect(checkExpired(history(), [late])).toEqual([]);
  expect(checkExpired(history(), [{ ...late, expires_at: new Date(0) }])).toHaveLength(1);
  expect(checkExpired(history("printing.job.expired"), [{ ...late, kind: "cash" }])).toEqual(["print job prt_1 (cash) expired 28 s before it was stale"]);
});
