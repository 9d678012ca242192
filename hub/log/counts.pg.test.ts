import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { change, command, newMerchant, newOrder, ulid, type Owner } from "./testing/commands.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import type { AppendOutcome, CountChange } from "./types.ts";

let it: LogUnderTest;
beforeAll(async () => {
  it = await openLog();
});
afterAll(() => it.close());

function count(owner: Owner, ...counts: CountChange[]): Promise<AppendOutcome> {
  return it.log.append(command(owner, [change(newOrder(), 0)], { counts }));
}

async function left(product: string): Promise<string | null | undefined> {
  const [row] = await it.admin<{ remaining: string | null }[]>`select remaining from countdowns where product = ${product}`;
  return row?.remaining;
}

describe("DOM-19 running out, in the append (LOG-9)", () => {
  test("three left, asked for by ten tablets over two hubs at once: three are in, seven are told that none is left", async () => {
    const owner = newMerchant();
    const product = `prd_${ulid()}`;
    await count(owner, { product, set: "3" });
    const other = await it.another();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 === 0 ? it.log : other).append(command(owner, [change(newOrder(), 0)], { counts: [{ product, take: "1" }] })),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "appended")).toHaveLength(3);
    const refused = outcomes.filter(({ outcome }) => outcome !== "appended");
    expect(refused).toEqual(Array.from({ length: 7 }, () => ({ outcome: "shortage", short: [{ product, available: "0" }] })));
    expect(await left(product)).toBe("0");
  });

  test("a shortage names every product that is short and takes none of the others", async () => {
    const owner = newMerchant();
    const [lots, few, none] = [`prd_a${ulid()}`, `prd_b${ulid()}`, `prd_c${ulid()}`];
    await count(owner, { product: lots, set: "10" }, { product: few, set: "1.5" }, { product: none, set: "0" });
    const outcome = await count(owner, { product: lots, take: "2" }, { product: few, take: "1" }, { product: few, take: "0.75" }, { product: none, take: "1" });
    expect(outcome).toEqual({ outcome: "shortage", short: [{ product: few, available: "1.5" }, { product: none, available: "0" }] });
    expect([await left(lots), await left(few)]).toEqual(["10", "1.5"]);
  });

  test("what is not counted can be taken, and the answer says what is left of the rest", async () => {
    const owner = newMerchant();
    const [counted, free, freed] = [`prd_a${ulid()}`, `prd_b${ulid()}`, `prd_c${ulid()}`];
    await count(owner, { product: counted, set: "5" }, { product: freed, set: "1" });
    await count(owner, { product: freed, set: null });
    const outcome = await count(owner, { product: counted, take: "2" }, { product: free, take: "9" }, { product: freed, take: "9" });
    expect(outcome).toMatchObject({ outcome: "appended", remaining: new Map([[counted, "3"], [free, null], [freed, null]]) });
    expect(await count(owner, { product: counted, giveBack: "2" })).toMatchObject({ remaining: new Map([[counted, "5"]]) });
  });

  test("a repeat takes nothing", async () => {
    const owner = newMerchant();
    const product = `prd_${ulid()}`;
    await count(owner, { product, set: "3" });
    const sent = command(owner, [change(newOrder(), 0)], { counts: [{ product, take: "1" }] });
    await Promise.all([it.log.append(sent), it.log.append(sent)]);
    expect(await left(product)).toBe("2");
  });

  test("a conflict takes nothing", async () => {
    const owner = newMerchant();
    const product = `prd_${ulid()}`;
    await count(owner, { product, set: "3" });
    const outcome = await it.log.append(command(owner, [change(newOrder(), 7)], { counts: [{ product, take: "1" }] }));
    expect(outcome.outcome).toBe("conflict");
    expect(await left(product)).toBe("3");
  });
});
