import type { TransactionSql } from "#hub/db/client.ts";

/**
 * A handler that was given up may still run. Its `sql` must then write nothing: the driver would send a late statement
 * on the same connection, outside of any transaction or inside of somebody else's.
 */
export function guardedSql(tx: TransactionSql, isOpen: () => boolean): TransactionSql {
  const check = () => {
    if (!isOpen()) throw new Error("this transaction is over: its handler was given up");
  };
  return new Proxy(tx, {
    apply(target, thisArg, args) {
      check();
      return Reflect.apply(target, thisArg, args) as unknown;
    },
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name === "savepoint" && typeof value === "function") return guardedSavepoint(value, check, isOpen);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        check();
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}

function guardedSavepoint(savepoint: Function, check: () => void, isOpen: () => boolean) {
  return (...args: unknown[]) => {
    check();
    const wrapped = args.map((arg) => (typeof arg === "function" ? (inner: TransactionSql) => arg(guardedSql(inner, isOpen)) as unknown : arg));
    return savepoint(...wrapped) as unknown;
  };
}
