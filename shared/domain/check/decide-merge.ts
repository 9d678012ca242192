import type { z } from "zod";
import { mergeChecks } from "#shared/commands/check.ts";
import type { Operation } from "#shared/events/sale-check.ts";
import type { Change, Context, Decision, Reader } from "../command.ts";
import { change, command, personOf, ref, refuse, STAFF_REQUIRED } from "../deciding.ts";
import { finish, onBench, originOf, putShare, removeShare } from "./bench.ts";
import { openAttempts } from "./evolve-payments.ts";
import { shareList } from "./share-list.ts";
import type { CheckState } from "./state.ts";
import { benchOf, isNamed, liveCheck, recorded, surgeryRefs } from "./surgery.ts";

type Input = z.output<typeof mergeChecks>;

/** Orders whose new items went to the check that is merged: they go to the target from now on. */
function redirected(source: CheckState, reader: Reader): readonly string[] {
  return [...new Set([source.order, ...shareList(source.shares).map(({ order }) => order)])].filter((id) => reader.get("order", id)?.defaultCheck === source.id);
}

/** Lines and money go to the target; nobody's taxes or charge change, since each line goes on being rounded with those it was entered with (DOM-11), and keeps its charge. */
function decide(input: Input, reader: Reader, context: Context): Decision<{ target: string }> {
  const by = personOf(context);
  if (!by) return STAFF_REQUIRED;
  const target = liveCheck(input.target, reader);
  if ("refused" in target) return target;
  const sources: CheckState[] = [];
  for (const id of new Set(input.sources)) {
    if (id === target.id) return refuse("same-check", { check: id });
    const source = liveCheck(id, reader);
    if ("refused" in source) return source;
    if (source.currency !== target.currency) return refuse("wrong-currency", { currency: target.currency });
    const [attempt] = openAttempts(source);
    if (attempt) return refuse("attempt-open", { check: id, payment: attempt.payment });
    sources.push(source);
  }
  const bench = benchOf([target, ...sources], reader);
  if (isNamed(bench.before.values(), input.operation)) return refuse("operation-exists", { operation: input.operation });
  const items = new Set<string>();
  for (const { id } of sources) {
    const source = onBench(bench, id);
    for (const share of shareList(source.shares)) {
      items.add(share.item);
      putShare(bench, target.id, removeShare(bench, id, share.share), originOf(source, share));
    }
    const into = onBench(bench, target.id);
    bench.now.set(target.id, { ...into, tenders: [...into.tenders, ...source.tenders] });
    bench.now.set(id, { ...onBench(bench, id), status: "voided", mergedInto: target.id, tenders: [] });
  }
  const operation = recorded(bench, { operation: input.operation, kind: "merge", by, checks: [target.id, ...sources.map(({ id }) => id)], created: [], items });
  const orders = sources.map((source) => redirected(source, reader));
  /** The full record is the target's; each source keeps which money and orders were its own. */
  const recordOf = (check: string): Operation => {
    const i = sources.findIndex(({ id }) => id === check);
    const source = sources[i];
    return source ? { ...operation, moves: [], before: [], after: [], allotted: [], payments: source.tenders.map(({ payment }) => payment), orders: [...(orders[i] ?? [])] } : operation;
  };
  const changes = finish(
    bench,
    (check, delta) => {
      const source = sources.find(({ id }) => id === check.id);
      if (!source && check.id !== target.id) return { type: "sale.check.updated", data: { ...delta, why: "family", by } };
      const tenders = source ? [...source.tenders] : sources.flatMap((one) => [...one.tenders]);
      return { type: "sale.check.merged", data: { ...delta, operation: recordOf(check.id), from: source?.id ?? sources[0]?.id ?? check.id, into: target.id, tenders, by } };
    },
    operation.checks,
  );
  if ("refused" in changes) return changes;
  const moved = sources.flatMap((source) => source.tenders.map(({ payment }): Change => change("payment", payment, [{ type: "payment.transaction.moved", data: { from: source.id, to: target.id } }])));
  const redirects = orders.flat().map((order): Change => change("order", order, [{ type: "sale.order.defaultCheckChanged", data: { check: target.id } }]));
  return { changes: [...changes, ...moved, ...redirects], result: { target: target.id } };
}

export const mergeChecksCommand = command({
  type: "check.merge",
  version: 1,
  capability: "order.take",
  owner: "merchant",
  schema: mergeChecks,
  reads: (input, reader) => {
    const sources = input.sources.flatMap((id) => reader.get("check", id) ?? []);
    return [
      ...surgeryRefs([input.target, ...input.sources], reader),
      ...sources.flatMap((source) => source.tenders.map(({ payment }) => ref("payment", payment))),
      ...sources.flatMap((source) => [source.order, ...shareList(source.shares).map(({ order }) => order)].map((order) => ref("order", order))),
    ];
  },
  decide,
});
