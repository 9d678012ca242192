import { continueIn, installPackages } from "./install.mjs";

installPackages();
continueIn("scripts/bench/main.ts", process.argv.slice(2));
