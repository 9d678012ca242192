import { leaveTestRedis } from "./services.ts";

/** Runs before each file, also in a worker that has run another. */
leaveTestRedis();
