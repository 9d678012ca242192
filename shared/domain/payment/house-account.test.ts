import { describe, expect, test } from "vitest";
import { id } from "../testing/given.ts";
import { DRAWER, eur } from "../testing/place.ts";
import { dining, MANAGER } from "./testing.ts";

const [P1, P2, P3] = [1, 2, 3].map((n) => id("payment", n)) as [string, string, string];
const [ACCOUNT, OTHER] = [id("houseAccount", 1), id("houseAccount", 2)];
const CASH = { method: "cash", drawer: DRAWER } as const;

/** Two accounts that owe 10.00 each. */
function owing() {
  const { w, check } = dining();
  w.does("payment.openHouseAccount", { account: ACCOUNT, name: "Hotel", limit: eur(2000) }, MANAGER);
  w.does("payment.openHouseAccount", { account: OTHER, name: "Bank", limit: null }, MANAGER);
  w.does("payment.takeHouseAccount", { payment: P1, check, account: ACCOUNT, amount: eur(1000) });
  w.does("payment.takeHouseAccount", { payment: P2, check, account: OTHER, amount: eur(1000) });
  return w;
}
const balances = (w: ReturnType<typeof owing>) => [ACCOUNT, OTHER].map((account) => w.get("house-account", account)?.balance.amount);

describe("what pays an account", () => {
  test("is taken once by its id, on whichever account, and by whichever of two devices", () => {
    const w = owing();
    const pay = { account: ACCOUNT, payment: P3, amount: eur(300), method: CASH };
    const [first, second] = [w.prepare("payment.payHouseAccount", pay), w.prepare("payment.payHouseAccount", { ...pay, account: OTHER, method: { method: "card-manual", slip: "1" } })];
    expect([first.commit(), second.commit()]).toEqual(["appended", "conflict"]);
    expect(w.refuses("payment.payHouseAccount", pay)).toEqual({ refused: "payment-exists", payment: P3 });
    expect(w.refuses("payment.payHouseAccount", { ...pay, account: OTHER })).toEqual({ refused: "payment-exists", payment: P3 });
    expect(w.refuses("payment.payHouseAccount", { ...pay, payment: P1 })).toEqual({ refused: "payment-exists", payment: P1 });
    expect(balances(w)).toEqual(["700", "1000"]);
    expect(w.get("drawer", DRAWER)?.expected).toEqual(eur(10_300));
  });
});

describe("changing an account", () => {
  test("leaves what is not named: a new name on an old screen unblocks nobody, and a block keeps the name", () => {
    const w = owing();
    w.does("payment.changeHouseAccount", { account: ACCOUNT, blocked: true }, MANAGER);
    w.does("payment.changeHouseAccount", { account: ACCOUNT, name: "Hotel Luna" }, MANAGER);
    expect(w.get("house-account", ACCOUNT)).toMatchObject({ name: "Hotel Luna", limit: eur(2000), blocked: true });
    w.does("payment.changeHouseAccount", { account: ACCOUNT, limit: null }, MANAGER);
    expect(w.get("house-account", ACCOUNT)).toMatchObject({ name: "Hotel Luna", limit: null, blocked: true });
  });
});
