import { continueIn, installPackages } from "./install.mjs";

installPackages();
continueIn("scripts/test/main.ts", process.argv.slice(2));
