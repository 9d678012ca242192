/** SQLSTATE or Node's code of an error, "" without one. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const CONNECTION = /^(08...|57P0[1-5]|53300|CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN)/;

/** The answer is lost or there was none: whether the work was done is not known. */
export function isConnectionLost(error: unknown): boolean {
  return CONNECTION.test(codeOf(error));
}

/** Nothing was done, and the same may succeed when it is tried again. */
export function isTransient(error: unknown): boolean {
  // Serialization failure, deadlock, lock and statement time-out, out of resources, no primary (yet), a failing disk.
  return /^(40001|40P01|55P03|57014|25006|53|58)/.test(codeOf(error));
}

/** Postgres gave way to another's transaction, such as a migration's; the work is done again, so that it is worth a warning and no error. */
export function gaveWay(error: unknown): boolean {
  return /^(40001|40P01)$/.test(codeOf(error));
}

/** Why Postgres takes nothing although it answers; undefined for all that passes by itself. */
export function refusesWrites(error: unknown): "full" | "read-only" | undefined {
  if (codeOf(error) === "53100") return "full";
  return codeOf(error) === "25006" ? "read-only" : undefined;
}

/** For whoever gave us no better place to say it. */
export function warn(error: unknown, where: string): void {
  process.emitWarning(error instanceof Error ? error : String(error), { detail: where });
}

/** Who was asked says nothing, which is a lost connection: see `isConnectionLost`. */
export function silent(asked: string): Error {
  return Object.assign(new Error(`no answer to ${asked}`), { code: "ETIMEDOUT" });
}
