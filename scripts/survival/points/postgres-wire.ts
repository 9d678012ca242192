import type { Sent, Wire } from "./tap.ts";

const CANCEL = 80_877_102;

/**
 * What a client tells Postgres: the text of each statement that it runs, and how many "ready for query" stand behind each. The first of
 * these ends the greeting, each other one answers a Sync or a simple query.
 */
export function postgresWire(): Wire {
  const statements = new Map<string, string>();
  let up: Buffer = Buffer.alloc(0);
  let down: Buffer = Buffer.alloc(0);
  let greeted = false;
  let ends = 0;
  let ready = 0;

  function read(type: string, body: Buffer): Sent | undefined {
    if (type === "P") {
      const name = textAt(body, 0);
      statements.set(name, textAt(body, Buffer.byteLength(name) + 1));
    } else if (type === "B") {
      const portal = textAt(body, 0);
      const statement = textAt(body, Buffer.byteLength(portal) + 1);
      return { text: statements.get(statement) ?? "", due: ends + 2 };
    } else if (type === "Q") {
      ends++;
      return { text: textAt(body, 0), due: ends + 1 };
    } else if (type === "S") ends++;
    return undefined;
  }

  return {
    sent(bytes) {
      up = up.length === 0 ? bytes : Buffer.concat([up, bytes]);
      const found: Sent[] = [];
      for (;;) {
        const head = greeted ? 1 : 0;
        if (up.length < head + 4) break;
        const length = up.readInt32BE(head);
        if (up.length < head + length) break;
        const body = up.subarray(head + 4, head + length);
        if (!greeted) greeted = body.readInt32BE(0) >> 16 === 3 || body.readInt32BE(0) === CANCEL;
        else {
          const one = read(String.fromCharCode(up[0] ?? 0), body);
          if (one !== undefined) found.push(one);
        }
        up = up.subarray(head + length);
      }
      return found;
    },
    came(bytes) {
      down = down.length === 0 ? bytes : Buffer.concat([down, bytes]);
      while (down.length >= 5) {
        const length = 1 + down.readInt32BE(1);
        if (down.length < length) break;
        if (down[0] === 0x5a) ready++;
        down = down.subarray(length);
      }
      return ready;
    },
  };
}

function textAt(body: Buffer, start: number): string {
  return body.toString("utf8", start, body.indexOf(0, start));
}
