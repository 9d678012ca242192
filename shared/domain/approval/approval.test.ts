import { describe, expect, test } from "vitest";
import type { ApprovalSubjectInput } from "#shared/events/approval.ts";
import type { Capability } from "#shared/events/identity.ts";
import type { Actor, Change, Context, Reader } from "../command.ts";
import { id, OPERATOR, WAITER, type World } from "../testing/given.ts";
import { add, DRAWER, eur, MERCHANT, openDrawer, phoItem, seated } from "../testing/place.ts";
import { requireApproval } from "./require-approval.ts";
import { approvalHash, fullSubject } from "./subject.ts";

const SOFIA: Actor = { staff: id("staff", 9), device: id("device", 2), name: "Sofia", capabilities: [...WAITER.capabilities, "approve.adjustments"] };
const LUCA: Actor = { ...WAITER, staff: id("staff", 2), name: "Luca" };
const CASH_MANAGER: Actor = { ...SOFIA, staff: id("staff", 8), name: "Carla", capabilities: ["approve.cash"] };
const APPROVAL = id("approval", 1);

/** Mai's table has a Phở, and she wants to give a part of it away. */
function table(): { readonly w: World; readonly check: string } {
  const w = seated();
  const { check } = add(w, phoItem(1));
  return { w, check };
}
const tenOff = (check: string, more: Partial<ApprovalSubjectInput> = {}): ApprovalSubjectInput => ({ target: check, amount: eur(125), reason: "waited long", ...more });

function ask(w: World, check: string, approval = APPROVAL) {
  return w.does("approval.request", { approval, action: "discount", subject: tenOff(check) });
}

type Use = { readonly actor?: Actor; readonly approval?: string | null; readonly action?: "discount" | "comp"; readonly subject?: ApprovalSubjectInput };
/** As a command that needs one would decide. */
function use(w: World, check: string, { actor = WAITER, approval = APPROVAL, action = "discount", subject = tenOff(check) }: Use = {}) {
  const reader: Reader = { get: w.get };
  const context: Context = w.context(actor);
  return requireApproval({ approval, action, subject }, reader, context);
}
const write = (w: World, changes: readonly Change[]) => changes.forEach(({ kind, stream, events }) => w.happened(kind, stream, events));

describe("asking", () => {
  test("says what is asked, by whom and about which table, and lives for half an hour", () => {
    const { w, check } = table();
    expect(ask(w, check).events).toEqual([
      {
        type: "approval.requested",
        data: {
          action: "discount",
          subject: { target: check, lines: [], quantity: null, amount: eur(125), rate: null, reason: "waited long", purpose: null, items: [], payouts: [], refund: null, tender: null, drawer: null, person: null },
          hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          label: "T5",
          by: { staff: WAITER.staff, name: "Mai" },
          device: WAITER.device,
          expiresAt: "2026-11-20T18:30:00.000Z",
        },
      },
    ]);
  });

  test("about what is not there is refused, and so is asking twice under one id", () => {
    const { w, check } = table();
    expect(w.refuses("approval.request", { approval: APPROVAL, action: "refund", subject: { target: id("payment", 7) } })).toEqual({ refused: "unknown-target", target: id("payment", 7) });
    ask(w, check);
    expect(w.refuses("approval.request", { approval: APPROVAL, action: "comp", subject: { target: check } })).toMatchObject({ refused: "approval-exists" });
  });

  test("a drawer is asked about by its name", () => {
    const { w } = table();
    openDrawer(w);
    w.does("approval.request", { approval: APPROVAL, action: "pay-out", subject: { target: DRAWER, amount: eur(5000) } });
    expect(w.get("approval", APPROVAL)?.label).toBe("Till 1");
  });

  test("who may do it anyway asks nobody", () => {
    const { w, check } = table();
    expect(w.refuses("approval.request", { approval: APPROVAL, action: "discount", subject: tenOff(check) }, SOFIA)).toEqual({ refused: "approval-not-needed", action: "discount" });
    expect(use(w, check, { actor: SOFIA, approval: null })).toEqual({ changes: [], by: { staff: SOFIA.staff, name: "Sofia" } });
  });
});

describe("answering", () => {
  test("a yes is for ten minutes, from the approver's own device or in place", () => {
    const { w, check } = table();
    ask(w, check);
    expect(w.does("approval.grant", { approval: APPROVAL }, SOFIA).events).toEqual([
      { type: "approval.granted", data: { by: { staff: SOFIA.staff, name: "Sofia" }, inPlace: false, expiresAt: "2026-11-20T18:10:00.000Z" } },
    ]);
    ask(w, check, id("approval", 2));
    w.does("approval.grant", { approval: id("approval", 2) }, { ...SOFIA, device: WAITER.device });
    expect(w.get("approval", id("approval", 2))).toMatchObject({ status: "granted", inPlace: true });
  });

  test("only who may do the thing itself says yes to it", () => {
    const { w, check } = table();
    ask(w, check);
    expect(w.refuses("approval.grant", { approval: APPROVAL }, CASH_MANAGER)).toEqual({ refused: "capability-missing", capability: "approve.adjustments" });
    expect(w.refuses("approval.deny", { approval: APPROVAL }, CASH_MANAGER)).toEqual({ refused: "capability-missing", capability: "approve.adjustments" });
  });

  test("a second tap says the same and writes nothing; another manager is told who was first", () => {
    const { w, check } = table();
    ask(w, check);
    w.does("approval.grant", { approval: APPROVAL }, SOFIA);
    expect(w.does("approval.grant", { approval: APPROVAL }, SOFIA).events).toEqual([]);
    expect(w.refuses("approval.grant", { approval: APPROVAL }, { ...SOFIA, staff: id("staff", 7), name: "Noah" })).toEqual({ refused: "approval-decided", status: "granted", by: "Sofia" });
  });

  test("a no says why, takes back a yes that was not used, and cannot take back one that was", () => {
    const { w, check } = table();
    ask(w, check);
    w.does("approval.grant", { approval: APPROVAL }, SOFIA);
    w.does("approval.deny", { approval: APPROVAL, reason: "too much" }, SOFIA);
    expect(use(w, check)).toEqual({ refused: "approval-denied", by: "Sofia", reason: "too much" });

    ask(w, check, id("approval", 2));
    w.does("approval.grant", { approval: id("approval", 2) }, SOFIA);
    const used = use(w, check, { approval: id("approval", 2) });
    if ("refused" in used) throw new Error(used.refused);
    write(w, used.changes);
    expect(w.refuses("approval.deny", { approval: id("approval", 2) }, SOFIA)).toMatchObject({ refused: "approval-decided", status: "used" });
  });

  test("after half an hour nobody says yes any more", () => {
    const { w, check } = table();
    ask(w, check);
    w.later(30);
    expect(w.refuses("approval.grant", { approval: APPROVAL }, SOFIA)).toEqual({ refused: "approval-expired", approval: APPROVAL });
  });

  test("the asker takes it back, nobody else does", () => {
    const { w, check } = table();
    ask(w, check);
    expect(w.refuses("approval.withdraw", { approval: APPROVAL }, LUCA)).toEqual({ refused: "approval-of-another", by: "Mai" });
    w.does("approval.withdraw", { approval: APPROVAL });
    expect(w.does("approval.withdraw", { approval: APPROVAL }).events).toEqual([]);
    expect(w.refuses("approval.grant", { approval: APPROVAL }, SOFIA)).toMatchObject({ refused: "approval-decided", status: "withdrawn" });
    expect(use(w, check)).toEqual({ refused: "approval-expired", approval: APPROVAL });
  });
});

describe("using", () => {
  function granted() {
    const { w, check } = table();
    ask(w, check);
    w.does("approval.grant", { approval: APPROVAL }, SOFIA);
    return { w, check };
  }

  test("once, and the approver answers for it", () => {
    const { w, check } = granted();
    const used = use(w, check);
    expect(used).toEqual({
      changes: [{ kind: "approval", stream: APPROVAL, events: [{ type: "approval.used", data: { by: { staff: WAITER.staff, name: "Mai" } } }] }],
      by: { staff: SOFIA.staff, name: "Sofia" },
    });
    if ("refused" in used) throw new Error(used.refused);
    write(w, used.changes);
    expect(use(w, check)).toEqual({ refused: "approval-used", approval: APPROVAL });
  });

  test("not before the answer, not without asking, not on a guessed id", () => {
    const { w, check } = table();
    expect(use(w, check, { approval: null })).toMatchObject({ refused: "approval-required", action: "discount", capability: "approve.adjustments", subject: { target: check, amount: eur(125) } });
    expect(use(w, check)).toEqual({ refused: "unknown-approval", approval: APPROVAL });
    ask(w, check);
    expect(use(w, check)).toEqual({ refused: "approval-pending", approval: APPROVAL });
  });

  test("not by a colleague, not after ten minutes", () => {
    const { w, check } = granted();
    expect(use(w, check, { actor: LUCA })).toEqual({ refused: "approval-of-another", by: "Mai" });
    w.later(10);
    expect(use(w, check)).toEqual({ refused: "approval-expired", approval: APPROVAL });
  });

  test("not once the approver was disabled, or may not say it here any more", () => {
    const { w, check } = granted();
    const staff = (...capabilities: Capability[]) => ({ staff: SOFIA.staff ?? "", name: "Sofia", color: "#aabbcc", work: [{ merchant: MERCHANT, capabilities }] });
    w.does("identity.createStaff", staff("approve.adjustments"), OPERATOR);
    expect(use(w, check)).toMatchObject({ by: { name: "Sofia" } });
    w.does("identity.disableStaff", { staff: SOFIA.staff ?? "", reason: "left" }, OPERATOR);
    expect(use(w, check)).toEqual({ refused: "approver-gone", by: "Sofia" });
    const other = granted();
    other.w.does("identity.createStaff", staff("approve.cash"), OPERATOR);
    expect(use(other.w, other.check)).toEqual({ refused: "approver-gone", by: "Sofia" });
    const elsewhere = granted();
    elsewhere.w.does("identity.createStaff", { ...staff(), work: [{ merchant: id("merchant", 2), capabilities: ["approve.adjustments"] }] }, OPERATOR);
    expect(use(elsewhere.w, elsewhere.check)).toEqual({ refused: "approver-gone", by: "Sofia" });
  });

  test("the command that uses it looks at the approver, too", () => {
    const { w, check } = table();
    const wanted = { check, adjustment: id("adjustment", 1), kind: "discount" as const, amount: eur(125), reason: "waited long" };
    ask(w, check);
    w.does("approval.grant", { approval: APPROVAL }, SOFIA);
    w.does("identity.createStaff", { staff: SOFIA.staff ?? "", name: "Sofia", color: "#aabbcc", work: [{ merchant: MERCHANT, capabilities: ["approve.adjustments"] }] }, OPERATOR);
    w.does("identity.disableStaff", { staff: SOFIA.staff ?? "", reason: "left" }, OPERATOR);
    expect(w.refuses("check.adjust", { ...wanted, approval: APPROVAL })).toEqual({ refused: "approver-gone", by: "Sofia" });
  });

  test.each<[string, (check: string) => Use]>([
    ["a larger amount", (check) => ({ subject: tenOff(check, { amount: eur(126) }) })],
    ["a rate instead", (check) => ({ subject: tenOff(check, { amount: null, rate: "0.1" }) })],
    ["one line of it", (check) => ({ subject: tenOff(check, { lines: [id("item", 1)] }) })],
    ["another reason", (check) => ({ subject: tenOff(check, { reason: "friend" }) })],
    ["another currency", (check) => ({ subject: tenOff(check, { amount: { amount: "125", currency: "USD" } }) })],
    ["another check", () => ({ subject: tenOff(id("check", 77)) })],
    ["another action", () => ({ action: "comp" })],
  ])("not for %s", (_, how) => {
    const { w, check } = granted();
    expect(use(w, check, how(check))).toMatchObject({ refused: "approval-mismatch", action: "discount", subject: { amount: eur(125) } });
  });
});

test("what is the same is spelled the same", () => {
  const target = id("check", 1);
  const hash = (subject: ApprovalSubjectInput) => approvalHash("void-made", fullSubject(subject));
  expect(hash({ target, lines: [id("item", 2), id("item", 1), id("item", 2)], quantity: "2" })).toBe(hash({ target, lines: [id("item", 1), id("item", 2)], quantity: "2.000" }));
  expect(hash({ target, rate: "0.5" })).toBe(hash({ target, rate: "0.50", quantity: null, amount: null }));
  const payout = (n: number) => ({ payment: id("payment", n), method: "cash" as const, amount: eur(n), tip: eur(0), drawer: DRAWER });
  expect(hash({ target, payouts: [payout(2), payout(1)] })).toBe(hash({ target, payouts: [payout(1), payout(2)] }));
  expect(hash({ target, person: { staff: id("staff", 1), name: "Mai" } })).toBe(hash({ target, person: { staff: id("staff", 1), name: "Mai Lan" } }));
  expect(hash({ target, quantity: "10" })).not.toBe(hash({ target, quantity: "1" }));
});
