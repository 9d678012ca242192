/** ESC/POS as bytes. Each is a whole command; user text never gets in here. */
export const INIT = bytes(0x1b, 0x40, 0x1c, 0x2e);
export const AUTOMATIC_STATUS_ON = bytes(0x1d, 0x61, 0xff);
/** Answered when the buffer is printed up to here. */
export const TRANSMIT_STATUS = bytes(0x1d, 0x72, 0x01);
export const CUT = bytes(0x1d, 0x56, 0x42, 0x00);

/** Answered at once, even while the printer is offline: 1 printer, 2 offline cause, 3 error cause, 4 paper. */
export function realTimeStatus(n: 1 | 2 | 3 | 4): Buffer {
  return bytes(0x10, 0x04, n);
}

/** Answered with the same four bytes (20 to 7E) when everything before it is printed. */
export function processId(id: string): Buffer {
  if (!/^[\x20-\x7e]{4}$/.test(id)) throw new Error(`a process id is four printable characters: ${JSON.stringify(id)}`);
  return bytes(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(id, "ascii"));
}

export function selectCodePage(number: number): Buffer {
  return bytes(0x1b, 0x74, number);
}

export function characterSize(width: number, height: number): Buffer {
  return bytes(0x1d, 0x21, ((width - 1) << 4) | (height - 1));
}

export function bold(on: boolean): Buffer {
  return bytes(0x1b, 0x45, on ? 1 : 0);
}

export function invert(on: boolean): Buffer {
  return bytes(0x1d, 0x42, on ? 1 : 0);
}

/** Pulse of 50 ms on, 500 ms off (units of 2 ms, t1 below t2). */
export function drawerKick(pin: 2 | 5): Buffer {
  return bytes(0x1b, 0x70, pin === 2 ? 0 : 1, 0x19, 0xfa);
}

export function buzz(kind: "epson" | "clone", times: number): Buffer {
  const count = Math.min(Math.max(Math.trunc(times), 1), 9);
  return kind === "epson" ? bytes(0x1b, 0x28, 0x41, 0x04, 0x00, 0x30, 0x31, count, 0x01) : bytes(0x1b, 0x42, count, 0x02);
}

/** Model 2, error correction M. */
export function qrCode(content: string, module: number): Buffer {
  const text = Buffer.from(content, "utf8");
  const length = text.length + 3;
  return Buffer.concat([
    bytes(0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00),
    bytes(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43, module),
    bytes(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, 0x31),
    bytes(0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30),
    text,
    bytes(0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30),
  ]);
}

/** `rows` holds ceil(width / 8) bytes a row, most significant bit left, 1 is black. */
export function rasterBand(widthBytes: number, height: number, rows: Uint8Array): Buffer {
  return Buffer.concat([
    bytes(0x1d, 0x76, 0x30, 0x00, widthBytes & 0xff, widthBytes >> 8, height & 0xff, height >> 8),
    rows,
  ]);
}

function bytes(...values: number[]): Buffer {
  return Buffer.from(values);
}
