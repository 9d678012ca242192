import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// Loaded before a process whose memory is measured: SIGUSR2 leaves on its heap only what is still in use.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (how: { readonly type: "major"; readonly execution: "sync"; readonly flavor: "last-resort" }) => void;
process.on("SIGUSR2", () => collect({ type: "major", execution: "sync", flavor: "last-resort" }));
