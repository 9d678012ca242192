import { continueIn, installPackages } from "./install.mjs";

installPackages();
continueIn("scripts/chaos/main.ts", process.argv.slice(2));
