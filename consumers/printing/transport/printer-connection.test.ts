import { afterEach, describe, expect, test } from "vitest";
import { type AddressInfo, connect, createServer } from "node:net";
import { startSimulator, type RunningSimulator } from "#scripts/printer-simulator/simulator.ts";
import type { Mood } from "#scripts/printer-simulator/moods.ts";
import { buildSlip } from "../escpos/builder.ts";
import { PROFILES, type PrinterProfile } from "../escpos/profiles.ts";
import type { Slip } from "../escpos/slip.ts";
import type { Cause } from "./causes.ts";
import { PrinterConnection, type SendOutcome, type Timing } from "./printer-connection.ts";

const QUICK: Timing = {
  connectMs: 500,
  // The printer is simulated in this process: it must not be the machine that is blamed.
  answerMs: 400,
  settleMs: 10,
  stallMs: 300,
  completionMs: 500,
  troubleMs: 2_000,
  pollMs: 50,
  idleMs: 5_000,
  reopenMs: 20,
  halfCloseMs: 200,
};
const SLIP: Slip = { lines: [{ kind: "text", text: "1x Burger" }, { kind: "text", text: "2x Latte" }, { kind: "cut" }] };
const LONG: Slip = { lines: [...Array.from({ length: 400 }, (_, i) => ({ kind: "text", text: `line ${i} of a long slip` }) as const), { kind: "cut" }] };
const FIRM = PROFILES["epson-tm-t20iii"];
const PROBE = PROFILES["generic-80"];
const PLAIN = PROFILES["generic-58"];

let simulator: RunningSimulator | undefined;
let connections: PrinterConnection[] = [];
let causes: (Cause | null)[] = [];
let late: string[] = [];

afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await simulator?.stop();
  simulator = undefined;
  connections = [];
  causes = [];
  late = [];
});

async function printerInMood(mood: Mood, options: { processId?: boolean } = {}) {
  simulator = await startSimulator({ http: 0, printers: [{ name: "Bar", port: 0, ...options }] });
  const [printer] = simulator.printers;
  if (!printer) throw new Error("no printer");
  const { port } = printer.state;
  await printer.setMood(mood);
  return { printer, port, tray: simulator.tray };
}

function connectionTo(port: number, profile: PrinterProfile, timing: Partial<Timing> = {}): PrinterConnection {
  const connection = new PrinterConnection({
    host: "127.0.0.1",
    port,
    status: profile.status,
    timing: { ...QUICK, ...timing },
    onTrouble: (cause) => causes.push(cause),
    onLateConfirmation: (id) => late.push(id),
  });
  connections.push(connection);
  return connection;
}

async function send(connection: PrinterConnection, profile: PrinterProfile, slip = SLIP, id = "AB12", signal = new AbortController().signal): Promise<SendOutcome> {
  return connection.send({ bytes: await buildSlip(slip, profile), processId: id, mayStart: async () => true, signal });
}

describe("a printer that answers and confirms (GS ( H)", () => {
  test("ok: printed, and the next job goes over the same connection", async () => {
    const { port, printer, tray } = await printerInMood({ mood: "ok" });
    const connection = connectionTo(port, FIRM);
    expect(await send(connection, FIRM)).toMatchObject({ outcome: "printed" });
    expect(await send(connection, FIRM, SLIP, "AB13")).toMatchObject({ outcome: "printed" });
    expect(printer.state.connections).toBe(1);
    expect(tray.list().map((slip) => slip.text)).toEqual(["1x Burger\n2x Latte", "1x Burger\n2x Latte"]);
  });

  test("offline: failed with no byte sent, so that it may be tried again; back again: printed", async () => {
    const { port, printer } = await printerInMood({ mood: "offline" });
    const connection = connectionTo(port, FIRM);
    expect(await send(connection, FIRM)).toEqual({ outcome: "failed", bytesSent: 0, cause: "unreachable" });
    await printer.setMood({ mood: "ok" });
    expect(await send(connection, FIRM)).toMatchObject({ outcome: "printed" });
  });

  test("an address that swallows packets: unreachable within the connect time-out", async () => {
    const begun = performance.now();
    const connection = new PrinterConnection({ host: "192.0.2.1", port: 9100, status: FIRM.status, timing: { ...QUICK, connectMs: 200 } });
    expect(await send(connection, FIRM)).toMatchObject({ outcome: "failed", cause: "unreachable" });
    // The system itself would try for two minutes.
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test("stall: a printer that answers nothing is blamed before a byte leaves", async () => {
    const { port, tray } = await printerInMood({ mood: "stall", afterBytes: 0 });
    expect(await send(connectionTo(port, FIRM), FIRM)).toEqual({ outcome: "failed", bytesSent: 0, cause: "no-answer" });
    expect(tray.list()).toEqual([]);
  });

  test("stall in the middle of a job: unknown, never failed", async () => {
    const { port } = await printerInMood({ mood: "stall", afterBytes: 40 });
    const outcome = await send(connectionTo(port, FIRM), FIRM);
    expect(outcome).toMatchObject({ outcome: "unknown", cause: "no-answer" });
    expect(outcome.bytesSent).toBeGreaterThan(0);
  });

  test("reset in the middle of a job: unknown; half a slip came out", async () => {
    const { port, tray } = await printerInMood({ mood: "reset-after-bytes", bytes: 2_000 });
    const outcome = await send(connectionTo(port, FIRM), FIRM, LONG);
    expect(outcome).toMatchObject({ outcome: "unknown", cause: "link-lost" });
    expect(outcome.bytesSent).toBeGreaterThan(0);
    await expect.poll(() => tray.list()[0]?.cut, { timeout: 3_000 }).toBe(false);
  });

  test.each([
    { mood: "cover-open", cause: "cover-open" },
    { mood: "paper-out", cause: "paper-out" },
  ] as const)("$mood before the job: the real cause, no byte sent", async ({ mood, cause }) => {
    const { port, tray } = await printerInMood({ mood, afterBytes: 0 });
    expect(await send(connectionTo(port, FIRM), FIRM)).toEqual({ outcome: "failed", bytesSent: 0, cause });
    expect(tray.list()).toEqual([]);
  });

  test.each(["cover-open", "paper-out"] as const)("%s during the job: the cause is told, and once it is mended the same bytes are printed once", async (mood) => {
    const { port, printer, tray } = await printerInMood({ mood, afterBytes: 10 });
    const sending = send(connectionTo(port, FIRM, { completionMs: 200 }), FIRM);
    await expect.poll(() => causes, { timeout: 2_000 }).toEqual([mood]);
    await printer.setMood({ mood: "ok" });
    expect(await sending).toMatchObject({ outcome: "printed" });
    expect(causes).toEqual([mood, null]);
    expect(tray.list()).toHaveLength(1);
  });

  test("a cover that stays open: unknown with the cause after the bounded wait", async () => {
    const { port } = await printerInMood({ mood: "cover-open", afterBytes: 10 });
    expect(await send(connectionTo(port, FIRM, { troubleMs: 400 }), FIRM)).toMatchObject({ outcome: "unknown", cause: "cover-open" });
  });

  test("late answers within the bound: printed", async () => {
    const { port } = await printerInMood({ mood: "late", ms: 80 });
    expect(await send(connectionTo(port, FIRM), FIRM)).toMatchObject({ outcome: "printed" });
  });

  test("answers later than the bound never count for another question: no byte is sent", async () => {
    const { port, tray } = await printerInMood({ mood: "late", ms: 900 });
    expect(await send(connectionTo(port, FIRM), FIRM)).toEqual({ outcome: "failed", bytesSent: 0, cause: "no-answer" });
    expect(tray.list()).toEqual([]);
  });

  test("every answer twice: three jobs, three slips, each printed", async () => {
    const { port, tray } = await printerInMood({ mood: "answer-twice" });
    const connection = connectionTo(port, FIRM);
    for (const id of ["AAAA", "AAAB", "AAAC"]) expect(await send(connection, FIRM, SLIP, id)).toMatchObject({ outcome: "printed" });
    expect(tray.list()).toHaveLength(3);
  });

  test("silent where answers are promised: no-answer, no byte sent", async () => {
    const { port } = await printerInMood({ mood: "silent" });
    expect(await send(connectionTo(port, FIRM), FIRM)).toMatchObject({ outcome: "failed", bytesSent: 0, cause: "no-answer" });
  });

  test("a model that does not know GS ( H: everything sent, unknown because nothing confirms it", async () => {
    const { port } = await printerInMood({ mood: "ok" }, { processId: false });
    expect(await send(connectionTo(port, FIRM), FIRM)).toMatchObject({ outcome: "unknown", cause: "not-confirmed" });
  });

  test("a second caller is turned away: the printer is taken, no byte sent", async () => {
    const { port } = await printerInMood({ mood: "ok" });
    const other = connect(port, "127.0.0.1");
    await new Promise((resolve) => other.once("connect", resolve));
    expect(await send(connectionTo(port, FIRM), FIRM)).toMatchObject({ outcome: "failed", bytesSent: 0 });
    other.destroy();
  });

  test("an idle connection that died without a word is replaced before the printer is blamed", async () => {
    const { port, printer, tray } = await printerInMood({ mood: "ok" });
    const connection = connectionTo(port, FIRM);
    await send(connection, FIRM);
    await printer.setMood({ mood: "offline" });
    await printer.setMood({ mood: "ok" });
    expect(await send(connection, FIRM, SLIP, "AB13")).toMatchObject({ outcome: "printed" });
    expect(tray.list()).toHaveLength(2);
  });

  test("an idle connection is closed and the next job opens another", async () => {
    const { port, printer } = await printerInMood({ mood: "ok" });
    const connection = connectionTo(port, FIRM, { idleMs: 30 });
    await send(connection, FIRM);
    await expect.poll(() => connection.state).toBe("closed");
    await expect.poll(() => printer.state.connected).toBe(false);
    expect(await send(connection, FIRM, SLIP, "AB13")).toMatchObject({ outcome: "printed" });
    expect(printer.state.connections).toBe(2);
  });

  test("not allowed to start: nothing is sent", async () => {
    const { port, tray } = await printerInMood({ mood: "ok" });
    const bytes = await buildSlip(SLIP, FIRM);
    const outcome = await connectionTo(port, FIRM).send({ bytes, processId: "AB12", mayStart: async () => false, signal: new AbortController().signal });
    expect(outcome).toEqual({ outcome: "failed", bytesSent: 0, cause: "not-allowed" });
    expect(tray.list()).toEqual([]);
  });

  test("stopped while the printer holds the job: unknown at once", async () => {
    const { port } = await printerInMood({ mood: "cover-open", afterBytes: 10 });
    const stop = new AbortController();
    const sending = send(connectionTo(port, FIRM), FIRM, SLIP, "AB12", stop.signal);
    await expect.poll(() => causes).toEqual(["cover-open"]);
    stop.abort();
    expect(await sending).toMatchObject({ outcome: "unknown", cause: "cover-open" });
  });

  test("a job given up as unknown is confirmed later by its own id", async () => {
    const { port, printer } = await printerInMood({ mood: "cover-open", afterBytes: 10 });
    const connection = connectionTo(port, FIRM, { troubleMs: 100 });
    expect(await send(connection, FIRM, SLIP, "OLD1")).toMatchObject({ outcome: "unknown" });
    const second = send(connection, FIRM, SLIP, "NEW1");
    await expect.poll(() => printer.state.connections, { interval: 1 }).toBe(2);
    await printer.setMood({ mood: "ok" });
    await second;
    await send(connection, FIRM, SLIP, "NEW2");
    expect(late).toContain("OLD1");
  });
});

describe("a printer of any maker (DLE EOT if it answers, GS r)", () => {
  test("ok: printed, by the trailing GS r", async () => {
    const { port } = await printerInMood({ mood: "ok" }, { processId: false });
    expect(await send(connectionTo(port, PROBE), PROBE)).toMatchObject({ outcome: "printed" });
  });

  test("silent: sent, which says no more than it knows", async () => {
    const { port, tray } = await printerInMood({ mood: "silent" });
    expect(await send(connectionTo(port, PROBE), PROBE)).toMatchObject({ outcome: "sent" });
    await expect.poll(() => tray.list().length).toBe(1);
  });

  test("every answer twice: three jobs, three slips", async () => {
    const { port, tray } = await printerInMood({ mood: "answer-twice" });
    const connection = connectionTo(port, PROBE);
    for (const id of ["AAAA", "AAAB", "AAAC"]) expect(await send(connection, PROBE, SLIP, id)).toMatchObject({ outcome: "printed" });
    expect(tray.list()).toHaveLength(3);
  });

  test("paper out: the cause, no byte sent", async () => {
    const { port } = await printerInMood({ mood: "paper-out", afterBytes: 0 });
    expect(await send(connectionTo(port, PROBE), PROBE)).toEqual({ outcome: "failed", bytesSent: 0, cause: "paper-out" });
  });
});

describe("a printer that confirms nothing", () => {
  test("ok before and after: sent", async () => {
    const { port } = await printerInMood({ mood: "ok" });
    expect(await send(connectionTo(port, PLAIN), PLAIN)).toMatchObject({ outcome: "sent" });
  });

  test("a cover opened during the job is waited for", async () => {
    const { port, printer, tray } = await printerInMood({ mood: "cover-open", afterBytes: 10 });
    const sending = send(connectionTo(port, PLAIN), PLAIN);
    await expect.poll(() => causes).toEqual(["cover-open"]);
    await printer.setMood({ mood: "ok" });
    expect(await sending).toMatchObject({ outcome: "sent" });
    await expect.poll(() => tray.list().length, { timeout: 3_000 }).toBe(1);
  });
});

describe("a printer that nothing is printed on", () => {
  test.each([
    { mood: "ok", cause: null },
    { mood: "offline", cause: "unreachable" },
    { mood: "cover-open", afterBytes: 0, cause: "cover-open" },
    { mood: "stall", afterBytes: 0, cause: "no-answer" },
  ] as const)("PRN-27: $mood is told, and what was opened for the question is closed again", async ({ cause, ...mood }) => {
    const { port, printer } = await printerInMood(mood);
    const connection = connectionTo(port, FIRM);
    expect(await connection.check()).toBe(cause);
    expect(connection.state).toBe("closed");
    await expect.poll(() => printer.state.connected).toBe(false);
  });

  test("PRN-27: a job that comes during the question waits for its answer only, on the same connection", async () => {
    const { port, printer, tray } = await printerInMood({ mood: "late", ms: 150 });
    const connection = connectionTo(port, FIRM);
    const checking = connection.check();
    const sending = send(connection, FIRM);
    expect(await checking).toBeUndefined();
    expect(await sending).toMatchObject({ outcome: "printed" });
    expect(printer.state.connections).toBe(1);
    expect(tray.list()).toHaveLength(1);
    expect(await connection.check()).toBeNull();
    expect(printer.state.connections).toBe(1);
  });

  test("PRN-27: a connection that was open stays open for as long as it would have, however often it is asked", async () => {
    const { port, printer } = await printerInMood({ mood: "ok" });
    const connection = connectionTo(port, FIRM, { idleMs: 400 });
    await send(connection, FIRM);
    let asked = 0;
    await expect
      .poll(async () => {
        if (connection.state === "ready") asked += (await connection.check()) === null ? 1 : 0;
        return printer.state.connected;
      }, { timeout: 5_000, interval: 50 })
      .toBe(false);
    expect(asked).toBeGreaterThan(0);
    expect(connection.state).toBe("closed");
  });

  test("PRN-27: of one that says nothing only the connection is tried, so that nobody waits for an answer again", async () => {
    const heard: number[] = [];
    const server = createServer((socket) => {
      heard.push(0);
      socket.on("data", (bytes) => heard.push(bytes.length));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const connection = connectionTo((server.address() as AddressInfo).port, PROBE, { answerMs: 100 });
    expect([await connection.check(), await connection.check()]).toEqual([null, null]);
    expect(heard).toEqual([0, 3, 0]);
    await new Promise((resolve) => server.close(resolve));
    expect(await connection.check()).toBe("unreachable");
  });
});
