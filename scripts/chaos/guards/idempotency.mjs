// LOG-4: a command that is in the log already, as one is that is sent again because its answer was lost, is taken for another one.
import { substitute } from "../../survival/substitute.mjs";

substitute([
  ["/hub/commands/execute.ts", "const envelope = envelopeOf(running,", "let envelope = envelopeOf(running,"],
  [
    "/hub/commands/execute.ts",
    'if (!("again" in came)) return came;',
    `if (!("again" in came) && (came.repeated !== true || envelope.commandId !== frame.commandId)) return came;
        if (!("again" in came)) {
          envelope = { ...envelope, commandId: anotherId(frame.commandId) };
          continue;
        }`,
  ],
  [
    "/hub/commands/execute.ts",
    "export type Executor =",
    `function anotherId(id) {
      return id.slice(0, -16) + Array.from({ length: 16 }, () => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Math.floor(Math.random() * 32)]).join("");
    }
    export type Executor =`,
  ],
]);
