import { continueIn, installPackages } from "./install.mjs";

installPackages();
continueIn("scripts/screenshots/main.ts", process.argv.slice(2));
