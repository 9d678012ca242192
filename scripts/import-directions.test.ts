import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

type Sample = { readonly folder: string; readonly suffix?: string; readonly source: string };

function importing(folder: string, from: string, suffix?: string): Sample {
  const source = `import { thing } from "${from}";\nexport const used = thing;\n`;
  return suffix === undefined ? { folder, source } : { folder, source, suffix };
}

const forbidden: readonly Sample[] = [
  importing("shared/domain", "#hub/log/types.ts"),
  importing("shared/domain", "../../hub/log/types.ts"),
  importing("shared/domain", "#consumers/runner/types.ts"),
  importing("shared/domain", "node:fs"),
  importing("shared/domain", "crypto"),
  importing("shared/domain", "#hub/log/types.ts", ".test.ts"),
  importing("consumers/kitchen", "#hub/commands/a.ts"),
  importing("consumers/kitchen", "../../hub/commands/a.ts"),
  importing("consumers/kitchen", "escpos"),
  importing("consumers/printing", "#hub/commands/a.ts"),
  importing("consumers/printing", "uWebSockets.js"),
  importing("hub/api", "#consumers/runner/types.ts"),
  importing("hub/api", "#scripts/testing/services.ts"),
  importing("hub/api", "uWebSockets.js"),
  importing("hub/api", "#scripts/start/main.ts", ".test.ts"),
  importing("hub/transport", "escpos"),
  importing("clients/kds", "#hub/api/router.ts"),
  importing("clients/kds", "#hub/log/types.ts"),
  importing("clients/kds", "../pos-web/a.ts"),
  importing("clients/kit", "../kds/a.ts"),
  importing("clients/pos-web", "#consumers/runner/types.ts"),
  importing("scripts", "uWebSockets.js"),
];

const allowed: readonly Sample[] = [
  importing("shared/domain", "#shared/ids.ts"),
  importing("shared/domain", "node:crypto", ".test.ts"),
  importing("consumers/kitchen", "#hub/log/types.ts"),
  importing("consumers/kitchen", "#hub/db/pool.ts"),
  importing("consumers/kitchen", "#consumers/runner/types.ts"),
  importing("consumers/kitchen", "#scripts/testing/services.ts", ".pg.test.ts"),
  importing("consumers/printing", "escpos"),
  importing("hub/transport", "uWebSockets.js"),
  importing("hub/api", "#hub/log/types.ts"),
  importing("clients/kds", "../kit/a.ts"),
  importing("clients/kds", "#shared/ids.ts"),
  importing("scripts", "#hub/log/types.ts"),
  { folder: "clients/kds", source: 'import type { AppRouter } from "#hub/api/router.ts";\nexport type Router = AppRouter;\n' },
];

const houseRules: readonly (readonly [rule: string, sample: Sample])[] = [
  ["no-explicit-any", { folder: "hub", source: "export const x: any = 1;\n" }],
  ["no-console", { folder: "hub", source: 'console.log("x");\nexport {};\n' }],
  ["no-floating-promises", { folder: "hub", source: "async function f(): Promise<void> {}\nf();\nexport {};\n" }],
  ["no-restricted-globals", { folder: "shared", source: 'export const x = process.env["A"];\n' }],
];

const samples = [...forbidden, ...allowed, ...houseRules.map(([, sample]) => sample)];
let dir: string;
let findings: readonly string[];

function fileOf(sample: Sample): string {
  return `${sample.folder}/sample-${samples.indexOf(sample)}${sample.suffix ?? ".ts"}`;
}

function findingsOf(sample: Sample): string {
  return findings.filter((line) => line.startsWith(`${fileOf(sample)}:`)).join("\n");
}

function titled(list: readonly Sample[]): [string, Sample][] {
  return list.map((sample) => [`${sample.folder}/*${sample.suffix ?? ".ts"}: ${sample.source.split("\n")[0]}`, sample]);
}

// Every sample in one run: the type-aware linter takes a third of a second to start.
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "comanda-lint-"));
  copyFileSync(join(root, ".oxlintrc.json"), join(dir, ".oxlintrc.json"));
  writeFileSync(join(dir, "tsconfig.json"), '{ "compilerOptions": { "module": "nodenext", "strict": true, "types": [] } }');
  for (const sample of samples) {
    mkdirSync(join(dir, sample.folder), { recursive: true });
    writeFileSync(join(dir, fileOf(sample)), sample.source);
  }
  const bin = join(root, "node_modules", ".bin");
  const run = spawnSync(join(bin, "oxlint"), ["--format", "unix"], {
    cwd: dir,
    encoding: "utf8",
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` },
  });
  findings = run.stdout.split("\n");
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("imports go one way", () => {
  test.each(titled(forbidden))("refused in %s", (_, sample) => {
    expect(findingsOf(sample)).toContain("no-restricted-imports");
  });

  test.each(titled(allowed))("allowed in %s", (_, sample) => {
    expect(findingsOf(sample)).not.toContain("no-restricted-imports");
  });
});

describe("house rules", () => {
  test.each(houseRules)("%s is reported", (rule, sample) => {
    expect(findingsOf(sample)).toContain(rule);
  });
});
