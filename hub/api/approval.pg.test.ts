import { ulid } from "ulidx";
import { beforeAll, expect, test } from "vitest";
import { ALL, failure, frame, makePlace, newId, result, type TestPlace } from "#hub/testing/hub-fixture.ts";
import { onePlace } from "#hub/testing/one-place.ts";
import type { Capability } from "#shared/events/identity.ts";

const WAITER: readonly Capability[] = ["floor.seat", "order.take", "order.void", "check.settle"];

const here = onePlace();
let waiter: Awaited<ReturnType<TestPlace["login"]>>;
let manager: Awaited<ReturnType<TestPlace["login"]>>;
beforeAll(async () => {
  waiter = await here.place.login("Mai", WAITER);
  manager = await here.place.login("Sofia");
});

/** A bill of one Latte, and a request to take 1.00 off. */
async function asked() {
  const order = newId("order");
  const opening = { serviceType: "takeaway" as const, label: "Pickup 7", channel: "till" as const, customer: null, promisedAt: null };
  const { check } = result(await waiter.api.order.addItems.mutate(frame({ order, opening, items: [{ item: newId("item"), product: here.place.products.latte }] })));
  const approval = newId("approval");
  const subject = { target: check, amount: { amount: "100", currency: "EUR" }, reason: "spilt" };
  result(await waiter.api.approval.request.mutate(frame({ approval, action: "discount" as const, subject })));
  return { approval, check };
}
const statusOf = async (approval: string) => {
  const [row] = await here.admin<{ head: { status: string; inPlace: boolean; decidedBy: { name: string } | null } }[]>`select head from aggregates where stream = ${approval}`;
  return row?.head;
};
const inPlace = (approval: string, pin: string, staff = manager.staff, commandId = ulid()) => waiter.api.auth.approve.mutate({ commandId, approval, staff, pin });

test("a manager says yes by PIN over the waiter's screen, and the waiter works on", async () => {
  const { approval } = await asked();
  const [before] = await here.admin`select count(*)::int as n from sessions`;
  const granted = result(await inPlace(approval, "1234"));
  expect(Date.parse(granted.expiresAt)).toBeGreaterThan(Date.now());
  expect(await statusOf(approval)).toMatchObject({ status: "granted", inPlace: true, decidedBy: { name: "Sofia" } });
  const [event] = await here.admin<{ envelope: string }[]>`select envelope from events where stream = ${approval} and type = 'approval.granted'`;
  expect(JSON.parse(event?.envelope ?? "{}")).toMatchObject({ actor: `staff:${manager.staff}`, addresshash: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/) as string });
  // Nobody was logged in by it, and the waiter's session has not become the manager's.
  expect(await here.admin`select count(*)::int as n from sessions`).toEqual([before]);
  expect(await failure(waiter.api.approval.grant.mutate(frame({ approval })))).toMatchObject({ code: "FORBIDDEN", refused: "capability-missing" });
  await asked();
});

test("the same yes again is the first answer, with the PIN asked for again", async () => {
  const { approval } = await asked();
  const commandId = ulid();
  const first = await inPlace(approval, "1234", manager.staff, commandId);
  expect(await inPlace(approval, "1234", manager.staff, commandId)).toEqual(first);
  expect(await failure(inPlace(approval, "9999", manager.staff, commandId))).toMatchObject({ code: "FORBIDDEN", refused: "wrong-pin" });
});

test("from the manager's own device: it is in the snapshot until it is answered, and one tap answers it", async () => {
  const { approval } = await asked();
  const pending = async () => (await manager.api.sync.snapshot.query()).aggregates.some(({ kind, stream }) => kind === "approval" && stream === approval);
  expect(await pending()).toBe(true);
  result(await manager.api.approval.grant.mutate(frame({ approval })));
  expect(await statusOf(approval)).toMatchObject({ status: "granted", inPlace: false });
  const { approval: other } = await asked();
  result(await manager.api.approval.deny.mutate(frame({ approval: other, reason: "too much" })));
  expect((await manager.api.sync.snapshot.query()).aggregates.some(({ stream }) => stream === other)).toBe(false);
});

test("a wrong PIN, a colleague's PIN and a place without the capability say yes to nothing", async () => {
  const { approval } = await asked();
  expect(await failure(inPlace(approval, "0000"))).toMatchObject({ code: "FORBIDDEN", refused: "wrong-pin" });
  const colleague = await here.place.person("Luca", "2222", WAITER);
  expect(await failure(inPlace(approval, "2222", colleague))).toMatchObject({ code: "FORBIDDEN", refused: "capability-missing" });
  const cashier = await here.place.person("Carla", "3333", [...WAITER, "approve.cash"]);
  expect(await inPlace(approval, "3333", cashier)).toMatchObject({ ok: false, refusal: { refused: "capability-missing", capability: "approve.adjustments" } });
  const elsewhere = await makePlace(here.hub);
  const stranger = await elsewhere.person("Stranger", "4444", ALL);
  expect(await failure(inPlace(approval, "4444", stranger))).toMatchObject({ refused: "wrong-pin" });
  expect(await statusOf(approval)).toMatchObject({ status: "pending" });
});

test("guessing over somebody's screen is slowed down with the same back-off as coming in, and does not log the waiter out", async () => {
  const { approval } = await asked();
  const boss = await here.place.person("Boss", "5678");
  for (let i = 0; i < 3; i++) await failure(inPlace(approval, "0000", boss));
  expect(await failure(inPlace(approval, "5678", boss))).toMatchObject({ code: "TOO_MANY_REQUESTS", refused: "too-many-attempts", retryAfterMs: expect.any(Number) });
  expect(await failure(waiter.onDevice.auth.login.mutate({ staff: boss, pin: "5678" }))).toMatchObject({ code: "TOO_MANY_REQUESTS" });
  await asked();
});

test("two managers answer at once: one of them is told that the other did", async () => {
  const second = await here.place.login("Noah");
  for (let round = 0; round < 5; round++) {
    const { approval } = await asked();
    const answers = await Promise.all([manager.api.approval.grant.mutate(frame({ approval })), second.api.approval.deny.mutate(frame({ approval, reason: null }))]);
    const said = await statusOf(approval);
    // A no takes back a yes that nobody has used; a yes after a no is refused.
    expect(said?.status).toBe("denied");
    const [yes, no] = answers;
    expect(no?.ok).toBe(true);
    if (yes && !yes.ok) expect(yes.refusal).toMatchObject({ refused: "approval-decided", status: "denied" });
  }
});

test("a request that nobody answered in time is on no screen any more", async () => {
  const { approval } = await asked();
  const shown = async () => (await manager.api.sync.snapshot.query()).aggregates.some(({ stream }) => stream === approval);
  expect(await shown()).toBe(true);
  await here.admin`update aggregates set head = jsonb_set(head::jsonb, '{expiresAt}', '"2026-01-01T00:00:00.000Z"') where stream = ${approval}`;
  expect(await shown()).toBe(false);
});

/** A discount of 1.00 as the waiter sends it once the yes is there. */
const discount = (check: string, approval: string | null, more: object = {}) =>
  waiter.api.check.adjust.mutate(
    frame({ check, adjustment: newId("adjustment"), kind: "discount" as const, lines: [], rate: null, amount: { amount: "100", currency: "EUR" }, reason: "spilt", approval, ...more }),
  );

test("a discount needs the yes, is what was approved to the cent, and the approver answers for it", async () => {
  const { approval, check } = await asked();
  expect(await discount(check, null)).toMatchObject({ ok: false, refusal: { refused: "approval-required", action: "discount", capability: "approve.adjustments" } });
  expect(await discount(check, approval)).toMatchObject({ ok: false, refusal: { refused: "approval-pending" } });
  result(await inPlace(approval, "1234"));
  expect(await discount(check, approval, { amount: { amount: "101", currency: "EUR" } })).toMatchObject({ ok: false, refusal: { refused: "approval-mismatch" } });
  result(await discount(check, approval));
  expect(await discount(check, approval)).toMatchObject({ ok: false, refusal: { refused: "approval-used" } });
  expect(await statusOf(approval)).toMatchObject({ status: "used" });
  const { entries } = await manager.api.history.check.query({ check });
  expect(entries.at(-1)).toMatchObject({ actor: { name: "Mai" }, change: { amount: "-100" } });
  expect(entries.at(-1)?.steps).toEqual(
    expect.arrayContaining([
      { kind: "adjusted", adjustment: "discount", rate: null, amount: { amount: "100", currency: "EUR" }, reason: "spilt", by: "Mai", approvedBy: "Sofia" },
      { kind: "approved", action: "discount", by: "Sofia", inPlace: true },
    ]),
  );
});

test("of two commands with one approval at once, one is done", async () => {
  for (let round = 0; round < 5; round++) {
    const { approval, check } = await asked();
    result(await manager.api.approval.grant.mutate(frame({ approval })));
    const answers = await Promise.all([discount(check, approval), discount(check, approval), discount(check, approval)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.refused).toBe("approval-used");
    const [used] = await here.admin`select count(*)::int as n from events where stream = ${approval} and type = 'approval.used'`;
    expect(used?.["n"]).toBe(1);
  }
});
