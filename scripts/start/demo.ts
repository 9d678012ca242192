import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./child.ts";
import type { DataFolder } from "./data-folder.ts";
import type { DemoPorts } from "./demo-printers.ts";
import type { Environment } from "./processes.ts";
import { cannotStart } from "./report.ts";
import { runTool, tail } from "./tool.ts";

/** What the seed says of the restaurants that it made or found: its last line, as JSON. */
export type Seeded = {
  /** One line: made now, or there already. */
  readonly says: string;
  readonly people: readonly { readonly place: string; readonly name: string; readonly role: string; readonly pin: string }[];
};

/** Which seed was sown into which log: another epoch is another database or a restored one (LOG-7). */
type Sown = { readonly epoch: string; readonly seed: string; readonly people: Seeded["people"] };

function hashOfSeed(): string {
  const folder = join(ROOT, "scripts/seed");
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

function sownIn(path: string): Sown | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Sown;
  } catch {
    return undefined;
  }
}

/** The demo restaurants, made by commands like any others. What is there is left alone, and not asked for again. */
export async function seedDemo(data: DataFolder, env: Environment, hubUrl: string, epoch: string, ports: DemoPorts): Promise<Seeded> {
  const path = join(data.dir, "seeded.json");
  const seed = hashOfSeed();
  const sown = sownIn(path);
  if (sown?.epoch === epoch && sown.seed === seed) return { says: "made at an earlier start", people: sown.people };

  const run = await runTool(
    process.execPath,
    [join(ROOT, "scripts/seed/main.ts")],
    { ...env, HUB_URL: hubUrl, COMANDA_PRINTERS: JSON.stringify(ports.printers) },
    (pid) => data.noteStarted("seed", pid),
  );
  if (run.status !== 0) throw cannotStart(`The demo restaurants could not be made:\n${tail(run.output)}`);
  const line = run.output.trim().split("\n").findLast((text) => text.startsWith("{"));
  if (line === undefined) throw cannotStart(`The seed said nothing of what it made:\n${tail(run.output)}`);
  const seeded = JSON.parse(line) as Seeded;
  writeFileSync(path, JSON.stringify({ epoch, seed, people: seeded.people } satisfies Sown));
  return seeded;
}
