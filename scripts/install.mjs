// Plain JavaScript for the Node that is there, before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LEAST_NODE = 20;
/** uWebSockets.js has no binary for newer ones, and older ones cannot run TypeScript. */
const OUR_NODE = 22;

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** npm writes what it installed into node_modules/.package-lock.json, last of all. */
function isInstalled() {
  const wanted = readPackages(join(root, "package-lock.json"));
  const there = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !there) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith("node_modules/") || (entry.optional && !there[path])) return true;
    return there[path]?.version === entry.version && existsSync(join(root, path));
  });
}

function npm(args) {
  const path = process.env.npm_execpath;
  const [command, first] = path?.endsWith("npm-cli.js") ? [process.execPath, [path]] : ["npm", []];
  return spawnSync(command, [...first, ...args], { cwd: root, encoding: "utf8", maxBuffer: 64 << 20, shell: process.platform === "win32" });
}

function lastLines(run) {
  const text = run.error ? String(run.error.message) : `${run.stdout}\n${run.stderr}`;
  return text.trim().split("\n").slice(-12).join("\n");
}

/** Exits with one sentence when it cannot be done. */
export function installPackages() {
  if (Number(process.versions.node.split(".")[0]) < LEAST_NODE) {
    console.error(`Comanda needs Node ${LEAST_NODE} or newer; this is ${process.versions.node}. Install it from https://nodejs.org and try again.`);
    process.exit(1);
  }
  if (isInstalled()) return;
  const started = Date.now();
  console.log("Installing packages with npm (the first time takes a minute or two) ...");
  let run = npm(["ci"]);
  if (run.status !== 0) {
    console.log("npm ci did not succeed, trying npm install ...");
    run = npm(["install", "--no-save"]);
  }
  if (run.status !== 0) {
    console.error(`${lastLines(run)}\nThe packages could not be installed: see the lines above, then run this again.`);
    process.exit(1);
  }
  console.log(`Packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** The Node 22 that comes as a package, so that what runs does not depend on the machine's. */
export function ourNode() {
  const packaged = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(packaged) && spawnSync(packaged, ["--version"]).status === 0) return packaged;
  if (Number(process.versions.node.split(".")[0]) === OUR_NODE) return process.execPath;
  console.error("Node 22 is missing from node_modules although npm installed it: allow install scripts (npm config set ignore-scripts false), remove node_modules and run this again.");
  process.exit(1);
}

/** Runs a script under our Node in this terminal, hands signals on, and exits as it does. */
export function continueIn(script, args, ofNode = []) {
  const node = ourNode();
  const child = spawn(node, [...ofNode, "--import", join(root, "scripts/start/end-with-parent.mjs"), join(root, script), ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, NODE_NO_WARNINGS: "1", PATH: `${dirname(node)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}` },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  endWithNpm(() => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

/** npm passes a signal on to the shell that it runs scripts in, and no further: that it has gone is all there is to see of it. */
function endWithNpm(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const npm = shellsParent(parent) ?? parent;
  const watch = setInterval(() => {
    if (process.ppid === parent && isThere(npm)) return;
    clearInterval(watch);
    end();
  }, 500);
  watch.unref();
}

/** The parent of a shell between npm and us; where there is no /proc, shells become the one command that they run. */
function shellsParent(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^Name:\s+\w*sh$/m.test(status) ? Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) : undefined;
  } catch {
    return undefined;
  }
}

function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
