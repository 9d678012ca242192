import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";

// Loaded before a process that is looked into: the first SIGHUP begins a profile of its processor time, the second writes it down.
const dir = process.env["PROFILE_DIR"] ?? ".";
const session = new Session();
session.connect();
let turn = Promise.resolve();
let runs = false;

process.on("SIGHUP", () => {
  turn = turn.then(async () => {
    runs = !runs;
    if (runs) {
      await session.post("Profiler.enable");
      return session.post("Profiler.start");
    }
    const { profile } = await session.post("Profiler.stop");
    writeFileSync(join(dir, `${process.pid}.cpuprofile`), JSON.stringify(profile));
  });
});
