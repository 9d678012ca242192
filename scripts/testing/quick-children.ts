import { quickStart } from "./quick-start.ts";

/** For all that a test starts with its own environment; its worker runs already. */
Object.assign(process.env, quickStart());
