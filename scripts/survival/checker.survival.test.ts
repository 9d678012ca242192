import { Redis } from "ioredis";
import { beforeAll, describe, expect, test } from "vitest";
import type { TransactionSql } from "#hub/db/client.ts";
import { readEpoch } from "#hub/log/epoch.ts";
import { streamKey } from "#hub/log/keys.ts";
import { shardOf } from "#shared/shards.ts";
import { newId } from "../../clients/kit/ids.ts";
import { answersLost } from "../chaos/guards/lost-answers.ts";
import { audit, auditDatabase } from "./check/audit.ts";
import { readHistory, type Finding, type History } from "./check/history.ts";
import { checkAppended } from "./check/order.ts";
import { checkChain, checkReadModels } from "./check/read-models.ts";
import { unseenSlips } from "./check/print-jobs.ts";
import { checkScreen } from "./check/screens.ts";
import { checkStreams } from "./check/streams.ts";
import { startLoad } from "./load.ts";
import { devicesOf, type Restaurant } from "./restaurant.ts";
import { settled } from "./settled.ts";
import type { Stage } from "./stage.ts";
import { tapsOf } from "./taps.ts";
import { openTestStage } from "./test-stage.ts";

let stage: Stage;
const networks: (() => Promise<void>)[] = [];
beforeAll(async () => {
  stage = await openTestStage();
  const load = startLoad(stage.restaurants, { seed: 1 });
  await load.goesOn(200);
  await load.stop();
  for (const restaurant of stage.restaurants) await otherPapers(restaurant);
  await settled(stage);
  return async () => {
    await stage.close();
    await Promise.all(networks.map((close) => close()));
  };
});

/** Kinds of slips that no waiter asks for: what goes into a drawer, a report and its copy, a bill that was printed once more. */
async function otherPapers({ manager, drawer, place, merchant }: Restaurant): Promise<void> {
  const { must } = tapsOf(manager, async () => {});
  await must("drawer.payIn", { drawer, movement: newId("movement"), amount: { amount: "5000", currency: place.profile.currency }, from: "safe", reason: "Change for the evening" });
  const { report } = await must("day.report", {});
  // The paper is made after what came before it.
  await settled(stage);
  await must("cash.printReport", { report });
  await settled(stage);
  const [bill] = await stage.admin<{ id: string }[]>`select id from print_jobs where merchant_id = ${merchant} and kind = 'bill' limit 1`;
  await must("printing.reprint", { job: bill?.id ?? "" });
}

test("a service that nothing disturbs leaves nothing to complain about", async () => {
  expect(await audit(stage)).toEqual([]);
  expect((await unseenSlips(stage.admin)).filter(({ unseen }) => unseen > 0)).toEqual([]);
});

test("nor does one whose tablets hear of nothing at the first time and send it again", async () => {
  for (const restaurant of stage.restaurants) networks.push(await answersLost(stage, restaurant));
  await settled(stage);
  expect(await audit(stage)).toEqual([]);
});

test("regression: what a service does by itself between two looks of the checker is no finding", async () => {
  const taps = stage.restaurants.map(({ manager }) => tapsOf(manager, async () => {}));
  let looks = 0;
  // Providers are asked for their books between the log and the streams; these have none.
  const books = async () => {
    if (++looks === 1) await taps[0]?.must("day.report", {});
    return [];
  };
  expect(await audit({ ...stage, outside: { books } })).toEqual([]);
  expect(looks).toBeGreaterThan(1);
});

/** Providers are asked for their books when Postgres was looked at: a moment between two parts of a look. These have none. */
function atFirstLook(between: () => Promise<unknown>, undelivered = 0) {
  let looks = 0;
  return {
    books: async () => {
      if (++looks === 1) await between();
      return [{ name: "terminal-1", attempts: [], refunds: [], undelivered }];
    },
  };
}

const aReport = () => tapsOf(stage.restaurants[0]!.manager, async () => {}).must("day.report", {});

test("what was found is told when the service does not come to rest again", async () => {
  const outside = atFirstLook(aReport, 1);
  const findings = await audit({ ...stage, outside, paper: stage.paper.filter(({ cut, drawerKicks }) => !cut || drawerKicks > 0) }, { restsWithinMs: 300 });
  expect(findings).toContainEqual(expect.stringMatching(/ is there 0 times, not 1$/));
  expect(findings).toContainEqual(expect.stringMatching(/^not at rest after 0\.3 s: .*providers have 1 webhooks to deliver/));
});

test("harm that was there at one look and is gone at the next is told", async () => {
  await settled(stage);
  const taken = (portions: number) => stage.admin`update stock_levels set on_hand = on_hand - ${portions}`;
  await taken(1);
  const findings = await audit({ ...stage, outside: atFirstLook(async () => [await taken(-1), await aReport()]) });
  expect(findings).not.toEqual([]);
  for (const finding of findings) expect(finding).toMatch(/^was found at one look and not at the next: (on the shelf: |read model stock_levels )/);
});

test("a consumer that has not come to the end of the log yet is looked at again", async () => {
  await settled(stage);
  // A group that no process serves: one that works writes its own place whenever it likes.
  await stage.admin`insert into consumer_checkpoints (consumer_group, shard, position) select 'nobody', shard, head - 1 from log_heads() where head > 0`;
  expect(await audit({ ...stage, outside: atFirstLook(() => stage.admin`delete from consumer_checkpoints where consumer_group = 'nobody'`) })).toEqual([]);
});

type Changes = { readonly paper?: Stage["paper"]; readonly devices?: ReturnType<typeof devicesOf> };
type Checks = (tx: TransactionSql, history: History) => Promise<readonly Finding[]>;

/** What the checks find after the harm, which is undone again. */
async function findingsAfter(
  harm: (tx: TransactionSql) => Promise<unknown>,
  changes: Changes = {},
  checks: Checks = (tx, history) => auditDatabase(tx, history, changes.devices ?? devicesOf(stage.restaurants), changes.paper ?? stage.paper),
): Promise<readonly Finding[]> {
  const undone = new Error("undone");
  let findings: readonly Finding[] = [];
  const harmed = stage.admin.begin("isolation level repeatable read", async (tx) => {
    // Past the ledger's own triggers, as only a bug or a vandal would be.
    await tx`set local session_replication_role = replica`;
    await harm(tx);
    findings = await checks(tx, await readHistory(tx));
    throw undone;
  });
  await expect(harmed).rejects.toBe(undone);
  return findings;
}

const FIRST_TICKET = `select shard, position from events where type = 'sale.kitchen-ticket.created' order by shard, position limit 1`;

/** The ticket once more, as an event of its own at the log's end. */
const DOUBLE_TICKET = `
  insert into events
  select e.shard, h.head + 1, 'evt_2' || substr(e.id, 6), organizer_id, merchant_id, owner_id, 'tkt_2' || substr(stream, 6), 1, type, command_id, recorded_at,
    replace(replace(replace(envelope, '"position":"' || e.position || '"', '"position":"' || h.head + 1 || '"'), e.id, 'evt_2' || substr(e.id, 6)), e.stream, 'tkt_2' || substr(stream, 6))
  from events e join log_heads() h using (shard) where (e.shard, e.position) = (${FIRST_TICKET})`;

const HARMS: readonly (readonly [what: string, sql: string, finding: RegExp])[] = [
  ["an event is lost", `delete from events where (shard, position) = (${FIRST_TICKET})`, /^shard \d+: position \d+ follows \d+/],
  ["a ticket is lost", `delete from events where (shard, position) = (${FIRST_TICKET})`, /^item on a ticket: .* is there 0 times, not 1/],
  ["a ticket is there twice", DOUBLE_TICKET, /^item on a ticket: .* is there 2 times, not 1/],
  ["a ticket's row is lost", "delete from kitchen_tickets where ticket_id = (select min(ticket_id) from kitchen_tickets)", /^the kitchen's own list of tickets: .* is there 0 times/],
  ["an answered command is lost", "delete from commands where command_id = (select min(command_id) from commands where answer like '%\"check\"%')", /^order\.addItems \w+ was answered and is not in the log/],
  ["an answer is another", "update commands set answer = '{\"ok\":true,\"result\":{}}' where answer like '%\"sent\":%'", /^order\.send \w+ was answered .* the log says/],
  ["a command's event is another's", "update events set command_id = 'x' where type = 'sale.order.sent'", /^order\.send \w+ its event: .* is there 0 times/],
  ["an item is entered twice", "update events set envelope = replace(envelope, '\"items\":[', '\"items\":[' || (envelope::jsonb #> '{data,items,0}')::text || ',') where type = 'sale.order.itemsAdded'", /^item: itm_\w+ by \w+ is there 2 times/],
  ["a stored state is another", "update aggregates set head = jsonb_set(head::jsonb, '{label}', '\"x\"') where kind = 'order'", /^ord_\w+ is stored as/],
  ["a stored state is lost", "delete from aggregates where kind = 'order'", /^stored state: ord_\w+ is there 0 times/],
  ["a countdown is another", "update countdowns set remaining = remaining + 1", /^portions left: /],
  ["a journal is there twice", "insert into ledger_journals select merchant_id, 'evt_2' || substr(journal_id, 6), event_id, event_type, currency, business_date, occurred_at, posted_at, memo, null from ledger_journals", /^posting: .* is there 2 times, not 1/],
  ["a journal is lost", "delete from ledger_entries where account = '4000' or account = '1100'; delete from ledger_journals where journal_id like '%/sale'", /^posting: .* as sale is there 0 times/],
  ["a journal is out of balance", "update ledger_entries set amount = amount + 1 where account = '2100'", /^journal .* is out of balance by/],
  ["the books are out of balance", "update ledger_entries set amount = amount + 1 where account = '2100'", /^the trial balance of .* is out by/],
  ["a prepayment is left behind", "delete from ledger_entries where account = '2020' and amount > 0", /^2020 of chk_\w+ is -\d+, not 0/],
  ["a drawer has too little", "update ledger_entries set amount = amount - 1 where account = '1010'", /^1010 of drw_\w+ is/],
  ["a balance is another", "update ledger_balances set debit = debit + 1", /^balance: /],
  ["an ingredient is taken twice", "update stock_levels set on_hand = on_hand - 1", /^on the shelf: /],
  ["a movement is lost", "delete from stock_movements where reason = 'sale'", /^sum of movements: /],
  ["a day's sales are another", "update sales_days set checks = checks + 1", /^day of sales: /],
  ["a tender is counted twice", "update sales_tenders set payments = payments + 1", /^day of tenders: /],
  ["a print job is lost", "delete from print_jobs where kind = 'ticket'", /^print job: ticket for .* is there 0 times/],
  ["a print job is left behind", "update print_jobs set state = 'queued' where kind = 'ticket'", /^print job .* ended as queued/],
  ["a slip says something else than the log", "update print_jobs set slip = jsonb_build_object('lines', jsonb_path_query_array(slip::jsonb, '$.lines[*] ? (@.kind != \"columns\")')) where kind = 'ticket'", /^slip prt_\w+ \(ticket\) does not say /],
  ["a slip's number is left out", "update print_jobs set number = number + 1 where kind = 'ticket'", /^slip \d+ of .* has number \d+/],
  ["the log was told otherwise", "update print_jobs set state = 'unknown' where kind = 'ticket'", /^print job .* is unknown, the log was told printed/],
  ["an event waits for a retry", "insert into parked_events values ('ledger', 1, 1, '{}', 'org', 'mer', now(), false, now())", /^ledger has parked 1\/1/],
  ["a consumer has stopped", "update consumer_checkpoints set position = position - 1 where consumer_group = 'stock' and position > 0", /^stock stands at/],
];

/** Of tables each of which the log is read for anew: at once, since reading it takes its time. */
const ANEW: readonly (readonly [what: string, sql: string, finding: RegExp])[] = [
  ["the day's taxes are gone", "delete from sales_taxes", /^read model sales_taxes has 0 rows that the log does not give, and not [1-9]/],
  ["the day's drawers are gone", "delete from sales_drawers", /^read model sales_drawers /],
  ["tenders are another method's", "update sales_tenders set method = 'voucher' where method = 'cash'", /^read model sales_tenders /],
  ["a day's balances are doubled", "update ledger_day_balances set debit = debit * 2, credit = credit * 2", /^read model ledger_day_balances /],
  ["what ingredients are worth is gone", "delete from ledger_ingredient_values", /^read model ledger_ingredient_values /],
  ["the tax is on another account", "update ledger_entries set account = '2200' where account = '2100'; update ledger_balances set account = '2310' where account = '2100'", /^read model ledger_entries /],
  ["journals are of the day before", "update ledger_journals set business_date = business_date - 1", /^read model ledger_journals /],
  ["links of the chain are gone", "delete from audit_chain where (owner_id, seq) in (select owner_id, max(seq) from audit_chain group by 1)", /^audit: .* was put in: the chain does not know it/],
];

/** What was tapped, billed, made and counted, in events and figures that hold together otherwise: at once, since they are of different checks. */
const REWORDED: typeof ANEW = [
  ["an item costs more than on the menu", `update events set envelope = replace(envelope, '"unitPrice":{"amount":"', '"unitPrice":{"amount":"1') where type = 'sale.order.itemsAdded'`, /^order\.addItems \w+: unitPrice of item itm_\w+ is/],
  ["bills are of what was not ordered", "select 1", /^item itm_\w+ \(.*\) is billed for \d+, and is/],
  ["a service charge that nobody owes", `update events set envelope = replace(envelope, '"serviceCharge":"', '"serviceCharge":"1') where type = 'sale.check.closed'`, /^the bill of ord_\w+: its service charge is/],
  ["tickets are of more than was sent", `update events set envelope = replace(envelope, '"quantity":"', '"quantity":"1') where type = 'sale.kitchen-ticket.created'`, /^ticket tkt_\w+: quantity of itm_\w+ is/],
  ["slips are of less than the tickets", "select 1", /^line of slip prt_\w+ \(ticket\): 1\dx \| /],
  ["a bump that left nothing", `update events set envelope = replace(envelope, 'ticket.completed', 'ticket.recalled') where type = 'sale.kitchen-ticket.completed'`, /^ticket\.bump \w+ was answered with a yes, and tkt_\w+ has no/],
  ["sales are of another year", `update events set envelope = replace(envelope, '"businessdate":"2', '"businessdate":"3') where type = 'sale.check.closed'`, /^sale\.check\.closed evt_\w+ is dated 3/],
  ["cash is another method's", "update sales_tenders set method = 'voucher' where method = 'cash'", /^day of a method: /],
];

/** As a bug that does a later event's work first would leave it: what was written first is written once more, after all else. */
const AGAIN = (table: string) => `with gone as (delete from ${table} where ctid = (select ctid from ${table} order by ctid limit 1) returning *) insert into ${table} select * from gone`;
const UNORDERED: typeof ANEW = [
  ["a journal was posted after what came later", AGAIN("ledger_journals"), /^order of mer_\w+: journal .* was done before journal/],
  ["a movement was made after what came later", AGAIN("stock_movements"), /^order of mer_\w+: movement .* was done before movement/],
  ["a job stands behind a later one of its check", "alter table print_jobs alter seq drop identity; update print_jobs set seq = -seq", /^order of chk_\w+ on \w+: print job .* was done before print job/],
];

describe("the checks report harm", () => {
  test("what is read from the log anew is not what is there", async () => {
    const findings = await findingsAfter((tx) => tx.unsafe(ANEW.map(([, sql]) => sql).join(";")), {}, async (tx, history) => [...(await checkReadModels(tx, history)), ...(await checkChain(tx))]);
    for (const [what, , finding] of ANEW) expect(findings, what).toContainEqual(expect.stringMatching(finding));
  });

  test("what was tapped is not what was billed, made and counted", async () => {
    const findings = await findingsAfter((tx) => tx.unsafe(REWORDED.map(([, sql]) => sql).join(";")));
    for (const [what, , finding] of REWORDED) expect(findings, what).toContainEqual(expect.stringMatching(finding));
  });

  test.each(UNORDERED)("%s", async (_, sql, finding) => {
    expect(await findingsAfter((tx) => tx.unsafe(sql))).toContainEqual(expect.stringMatching(finding));
  });

  test("an order's tickets were made in another order", async () => {
    const { history } = (await stage.admin.begin("read only", async (tx) => ({ history: await readHistory(tx) }))) as { history: History };
    expect(checkAppended(history)).toEqual([]);
    expect(checkAppended({ ...history, all: history.all.toReversed() })).toContainEqual(expect.stringMatching(/^order of ord_\w+: sale\.kitchen-ticket\S+ evt_\w+ was done before/));
  });

  test.each(HARMS)("%s", async (_, sql, finding) => {
    const findings = await findingsAfter((tx) => tx.unsafe(sql));
    expect(findings.filter((found) => finding.test(found))).not.toEqual([]);
  });

  test("a slip is on paper twice, or not at all", async () => {
    const slip = stage.paper.find(({ text }) => /slip \d/.test(text));
    if (slip === undefined) throw new Error("no slip was printed");
    const nothing = async () => undefined;
    expect(await findingsAfter(nothing, { paper: [...stage.paper, slip] })).toContainEqual(expect.stringMatching(/^slip: .* is there 2 times, not 1/));
    expect(await findingsAfter(nothing, { paper: stage.paper.filter((other) => other !== slip) })).toContainEqual(expect.stringMatching(/^slip: .* is there 0 times, not 1/));
  });

  test("a printer's slips of which nobody saw the end are counted", async () => {
    let unseen = 0;
    await findingsAfter((tx) => tx`update print_jobs set state = 'unknown' where kind = 'ticket'`, {}, async (tx) => {
      unseen = (await unseenSlips(tx)).reduce((sum, printer) => sum + printer.unseen, 0);
      return [];
    });
    expect(unseen).toBeGreaterThan(0);
  });

  const isTicket = ({ text }: { readonly text: string }) => /\bslip \d+\s*$/m.test(text);
  type Paper = Stage["paper"];
  const PAPERS: readonly (readonly [what: string, change: (paper: Paper) => Paper, finding: RegExp])[] = [
    ["bills, receipts and cash papers are there twice", (paper) => paper.flatMap((slip) => (slip.cut && !isTicket(slip) ? [slip, slip] : [slip])), /^slip: (bill|receipt|cash|report) .* is there 2 times, not 1/],
    ["bills, receipts and cash papers are not there", (paper) => paper.filter((slip) => !slip.cut || isTicket(slip)), /^slip: (bill|receipt|cash) .* is there 0 times, not 1/],
    ["of tickets only their number is there", (paper) => paper.map((slip) => (isTicket(slip) ? { ...slip, text: /\bslip \d+\s*$/m.exec(slip.text)?.[0] ?? "" } : slip)), /^slip: ticket .* is there 0 times, not 1/],
    ["a bill that was printed once more does not say so", (paper) => paper.map((slip) => ({ ...slip, text: slip.text.replace(/^.*REPRINT.*\n/, "") })), /^slip: bill .* is there 0 times, not 1/],
    ["the paper of each printer came out in reverse", (paper) => paper.toReversed(), /: (ticket|bill|receipt|void) \d+ .* was overtaken by/],
    ["tickets are there once more, whole and not cut", (paper) => [...paper, ...paper.filter(isTicket).map((slip) => ({ ...slip, cut: false }))], /has paper that is nobody's slip/],
    ["a drawer was not opened once", (paper) => paper.filter((slip) => slip !== paper.find(({ drawerKicks }) => drawerKicks > 0)), /opened its drawer \d+ times, not \d+/],
    ["a drawer was opened once more", (paper) => [...paper, ...paper.filter(({ drawerKicks }) => drawerKicks > 0).slice(0, 1)], /opened its drawer \d+ times, not \d+/],
  ];
  test.each(PAPERS)("%s", async (_, change, finding) => {
    expect(await findingsAfter(async () => undefined, { paper: change(stage.paper) })).toContainEqual(expect.stringMatching(finding));
  });

  test("a bill is there for which nobody asked", async () => {
    const devices = devicesOf(stage.restaurants).map((device) => ({ ...device, sent: device.sent.filter(({ type, answer }) => type !== "check.present" || answer?.ok !== true) }));
    expect(await findingsAfter(async () => undefined, { devices })).toContainEqual(expect.stringMatching(/^what was asked for: check\.present of chk_\w+ is there \d+ times, not 0$/));
  });

  test("an event comes from a tap that nobody made", async () => {
    const [tablet, ...others] = devicesOf(stage.restaurants);
    if (tablet === undefined) throw new Error("there is no tablet");
    const findings = await findingsAfter(async () => undefined, { devices: [{ ...tablet, sent: tablet.sent.slice(1) }, ...others] });
    expect(findings).toContainEqual(expect.stringMatching(/comes from command \w+, which nobody gave/));
  });

  test("a screen shows something else, or came there by a new snapshot", async () => {
    const [restaurant] = stage.restaurants;
    if (restaurant === undefined) throw new Error("there is no restaurant");
    const { merchant, tablets, manager } = restaurant;
    const history = (await stage.admin.begin("read only", readHistory)) as Awaited<ReturnType<typeof readHistory>>;
    const rename = (from: string, to: string) => stage.admin`update aggregates set head = replace(head::text, ${from}, ${to})::json where stream = ${merchant}`;
    expect(await checkScreen(manager, history)).toEqual([]);
    await rename("Trattoria", "Osteria");
    for (const device of [manager, ...tablets]) expect(await checkScreen(device, history)).toContainEqual(expect.stringMatching(/shows merchant mer_\w+ at version/));
    await rename("Osteria", "Trattoria");
    expect(await checkScreen({ ...manager, snapshots: () => 2 }, history)).toContainEqual(expect.stringMatching(/took 2 snapshots/));
    const [first, second, ...rest] = manager.heard;
    if (first === undefined || second === undefined) throw new Error("the manager's screen was brought nothing");
    for (const heard of [[second, ...rest], [first, first, second, ...rest], [second, first, ...rest], [first, second, ...rest.slice(0, -1)]]) {
      expect(await checkScreen({ ...manager, heard }, history)).toContainEqual(expect.stringMatching(/was brought (position \d+|nothing) of shard \d+ as the \d+th event/));
    }
    const without = { ...history, states: new Map([...history.states].filter(([, { kind }]) => kind !== "payment")) };
    expect(await checkScreen(manager, without)).toContainEqual(expect.stringMatching(/keeps payment pay_\w+/));
  });

  test("a stream of Redis has a hole", async () => {
    const { redis } = stage.stack;
    const { history, epoch } = (await stage.admin.begin("read only", async (tx) => ({ history: await readHistory(tx), epoch: (await readEpoch(tx)) ?? "" }))) as { history: Awaited<ReturnType<typeof readHistory>>; epoch: string };
    expect(await checkStreams(redis.url, epoch, history)).toEqual([]);
    const client = new Redis(redis.url);
    await client.xdel(streamKey(shardOf(stage.restaurants[0]?.merchant ?? ""), epoch), "5-0");
    client.disconnect();
    expect(await checkStreams(redis.url, epoch, history)).toContainEqual(expect.stringMatching(/^stream of shard \d+ has/));
  });
});
