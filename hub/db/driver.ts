import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { compileFunction } from "node:vm";
import type Postgres from "postgres";

type Repair = readonly [file: string, original: string, repaired: string];

const ATTEND = `  function attend() {
    if (!options.silence) return
    if (watch) return watch.refresh()
    watch = setTimeout(() => {
      watch = null
      socket && (query || sent.length) && socket.destroy()
    }, options.silence)
    watch.unref()
  }

`;

/**
 * postgres.js 3.4.9 does not survive the loss of a connection (ADR 0005): what is written after it ends the process or keeps
 * the connection silent for good, what was under way answers the next connection's queries, and a transaction goes on
 * without one. It also keeps every query beyond its life. Each repair replaces exactly one place.
 */
const REPAIRS: readonly Repair[] = [
  // A statement for a connection that is gone is refused, and the connection stays where it can be dialled again.
  [
    "connection.js",
    "    if (stream)\n      return queryError(q, Errors.generic('COPY_IN_PROGRESS'",
    "    if (!socket)\n      return queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true\n\n    if (stream)\n      return queryError(q, Errors.generic('COPY_IN_PROGRESS'",
  ],
  ["connection.js", "    const x = socket.write(chunk, fn)\n", "    if (!socket)\n      return chunk = nextWriteTimer = null, true\n    const x = socket.write(chunk, fn)\n"],
  // Nothing of the old connection is left for the next one: neither bytes nor queries nor half an answer.
  ["connection.js", "    socket.removeAllListeners()\n    socket = null\n", "    socket.removeAllListeners()\n    clearTimeout(watch)\n    socket = chunk = nextWriteTimer = watch = null\n"],
  [
    "connection.js",
    "    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
    "    if (query || sent.length) error(Errors.connection('CONNECTION_CLOSED', options))\n    query = errorResponse = results = null\n    result = new Result()\n    rows = 0\n",
  ],
  // A transaction that lost its connection is over, also when somebody else has dialled it again.
  ["index.js", "    let savepoints = 0\n", "    let lost\n    let savepoints = 0\n"],
  ["index.js", "new Promise((_, reject) => connection.onclose = reject)", "new Promise((_, reject) => {\n          const gone = e => reject(lost = e)\n          connection.onclose = gone\n        })"],
  ["index.js", "        q.catch(e => uncaughtError || (uncaughtError = e))\n", "        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n"],
  // A connection on which an answer is due and nothing comes is given up: TCP alone takes a quarter of an hour to miss a server that vanished.
  ["connection.js", "    , final = null\n", "    , final = null\n    , watch = null\n"],
  ["connection.js", "      q.state = backend\n", "      q.state = backend\n      query || attend()\n"],
  ["connection.js", "  function data(x) {\n", `${ATTEND}  function data(x) {\n    watch && watch.refresh()\n`],
  // V8 puts a function that is assigned to a property into the old generation at once. There it names its query or its transaction, with all that they
  // carry, until the next full collection, and each collection of the young generation copies this garbage (docs/performance.md).
  [
    "query.js",
    "    this.resolve = x => (this.active = false, resolve(x))\n    this.reject = x => (this.active = false, reject(x))\n\n    this.active",
    "    const resolved = x => (this.active = false, resolve(x))\n    const rejected = x => (this.active = false, reject(x))\n    this.resolve = resolved\n    this.reject = rejected\n\n    this.active",
  ],
  ["index.js", "      sql.prepare = x => prepare = x.replace(/[^a-z0-9$-_. ]/gi)\n", "      const prepared = x => prepare = x.replace(/[^a-z0-9$-_. ]/gi)\n      sql.prepare = prepared\n"],
  [
    "index.js",
    "      c.reserved = () => queries.length\n        ? c.execute(queries.shift())\n        : move(c, reserved)\n    }",
    "      const next = () => queries.length\n        ? c.execute(queries.shift())\n        : move(c, reserved)\n      c.reserved = next\n    }",
  ],
];

/** The driver with its repairs: a copy of our own, whoever else has loaded the package as it is. */
export const postgres = load(createRequire(import.meta.url).resolve("postgres"), new Map()) as typeof Postgres;

function load(path: string, loaded: Map<string, { exports: unknown }>): unknown {
  const before = loaded.get(path);
  if (before !== undefined) return before.exports;
  const module = { exports: {} as unknown };
  loaded.set(path, module);
  const native = createRequire(path);
  const require = (name: string): unknown => (name.startsWith(".") ? load(native.resolve(name), loaded) : native(name));
  const run = compileFunction(repaired(path), ["module", "exports", "require"], { filename: path }) as (...scope: unknown[]) => void;
  run(module, module.exports, require);
  return module.exports;
}

function repaired(path: string): string {
  const file = basename(path);
  return REPAIRS.filter(([of]) => of === file).reduce((source, [, original, instead]) => {
    if (source.split(original).length !== 2) throw new Error(`postgres.js is another version than the one that hub/db/driver.ts repairs: ${path} does not have ${JSON.stringify(original)} once`);
    return source.replace(original, () => instead);
  }, readFileSync(path, "utf8"));
}
