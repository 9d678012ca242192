import type { Wire } from "./tap.ts";

/** HTTP as the providers' webhooks speak it: one request at a time on a connection. */
export function httpWire(): Wire {
  let requests = 0;
  let answers = 0;
  return {
    sent(bytes) {
      const line = bytes.toString("latin1", 0, 200).split("\r\n")[0] ?? "";
      return /^[A-Z]+ \S+ HTTP\/1/.test(line) ? [{ text: line, due: ++requests }] : [];
    },
    came(bytes) {
      if (bytes.toString("latin1", 0, 7) === "HTTP/1.") answers++;
      return answers;
    },
  };
}

const DLE = 0x10;
const EOT = 0x04;

/** ESC/POS: anything that is no question about the printer's state is a job's first bytes. */
export function printerWire(): Wire {
  return {
    sent: (bytes) => (bytes[0] === DLE && bytes[1] === EOT && bytes.length <= 3 ? [] : [{ text: "slip", due: Number.POSITIVE_INFINITY }]),
    came: () => 0,
  };
}
