import { continueIn, installPackages } from "./install.mjs";

installPackages();
continueIn("scripts/start/main.ts", process.argv.slice(2));
