import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres } from "#scripts/testing/services.ts";
import { connect } from "#hub/db/client.ts";
import { createEventLog } from "./append.ts";
import { change, command, newMerchant, newOrder } from "./testing/commands.ts";
import { cuttingProxy, type CuttingProxy } from "./testing/cutting-proxy.ts";
import { openLog, type LogUnderTest } from "./testing/open-log.ts";
import type { AppendOutcome } from "./types.ts";
import { waitFor } from "./testing/wait-for.ts";

let it: LogUnderTest;
let proxy: CuttingProxy;
beforeAll(async () => {
  it = await openLog();
  proxy = await cuttingProxy(it.database.adminUrl);
});
afterAll(async () => {
  await proxy.close();
  await it.close();
});

describe("LOG-3 a lost connection", () => {
  test("after COMMIT and before the answer: the same ids are sent again, each command is in once and gets its answer", async () => {
    const log = await it.another({ hubUrl: proxy.through(it.database.hubUrl) });
    const owner = newMerchant();
    await log.append(command(owner, [change(newOrder(), 0)]));
    const sent = [command(owner, [change(newOrder(), 0)]), command(owner, [change(newOrder(), 0)])];
    proxy.swallowAnswers();
    const answers = sent.map((each) => log.append(each));
    await waitFor("the commit", 10_000, async () => {
      const [row] = await it.admin<{ n: bigint }[]>`select count(*) as n from commands where command_id = any(${sent.map((each) => each.commandId)})`;
      return row?.n === 2n;
    });
    proxy.heal();
    proxy.cut();
    for (const [i, answer] of (await Promise.all(answers)).entries()) {
      expect(answer).toMatchObject({ outcome: "repeat", answer: sent[i]?.answer });
    }
    expect(await it.admin`select from events where command_id = any(${sent.map((each) => each.commandId)})`).toHaveLength(2);
  });

  test("a server that stays silent is taken for lost, and the batch is sent over a new connection", async () => {
    const log = await it.another({ hubUrl: proxy.through(it.database.hubUrl), answerMs: 300 });
    await log.append(command(newMerchant(), [change(newOrder(), 0)]));
    proxy.swallowAnswers();
    const sent = command(newMerchant(), [change(newOrder(), 0)]);
    const answer = log.append(sent);
    await waitFor("the commit", 10_000, async () => (await it.admin`select from commands where command_id = ${sent.commandId}`).length === 1);
    const asked = proxy.received;
    await waitFor("another dial", 10_000, () => proxy.received > asked);
    proxy.heal();
    expect((await answer).outcome).toBe("repeat");
  });

  test("a backend that is terminated at any moment of a load loses nothing and doubles nothing", async () => {
    const owners = Array.from({ length: 4 }, newMerchant);
    let loading = true;
    const outcomes: AppendOutcome[] = [];
    const killer = (async () => {
      for (let answered = -1; loading; answered = outcomes.length) {
        // Not before something was answered since: a machine that is slower than the next kill would never get anywhere.
        await waitFor("an answer", 30_000, () => !loading || outcomes.length > answered);
        await it.admin`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'comanda-log-append' and datname = current_database()`;
        await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 250));
      }
    })();
    const sent = Array.from({ length: 400 }, (_, i) => command(owners[i % 4] ?? newMerchant(), [change(newOrder(), 0)]));
    for (let i = 0; i < sent.length; i += 20) {
      outcomes.push(...(await Promise.all(sent.slice(i, i + 20).map((each) => it.log.append(each)))));
    }
    loading = false;
    await killer;
    expect(outcomes.filter(({ outcome }) => outcome !== "appended" && outcome !== "repeat")).toEqual([]);
    const [row] = await it.admin<{ events: bigint; commands: bigint }[]>`
      select count(*) as events, count(distinct command_id) as commands from events where command_id = any(${sent.map((each) => each.commandId)})`;
    expect(row).toEqual({ events: 400n, commands: 400n });
  });

  test("Postgres that is away is said to be, within a bounded time, and the same id goes in once it is back", async () => {
    const server = await startPostgres({ migrated: true });
    try {
      const as = (role: string) => server.url.replace("postgres@", `${role}@`);
      const log = await createEventLog({ hubUrl: as("comanda_hub"), consumerUrl: as("comanda_consumer"), awayMs: 600 });
      const sent = command(newMerchant(), [change(newOrder(), 0)]);
      await server.kill("SIGKILL");
      const started = Date.now();
      expect(await log.append(sent)).toEqual({ outcome: "unavailable", reason: "database-away" });
      expect(Date.now() - started).toBeLessThan(4_000);
      expect(log.state().append.database).toBe("away");
      await server.restart();
      // Within the short bound a first try may still be refused.
      await waitFor("its answer", 20_000, async () => ["appended", "repeat"].includes((await log.append(sent)).outcome));
      expect(log.state().append.database).toBe("up");
      const sql = connect(server.url, { max: 1 });
      expect(await sql`select from events`).toHaveLength(1);
      await sql.end();
      await log.close();
    } finally {
      await server.stop();
    }
  });
});
