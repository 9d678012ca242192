import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cannotStart, say } from "./report.ts";
import { runTool, tail } from "./tool.ts";

const POLICY = "/usr/sbin/policy-rc.d";

/** Packages can be installed by us only on Debian and its kin, as root. */
export function canInstall(): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync("/etc/os-release", "utf8"));
}

/** Debian starts what it installs; a Redis on the usual port is not what was asked for. */
async function withoutStartingServices<T>(work: () => Promise<T>): Promise<T> {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, "#!/bin/sh\nexit 101\n");
  chmodSync(POLICY, 0o755);
  try {
    return await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

export async function installPackages(packages: readonly string[]): Promise<void> {
  say(`Installing ${packages.join(", ")} with apt-get ...`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const update = await runTool("apt-get", ["update", "-q"], env);
  const install = await withoutStartingServices(() =>
    runTool("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], env),
  );
  if (install.status !== 0) {
    throw cannotStart(`apt-get could not install ${packages.join(", ")}:\n${tail(update.status === 0 ? install.output : update.output + install.output)}`);
  }
}
