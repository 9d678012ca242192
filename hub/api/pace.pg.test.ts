import { expect, test } from "vitest";
import { failure, frame, makePlace, newId, startTestHub } from "#hub/testing/hub-fixture.ts";

test("a flood from one device is slowed, its colleague and other places are not, and every queue tells its bound", async () => {
  const fixture = await startTestHub({ settings: { DEVICE_CALLS_PER_SECOND: "5", MERCHANT_CALLS_PER_SECOND: "1000" } });
  const place = await makePlace(fixture);
  const [flood, colleague] = [await place.login("Mai"), await place.login("Luca")];
  const other = await makePlace(fixture);
  const elsewhere = await other.login("Eve");
  const opening = { serviceType: "takeaway" as const, label: "Pickup", channel: "till" as const, customer: null, promisedAt: null };
  const orderOf = ({ api }: typeof flood, { products }: typeof place) => api.order.addItems.mutate(frame({ order: newId("order"), opening, items: [{ item: newId("item"), product: products.latte }] }));
  const order = () => orderOf(flood, place);

  const flooding = Promise.allSettled(Array.from({ length: 150 }, order));
  const others = await Promise.allSettled(Array.from({ length: 5 }, () => [orderOf(colleague, place), orderOf(elsewhere, other)]).flat());
  expect(others.map(({ status }) => status)).toEqual(others.map(() => "fulfilled"));
  const outcomes = await flooding;
  // The rest that a device may have at once, 25, and what a slow machine gives back meanwhile.
  expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThan(125);
  const refused = outcomes.find((outcome) => outcome.status === "rejected");
  expect(await failure(Promise.reject(refused?.reason))).toMatchObject({ code: "TOO_MANY_REQUESTS", refused: "slow-down", of: "device", retryAfterMs: expect.any(Number) });

  // Snapshots keep the thread for long: one device has two of them at a time.
  const snapshots = await Promise.allSettled(Array.from({ length: 40 }, () => elsewhere.api.sync.snapshot.query()));
  expect(snapshots.some(({ status }) => status === "fulfilled")).toBe(true);
  const late = snapshots.find((outcome) => outcome.status === "rejected");
  expect(await failure(Promise.reject(late?.reason))).toMatchObject({ code: "TOO_MANY_REQUESTS", refused: "slow-down", of: "device" });
  expect(await colleague.api.sync.snapshot.query()).toMatchObject({ merchant: place.merchant });

  // A flood that goes on is refused unread: garbage for a body, and no procedure of that name.
  const again = () => fetch(`${fixture.url}/trpc/no.such`, { method: "POST", headers: { authorization: `Bearer ${flood.tokens.accessToken}`, "content-type": "application/json" }, body: "{" });
  let unread = 0;
  while (unread < 20) {
    await Promise.allSettled([order(), order()]);
    const answer = await again();
    if (answer.status !== 429) continue;
    unread++;
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(await answer.json()).toMatchObject({ error: { json: { data: { code: "TOO_MANY_REQUESTS", refused: "slow-down", of: "device", retryAfterMs: expect.any(Number) as number } } } });
  }

  const metrics = async () => (await fetch(`${fixture.url}/metrics`)).text();
  // The first look at the queues is from before there is a feed.
  await expect.poll(metrics, { timeout: 20_000, interval: 200 }).toMatch(/queue_bound\{process="hub",queue="feed"/);
  const told = await metrics();
  expect(told).toMatch(/comanda_http_replies_total\{method="POST",status="429"\} \d+/);
  for (const queue of ["requests", "device-calls", "merchant-calls", "append", "publish", "feed", "sockets", "socket-buffer", "catching-up"]) {
    expect(told).toMatch(new RegExp(`comanda_queue_bound\\{process="hub",queue="${queue}"\\} [1-9]`));
  }
  await fixture.stop();
});
