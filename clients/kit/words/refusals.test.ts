import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONSUMER_GROUPS } from "#shared/consumers.ts";
import { refusalInWords, shortLines } from "./refusals.ts";

const domain = join(import.meta.dirname, "../../../shared/domain");

/** Every code that a decider refuses with. */
function codes(): readonly string[] {
  const files = globSync("**/*.ts", { cwd: domain }).filter((file) => !file.endsWith(".test.ts") && !file.startsWith("testing"));
  const found = files.flatMap((file) => [...readFileSync(join(domain, file), "utf8").matchAll(/(?:refuse\(|refused: )"([a-z-]+)"/g)].map((match) => match[1] ?? ""));
  return [...new Set(found)].sort();
}

test("every refusal of the domain has its words", () => {
  const wordless = codes().filter((code) => refusalInWords({ refused: code }).startsWith("Not possible ("));
  expect(codes().length).toBeGreaterThan(20);
  expect(wordless).toEqual([]);
});

test("a shortage names the product and what is left", () => {
  const short = [{ product: "p", name: "Sea bass", requested: "4", available: "3", items: ["i"] }, { product: "q", name: "Burrata", requested: "1", available: "0", items: ["j"] }];
  const refusal = { refused: "insufficient-stock", short, sendable: [] };
  expect(refusalInWords(refusal)).toBe("Not enough left: Sea bass (3 left), Burrata (sold out).");
  expect(shortLines(refusal)).toHaveLength(2);
});

test("a code that nobody has words for is told, never a stack trace", () => {
  expect(refusalInWords({ refused: "moon-is-full" })).toBe("Not possible (moon is full).");
});

test("bad input names its fields", () => {
  expect(refusalInWords({ refused: "bad-input", fields: [{ path: "input.items.0.quantity", rule: "must be more than zero" }] })).toBe("The hub did not accept this: quantity must be more than zero.");
});

test("an amount that nobody can pay is named, with what it must be a multiple of", () => {
  const unit = { amount: "100", currency: "IDR" };
  for (const [field, words] of [["tip", "The tip"], ["limit", "The limit"]] as const) {
    const said = refusalInWords({ refused: "not-in-units", field, unit }).replaceAll(/\s/g, " ");
    expect(said).toBe(`${words} must be a multiple of Rp 1.00: nothing smaller can be paid.`);
  }
});

test("what was changed meanwhile is named", () => {
  expect(refusalInWords({ refused: "changed-meanwhile", changed: ["cashStep", "taxes", "zone"] })).toBe("Somebody else has changed the smallest cash, the taxes and the time zone meanwhile. Look at it again.");
  expect(refusalInWords({ refused: "changed-meanwhile" })).toBe("Somebody else has changed this meanwhile. Look at it again.");
});

test("what is not built anew says why, for every consumer that is not", () => {
  const kept = Object.entries(CONSUMER_GROUPS).flatMap(([group, { rebuild }]) => (rebuild ? [] : [refusalInWords({ refused: "not-rebuildable", group })]));
  expect(kept).toHaveLength(6);
  expect(new Set(kept.map((words) => words.split(": ")[1])).size).toBe(kept.length);
  expect(refusalInWords({ refused: "not-rebuildable", group: "kitchen" })).toBe(`What "kitchen" has made cannot be built anew: its tickets are in the log already, and numbers that were called out would be given to other tickets.`);
});

test("a drawer that was closed is named, whatever else is open", () => {
  expect(refusalInWords({ refused: "drawer-closed", drawer: "drw_1", name: "Till 1" })).toBe("Till 1 has been closed meanwhile. Use another drawer, or open one.");
  expect(refusalInWords({ refused: "drawer-closed" })).toBe("This drawer has been closed meanwhile. Use another drawer, or open one.");
});
