import { isOpen } from "#shared/domain/payment/machine.ts";
import { newId } from "../../clients/kit/ids.ts";
import { stateOf } from "../../clients/kit/sync/world.ts";
import { delay } from "../services/server.ts";
import type { Chance } from "./chance.ts";
import type { Device } from "./device.ts";
import type { Restaurant } from "./restaurant.ts";
import { tapsOf } from "./taps.ts";

/** How long a guest with a card or a telephone is waited for before the terminal is asked and told to stop. */
const PATIENCE_MS = 4_000;
const OVER_WITHIN_MS = 120_000;
const TIP = 150n;
/** Somebody else is at the check, or the provider has not said yet. */
const LATER = ["attempt-open", "attempt-unknown", "request-open"];
/** What guests who come and go may make of a surgery that somebody thought of. */
const NOT_NOW = [...LATER, "check-closed", "unknown-share", "nothing-to-split", "combo-is-whole", "quantity-too-large", "item-paid", "part-paid", "cannot-undo"];

export type Paying = {
  /** From the bill to the closed check, however the guests divide it. */
  settle(check: string): Promise<void>;
};

/** Guests who pay. With providers they split, merge, pay in parts, by card and telephone, and want money back. */
export function payingAt(device: Device, { drawer, providers, manager, place }: Restaurant, chance: Chance, pause: () => Promise<void>): Paying {
  const { currency } = place.profile;
  const { ask, must } = tapsOf(device, pause);
  const money = (minor: bigint) => ({ amount: String(minor), currency });

  async function takeCash(check: string, amount: bigint | undefined, tendered: bigint, part?: string): Promise<void> {
    const what = { payment: newId("payment"), check, drawer, tendered: money(tendered), ...(part === undefined ? {} : { part }) };
    await ask("payment.takeCash", { ...what, ...(amount === undefined ? {} : { amount: money(amount) }) }, providers.length === 0 ? [] : [...LATER, "nothing-due", "part-paid", "amount-over-due", "tendered-too-little"]);
  }

  /** Asks a provider for what is due, and waits until it is known what became of it. */
  async function charge(check: string, part?: string): Promise<void> {
    const payment = newId("payment");
    const tip = chance.is(0.3) ? { tip: money(TIP) } : {};
    const started = await ask("payment.startAttempt", { payment, check, provider: chance.pick(providers), ...tip, ...(part === undefined ? {} : { part }) }, [...LATER, "nothing-due", "part-paid"]);
    if (started === undefined) return;
    const since = Date.now();
    for (let asked = since; ; ) {
      await delay(100);
      const status = stateOf(device.world.confirmed(), "payment", payment)?.status;
      if (status !== undefined && !isOpen(status)) return;
      if (Date.now() - since > OVER_WITHIN_MS) throw new Error(`${device.name}: payment ${payment} is ${status ?? "not there"} after ${OVER_WITHIN_MS / 1000} s`);
      if (Date.now() - asked < PATIENCE_MS) continue;
      asked = Date.now();
      if (chance.is(0.5)) await ask("payment.askProvider", { payment }, ["nothing-to-ask"]);
      else await ask("payment.cancelAttempt", { payment }, ["not-open", "request-open"]);
    }
  }

  /** The manager takes something off the whole check, and may think better of it. */
  async function takeOff(check: string): Promise<void> {
    const { ask: askManager } = tapsOf(manager, pause);
    const adjustment = newId("adjustment");
    const given = await askManager("check.adjust", { check, adjustment, kind: chance.is(0.8) ? "discount" : "comp", rate: chance.is(0.5) ? "0.1" : "0.25", reason: "Regular" }, NOT_NOW);
    if (given !== undefined && chance.is(0.3)) await askManager("check.removeAdjustment", { check, adjustment }, NOT_NOW);
  }

  /** Some lines on a check of their own; it stays so, goes back, or is merged again. */
  async function divide(check: string): Promise<readonly string[]> {
    const shares = Object.keys(stateOf(device.world.confirmed(), "check", check)?.shares ?? {});
    const [share] = shares;
    if (share === undefined || shares.length < 2) return [check];
    const [operation, other] = [newId("operation"), newId("check")];
    if ((await ask("check.split", { operation, check, into: [{ check: other, lines: [{ share }] }] }, NOT_NOW)) === undefined) return [check];
    if (chance.is(0.3) && (await ask("check.undo", { operation, check }, NOT_NOW)) !== undefined) return [check];
    if (chance.is(0.4)) {
      if (chance.is(0.5)) await charge(other);
      if ((await ask("check.merge", { operation: newId("operation"), target: check, sources: [other] }, NOT_NOW)) !== undefined) return [check];
    }
    return [check, other];
  }

  async function payParts(check: string): Promise<void> {
    const parts = [newId("part"), newId("part")];
    if ((await ask("check.setParts", { check, parts: parts.map((part, i) => ({ part, name: `Guest ${i + 1}` })) }, [...NOT_NOW, "nothing-due", "amount-over-due"])) === undefined) return;
    for (const part of parts) {
      if (chance.is(0.5)) await charge(check, part);
      else await takeCash(check, undefined, 100_000_000n, part);
    }
  }

  /** Whatever is left is paid in cash, as soon as nobody else is at it. */
  async function payRest(check: string, due: bigint): Promise<void> {
    for (let left = due; left > 0n; ) {
      await takeCash(check, left, left + 500n);
      left = BigInt((await ask("check.present", { check }, ["nothing-to-present"]))?.totals.due ?? "0");
    }
  }

  async function giveBack(check: string): Promise<void> {
    const what = chance.is(0.5) ? ({ kind: "all", tips: false } as const) : ({ kind: "amount", amount: money(100n) } as const);
    const mayRefuse = ["nothing-to-refund", "over-refundable", "over-captured", "payouts-mismatch", "not-enough-cash", "request-open"];
    const refund = newId("refund");
    const asked = await tapsOf(manager, pause).ask("payment.refund", { refund, check, what, drawer, reason: "Cold", approval: null }, mayRefuse);
    if (asked !== undefined) await tryAgain(refund);
  }

  /** What a provider says no to is tried again at once, as people do, or given in cash; what nobody knows yet is left. */
  async function tryAgain(refund: string): Promise<void> {
    let seen = false;
    for (const since = Date.now(); Date.now() - since < PATIENCE_MS; await delay(50)) {
      const payouts = stateOf(manager.world.confirmed(), "refund", refund)?.payouts;
      seen ||= payouts !== undefined;
      const failed = payouts?.find(({ status }) => status === "failed");
      if (failed) {
        const way = chance.is(0.2) ? ({ by: "cash", drawer } as const) : ({ by: "same" } as const);
        await tapsOf(manager, pause).ask("payment.retryRefund", { refund, payment: failed.payment, ...way, approval: null }, ["payout-not-failed", "not-enough-cash"]);
      } else if (seen && (payouts ?? []).every(({ status }) => status === "success")) return;
    }
  }

  async function settleOne(check: string): Promise<void> {
    const presented = await ask("check.present", { check }, ["nothing-to-present"]);
    const due = BigInt(presented?.totals.due ?? "0");
    const part = due > 1n && chance.is(0.25) ? due / 2n : 0n;
    if (part > 0n) await takeCash(check, part, part + 100n);
    if (providers.length === 0) {
      if (due > part) await takeCash(check, undefined, due - part + 500n);
    } else if (due > 0n) {
      if (chance.is(0.2)) await payParts(check);
      else if (chance.is(0.5)) await charge(check);
      await payRest(check, BigInt((await ask("check.present", { check }, ["nothing-to-present"]))?.totals.due ?? "0"));
    }
    await must("check.close", { check });
    if (presented !== undefined && chance.is(0.4)) await must("check.printReceipt", { check });
    if (providers.length > 0 && due > 0n && chance.is(0.3)) await giveBack(check);
  }

  return {
    async settle(check) {
      const checks = providers.length > 0 && chance.is(0.3) ? await divide(check) : [check];
      for (const one of checks) {
        if (chance.is(0.2)) await takeOff(one);
        await settleOne(one);
      }
    },
  };
}
