import { continueIn, installPackages } from "./install.mjs";

installPackages();
// What the bench decides itself it decides on a heap like the hub's (scripts/start/child.ts).
continueIn("scripts/bench/main.ts", process.argv.slice(2), ["--max-semi-space-size=64", "--no-allocation-site-pretenuring", "--heap-growing-percent=100"]);
