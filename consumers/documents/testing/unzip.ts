import { inflateRawSync } from "node:zlib";

/** The files of an archive by name, read by its central directory. */
export function unzip(bytes: Uint8Array): ReadonlyMap<string, string> {
  const raw = Buffer.from(bytes);
  const files = new Map<string, string>();
  const end = raw.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  let at = raw.readUInt32LE(end + 16);
  for (let left = raw.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameLength, extra, comment, start] = [raw.readUInt16LE(at + 10), raw.readUInt32LE(at + 20), raw.readUInt16LE(at + 28), raw.readUInt16LE(at + 30), raw.readUInt16LE(at + 32), raw.readUInt32LE(at + 42)];
    const data = start + 30 + raw.readUInt16LE(start + 26) + raw.readUInt16LE(start + 28);
    const content = raw.subarray(data, data + size);
    files.set(raw.toString("utf8", at + 46, at + 46 + nameLength), (method === 0 ? content : inflateRawSync(content)).toString("utf8"));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
