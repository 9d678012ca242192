// Loaded before every process that a test starts (quick-start.ts). Node strips the types of some six hundred modules anew at each start, a
// third of what a start costs; here the first process of the run does, with Node's own stripper, and the others read what it wrote.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.COMANDA_TEST_STRIPPED;

if (folder) {
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith("file:") || !url.endsWith(".ts") || url.includes("/node_modules/")) return nextLoad(url, context);
      return { format: "module", source: stripped(readFileSync(fileURLToPath(url), "utf8")), shortCircuit: true };
    },
  });
}

function stripped(text) {
  const path = join(folder, createHash("sha1").update(text).digest("base64url"));
  try {
    return readFileSync(path, "utf8");
  } catch {
    const source = quietly(() => stripTypeScriptTypes(text));
    keep(path, source);
    return source;
  }
}

/** Appears whole or not at all. A process of another user, or one that outlives the run, may not write here. */
function keep(path, source) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, source);
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // The next one strips it for itself.
  }
}

/** That the function is experimental is no word of the process that is being tested. */
function quietly(work) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
