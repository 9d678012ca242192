// RUN-1: what comes is taken, whatever came before it.
import { substitute } from "../../survival/substitute.mjs";

substitute([["/consumers/runner/entry-queue.ts", "if (position !== tail + 1n) return false;", ""]]);
