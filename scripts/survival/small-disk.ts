import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** A disk of our own that can be full. */
export type SmallDisk = {
  readonly dir: string;
  /** Takes what is left; answers how to give it back. */
  fill(): () => void;
  close(): void;
};

/** Mounted at `dir`, in memory, for Postgres's user to write to; undefined without the right to mount. */
export function openSmallDisk(dir: string, megabytes: number): SmallDisk | undefined {
  mkdirSync(dir, { recursive: true });
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=755`, "tmpfs", dir]).status !== 0) return undefined;
  chmodSync(dir, 0o755);
  spawnSync("chown", ["postgres", dir]);
  return {
    dir,
    fill() {
      const path = join(dir, "ballast");
      const file = openSync(path, "w");
      const block = Buffer.alloc(65_536, 1);
      for (let size = block.length; size >= 512; ) {
        try {
          writeSync(file, block, 0, size);
        } catch {
          size /= 2;
        }
      }
      closeSync(file);
      return () => rmSync(path);
    },
    close() {
      spawnSync("umount", ["-l", dir]);
    },
  };
}
