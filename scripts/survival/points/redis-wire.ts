import type { Sent, Wire } from "./tap.ts";

const MOST_WORDS = 8;
const MOST_LETTERS = 80;
const LINE_END = Buffer.from("\r\n");

/** What a client tells Redis: the first words of each command. */
export function redisWire(): Wire {
  let up: Buffer = Buffer.alloc(0);
  let down: Buffer = Buffer.alloc(0);
  let commands = 0;
  let answers = 0;
  return {
    sent(bytes) {
      up = up.length === 0 ? bytes : Buffer.concat([up, bytes]);
      const found: Sent[] = [];
      for (;;) {
        const end = endOf(up, 0);
        if (end === undefined) break;
        commands++;
        found.push({ text: firstWords(up.subarray(0, end)), due: commands });
        up = up.subarray(end);
      }
      return found;
    },
    came(bytes) {
      down = down.length === 0 ? bytes : Buffer.concat([down, bytes]);
      for (let end = endOf(down, 0); end !== undefined; end = endOf(down, 0)) {
        answers++;
        down = down.subarray(end);
      }
      return answers;
    },
  };
}

/** Where the value that begins there ends; undefined while it is not whole. */
function endOf(bytes: Buffer, start: number): number | undefined {
  const line = bytes.indexOf(LINE_END, start);
  if (line < 0) return undefined;
  const after = line + 2;
  const size = Number(bytes.toString("latin1", start + 1, line));
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case "$": {
      const end = size < 0 ? after : after + size + 2;
      return end <= bytes.length ? end : undefined;
    }
    case "*": {
      let end: number | undefined = after;
      for (let left = size; left > 0 && end !== undefined; left--) end = endOf(bytes, end);
      return end;
    }
    default:
      return after;
  }
}

/** A command is a list of strings. */
function firstWords(command: Buffer): string {
  const words: string[] = [];
  let at = command.indexOf(LINE_END) + 2;
  while (at < command.length && words.length < MOST_WORDS) {
    const line = command.indexOf(LINE_END, at);
    const size = Number(command.toString("latin1", at + 1, line));
    words.push(command.toString("latin1", line + 2, line + 2 + Math.min(size, MOST_LETTERS)));
    at = line + 2 + size + 2;
  }
  return words.join(" ").toLowerCase();
}
