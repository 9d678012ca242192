import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { automaticCause, offlineCause } from "./causes.ts";
import { StatusParser, type PrinterAnswer } from "./status-parser.ts";

const parse = (...bytes: number[]) => new StatusParser().push(Uint8Array.from(bytes));
const processId = [0x37, 0x22, 0x41, 0x42, 0x31, 0x32, 0x00];

describe("answers are told apart by their bits", () => {
  test("each kind alone", () => {
    expect(parse(0x12)).toEqual([{ kind: "real-time", byte: 0x12 }]);
    expect(parse(0x16)).toEqual([{ kind: "real-time", byte: 0x16 }]);
    expect(parse(0x14, 0x00, 0x00, 0x0f)).toEqual([{ kind: "automatic", bytes: [0x14, 0x00, 0x00, 0x0f] }]);
    expect(parse(0x00)).toEqual([{ kind: "transmit-status", byte: 0 }]);
    expect(parse(...processId)).toEqual([{ kind: "process-id", id: "AB12" }]);
  });
  test("on top of each other", () => {
    expect(parse(0x1a, ...processId, 0x38, 0x00, 0x00, 0x00, 0x12).map(({ kind }) => kind)).toEqual(["real-time", "process-id", "automatic", "real-time"]);
  });
  test("another block than a process id, and noise, are dropped", () => {
    expect(parse(0x37, 0x21, 0x40, 0x00, 0xff, 0x93, 0x12)).toEqual([{ kind: "real-time", byte: 0x12 }]);
  });
  test("however the network cuts them", () => {
    const whole = [0x12, ...processId, 0x18, 0x00, 0x0c, 0x00, 0x00, 0x1e, ...processId];
    const expected = parse(...whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole.length }), { maxLength: 6 }), (cuts) => {
        const parser = new StatusParser();
        const answers: PrinterAnswer[] = [];
        let at = 0;
        for (const cut of [...new Set(cuts)].toSorted((a, b) => a - b).concat(whole.length)) {
          answers.push(...parser.push(Uint8Array.from(whole.slice(at, cut))));
          at = Math.max(at, cut);
        }
        expect(answers).toEqual(expected);
      }),
    );
  });
  test("a block that never ends is not waited for for ever", () => {
    const parser = new StatusParser();
    parser.push(Uint8Array.from([0x37, ...new Array<number>(100).fill(0x41)]));
    expect(parser.push(Uint8Array.of(0x12))).toContainEqual({ kind: "real-time", byte: 0x12 });
  });
});

test("the cause behind an offline printer", () => {
  expect(offlineCause(0x16, 0x12, 0x12)).toBe("cover-open");
  expect(offlineCause(0x32, 0x12, 0x72)).toBe("paper-out");
  expect(offlineCause(0x12, 0x12, 0x72)).toBe("paper-out");
  expect(offlineCause(0x52, 0x1a, 0x12)).toBe("cutter-error");
  expect(offlineCause(0x52, 0x32, 0x12)).toBe("printer-error");
  expect(offlineCause(0x12, 0x12, 0x12)).toBe("offline");
});

test("the cause in automatic status; paper near its end is none", () => {
  expect(automaticCause([0x10, 0x00, 0x00, 0x00])).toBeNull();
  expect(automaticCause([0x14, 0x00, 0x03, 0x00])).toBeNull();
  expect(automaticCause([0x38, 0x00, 0x00, 0x00])).toBe("cover-open");
  expect(automaticCause([0x18, 0x00, 0x0c, 0x00])).toBe("paper-out");
  expect(automaticCause([0x18, 0x08, 0x00, 0x00])).toBe("cutter-error");
  expect(automaticCause([0x18, 0x20, 0x00, 0x00])).toBe("printer-error");
});
