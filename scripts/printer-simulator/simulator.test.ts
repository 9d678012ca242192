import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import sharp from "sharp";
import { afterEach, describe, expect, test } from "vitest";
import { qrModules } from "#shared/qr/qr-code.ts";
import type { Mood } from "./moods.ts";
import { startSimulator, type RunningSimulator } from "./simulator.ts";
import type { SlipJson } from "./slips.ts";
import { Tokenizer } from "./tokens.ts";

let simulator: RunningSimulator | undefined;
afterEach(async () => {
  await simulator?.stop();
  simulator = undefined;
});

async function withPrinter() {
  simulator = await startSimulator({ http: 0, printers: [{ name: "Hot & cold", port: 0 }] });
  const { httpUrl, printers, tray } = simulator;
  return { httpUrl, printer: printers[0], port: printers[0]?.state.port ?? 0, tray };
}

async function print(port: number, ...bytes: (number | string)[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.end(Buffer.concat(bytes.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.of(part)))));
  await once(socket, "close");
}

const CUT = "\x1dV\x42\x00";

describe("the printer simulator", () => {
  test("shows a slip as text, as JSON and as a picture of its size", async () => {
    const { httpUrl, port } = await withPrinter();
    await print(port, "\x1b@\x1ba\x01\x1d!\x11\x1bE\x01\x1dB\x01 ADD \n\x1dB\x00\x1bE\x00\x1d!\x00\x1ba\x00Caf\x82\n", "\x1dv0\x00\x01\x00\x02\x00\xff\x81", CUT);
    const [slip] = (await (await fetch(`${httpUrl}/api/slips`)).json()) as SlipJson[];
    expect(slip).toMatchObject({ printer: "Hot & cold", number: 1, text: " ADD \nCafé\n[picture]", hasRaster: true, cut: true, drawerKicks: 0, unknown: [] });
    expect(slip?.lines[0]).toEqual({ kind: "text", text: " ADD ", align: "center", width: 2, height: 2, bold: true, invert: true });
    expect(slip?.lines[2]).toEqual({ kind: "picture", width: 8, height: 2, black: 10 });
    const png = await fetch(`${httpUrl}/api/slips/${slip?.id}.png`);
    expect(png.headers.get("content-type")).toBe("image/png");
    expect(await sharp(Buffer.from(await png.arrayBuffer())).metadata()).toMatchObject({ width: 576 + 56 });
  });

  test("a kick of the drawer is an entry of its own, apart from the next slip", async () => {
    const { port, tray } = await withPrinter();
    await print(port, "\x1b@\x1bp\x00\x19\xfa\x1b@Paid\n", CUT);
    expect(tray.list().map(({ text, drawerKicks }) => [text, drawerKicks])).toEqual([["Paid", 0], ["", 1]]);
  });

  test("what is not cut is torn off after a rest", async () => {
    const { port, tray } = await withPrinter();
    await print(port, "half a sl");
    await expect.poll(() => tray.list(), { timeout: 3_000 }).toMatchObject([{ text: "half a sl", cut: false }]);
  });

  test("commands cut anywhere by the network are the same commands", () => {
    const bytes = Buffer.from("\x1b@\x1c.A\x1bt\x10\xe9\n\x1dv0\x00\x01\x00\x03\x00\x0a\x1d\x56\x1d(H\x06\x0000ABCD\x10\x04\x01\x1d(k\x03\x001Q0\x1dVB\x00", "latin1");
    const whole = new Tokenizer().push(bytes).map(({ kind }) => kind);
    expect(whole).toEqual(["init", "setting", "text", "code-page", "text", "line-feed", "raster", "process-id", "real-time-status", "symbol", "cut"]);
    const piecemeal = new Tokenizer();
    expect([...bytes].flatMap((byte) => piecemeal.push(Uint8Array.of(byte)))).toEqual(new Tokenizer().push(bytes));
  });

  test("moods by HTTP: a wrong one is refused, offline closes the port, ok opens the same one", async () => {
    const { httpUrl, port, printer } = await withPrinter();
    const mood = (value: unknown, name = "Hot & cold") =>
      fetch(`${httpUrl}/api/printers/${encodeURIComponent(name)}/mood`, { method: "POST", body: JSON.stringify(value) });
    expect((await mood({ mood: "sulking" })).status).toBe(400);
    expect((await mood({ mood: "ok" }, "Nobody")).status).toBe(404);
    expect((await mood({ mood: "offline" })).status).toBe(200);
    await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
    expect((await mood({ mood: "ok" })).status).toBe(200);
    expect(printer?.state.port).toBe(port);
    await print(port, "back\n", CUT);
    expect(await (await fetch(`${httpUrl}/api/slips`)).json()).toMatchObject([{ text: "back" }]);
  });

  test.each([
    [{ mood: "stall", afterBytes: 3 }, "\x1b@Paid"],
    [{ mood: "reset-after-bytes", bytes: 3 }, "\x1b@Paid"],
    [{ mood: "cover-open", afterBytes: 0 }, "\x10\x04\x01"],
    [{ mood: "paper-out", afterBytes: 0 }, "\x10\x04\x04"],
    [{ mood: "late", ms: 1 }, "\x10\x04\x01"],
    [{ mood: "answer-twice" }, "\x10\x04\x01"],
    [{ mood: "silent" }, "\x10\x04\x01"],
  ] satisfies [Mood, string][])("%j is met by who comes upon it, not before and not by the next", async (mood, bytes) => {
    const { port, printer } = await withPrinter();
    await printer?.setMood(mood);
    expect(printer?.state.met).toBe(0);
    const socket = connect(port, "127.0.0.1").on("error", () => undefined);
    await once(socket, "connect");
    socket.write(Buffer.from(bytes, "latin1"));
    await expect.poll(() => printer?.state.met).toBe(1);
    await printer?.setMood({ mood: "ok" });
    expect(printer?.state.met).toBe(0);
    socket.destroy();
  });

  test("keeps the last 200 slips of a printer", async () => {
    const { port, tray } = await withPrinter();
    await print(port, ...Array.from({ length: 205 }, (_, i) => `slip ${i}\n${CUT}`));
    expect(tray.list()).toHaveLength(200);
    expect(tray.list()[0]?.number).toBe(205);
  });

  test("is a process of its own that says when it is ready and ends on SIGTERM", async () => {
    const child = spawn(process.execPath, [new URL("./main.ts", import.meta.url).pathname, "--http", "0", "--printers", '[{"name":"Bar","port":0}]'], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const ready = JSON.parse(line.toString()) as { ready: boolean; http: string };
    expect(ready.ready).toBe(true);
    expect(await (await fetch(ready.http)).text()).toContain("<title>Comanda printers</title>");
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  test("a port that is taken: one sentence, exit code 1", async () => {
    const { port } = await withPrinter();
    const child = spawn(process.execPath, [new URL("./main.ts", import.meta.url).pathname, "--http", "0", "--printers", JSON.stringify([{ name: "Bar", port }])], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (chunk) => (said += String(chunk)));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(said).toMatch(/^The printer simulator cannot start: .*EADDRINUSE.*\n$/);
  });
});

test("QR symbols grow with what they hold", () => {
  expect([10, 40, 100, 300].map((length) => qrModules("x".repeat(length)).length)).toEqual([21, 29, 41, 69]);
});
