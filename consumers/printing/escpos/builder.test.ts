import { describe, expect, test } from "vitest";
import { PaperFeed } from "#scripts/printer-simulator/paper.ts";
import { Tokenizer } from "#scripts/printer-simulator/tokens.ts";
import { bands, blankBitmap } from "./bitmap.ts";
import { buildSlip } from "./builder.ts";
import { checkFonts } from "./check-fonts.ts";
import { PROFILES, type PrinterProfile } from "./profiles.ts";
import type { SlipLine } from "./slip.ts";

const PLAIN = PROFILES["generic-80"];
const EPSON = PROFILES["epson-tm-t20iii"];

async function hex(lines: readonly SlipLine[], profile: PrinterProfile = PLAIN): Promise<string> {
  return Buffer.from(await buildSlip({ lines }, profile)).toString("hex");
}

/** What the simulator's decoder, which shares no code with the builder, sees on the paper. */
async function paper(lines: readonly SlipLine[], profile: PrinterProfile = PLAIN) {
  const feed = new PaperFeed(profile.dots);
  let cuts = 0;
  for (const token of new Tokenizer().push(await buildSlip({ lines }, profile))) {
    if (token.kind === "cut") cuts++;
    feed.print(token);
  }
  const taken = feed.take(true);
  const texts = taken.lines.flatMap((line) => (line.kind === "text" ? [line.runs.map((run) => run.text).join("")] : []));
  const pictures = taken.lines.flatMap((line) => (line.kind === "picture" ? [line] : []));
  return { ...taken, texts, pictures, cuts };
}

const INIT = "1b401c2e";
const ascii = (text: string) => Buffer.from(text, "ascii").toString("hex");

describe("bytes, exactly", () => {
  test("a line of text: init, Kanji off, left, text, LF", async () => {
    expect(await hex([{ kind: "text", text: "Latte" }])).toBe(`${INIT}1b6100${ascii("Latte\n")}`);
  });
  test("size, bold and invert are switched on and off again", async () => {
    expect(await hex([{ kind: "text", text: "T5", size: "huge", bold: true, invert: true, align: "center" }])).toBe(
      `${INIT}1b61011d21221b45011d4201${ascii("T5\n")}1d42001b45001d2100`,
    );
  });
  test("a code page that the profile names, and back", async () => {
    expect(await hex([{ kind: "text", text: "Crème" }], EPSON)).toBe(`${INIT}1d61ff1b61001b740043728a6d650a1b7400`);
    expect(await hex([{ kind: "text", text: "10 €" }], EPSON)).toContain(`1b7410${ascii("10 ")}80`);
    expect(await hex([{ kind: "text", text: "Кофе" }], EPSON)).toContain("1b74118aaee4a5");
  });
  test("cut, drawer with both times, feed, buzzers", async () => {
    expect(await hex([{ kind: "cut" }])).toBe(`${INIT}1d564200`);
    expect(await hex([{ kind: "drawer", pin: 2 }])).toBe(`${INIT}1b700019fa`);
    expect(await hex([{ kind: "drawer", pin: 5 }])).toBe(`${INIT}1b700119fa`);
    expect(await hex([{ kind: "feed", lines: 2 }])).toBe(`${INIT}0a0a`);
    expect(await hex([{ kind: "buzzer", times: 2 }], EPSON)).toBe(`${INIT}1d61ff1b2841040030310201`);
    expect(await hex([{ kind: "buzzer", times: 2 }])).toBe(INIT);
    expect(await hex([{ kind: "cut" }], PROFILES["generic-58"])).toBe(`${INIT}0a0a0a0a`);
  });
  test("a QR code by Epson's functions", async () => {
    expect(await hex([{ kind: "qr", content: "AB" }])).toBe(
      `${INIT}1b61011d286b040031413200` + `1d286b0300314306` + `1d286b0300314531` + `1d286b05003150304142` + `1d286b0300315130` + `1b6100`,
    );
  });
  test("drawn text is GS v 0 over the whole width", async () => {
    expect(await hex([{ kind: "text", text: "Phở" }])).toContain("1d7630004800");
    expect(await hex([{ kind: "text", text: "Phở" }], PROFILES["generic-58"])).toContain("1d7630003000");
  });
  test("bands have at most 128 rows and never a multiple of 48", () => {
    expect(bands(blankBitmap(576, 300)).map(({ height }) => height)).toEqual([128, 128, 44]);
    expect(bands(blankBitmap(576, 176)).map(({ height, rows }) => [height, rows.length])).toEqual([[128, 128 * 72], [49, 49 * 72]]);
  });
});

describe("what comes out of a printer", () => {
  test("every control byte in user text is dropped: no drawer, no cut, nothing unknown", async () => {
    const hostile = "a\u001bp\u0000\u0019\u00fab\u001dV\u0000c\u0010\u0004\u0001d\u009b\u007fe\u202ef\ud800g";
    const out = await paper([{ kind: "text", text: hostile }, { kind: "columns", cells: [{ text: hostile }, { text: "\u001d\u0056\u0001", width: 4 }] }, { kind: "qr", content: "\u001bp\u0000" }]);
    expect(out).toMatchObject({ drawerKicks: 0, cuts: 0, unknown: [] });
    for (let code = 0; code < 0xa0; code++) {
      if (code === 0x0a || code === 0x0d || (code >= 0x20 && code < 0x7f)) continue;
      expect(await hex([{ kind: "text", text: `x${String.fromCharCode(code)}y` }]), `U+${code.toString(16)}`).toBe(
        await hex([{ kind: "text", text: code === 0x09 ? "x    y" : "xy" }]),
      );
    }
  });

  test.each(["Phở bò tái", "ก๋วยเตี๋ยว", "牛肉面", "Борщ", "قهوة", "קפה", "김치", "<&> ở \"'"])("%s is drawn where the printer has no letters for it", async (text) => {
    const out = await paper([{ kind: "text", text }]);
    expect(out.texts).toEqual([]);
    expect(out.pictures).toHaveLength(1);
    const black = out.pictures[0]?.rows.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0) ?? 0;
    expect(black).toBeGreaterThan(100);
  });

  test("different names are different pictures, and the same name is the same one", async () => {
    const [one, two, three] = await Promise.all(["Phở bò", "Phở gà", "Phở bò"].map((text) => hex([{ kind: "text", text }])));
    expect(one).not.toBe(two);
    expect(one).toBe(three);
  });

  test("text comes back through every code page of the profile", async () => {
    for (const text of ["Crème brûlée", "10 € œuf", "Żurek łosoś", "Борщ и щи", "½ ñandú ¿sí?"]) {
      expect((await paper([{ kind: "text", text }], EPSON)).texts).toEqual([text]);
    }
  });

  test("long text wraps at words, long words at the edge, and an indent stays", async () => {
    const out = await paper([{ kind: "text", text: "a burger with everything that the kitchen has today", size: "large", indent: 2 }, { kind: "text", text: "x".repeat(60) }]);
    expect(out.texts).toEqual(["  a burger with", "  everything that the", "  kitchen has today", "x".repeat(48), "x".repeat(12)]);
  });

  test("columns: quantity and price stay, the name wraps under itself", async () => {
    const out = await paper([{ kind: "columns", cells: [{ text: "2x", width: 3 }, { text: "a name that is much too long for one line of this paper" }, { text: "12.50", width: 8, align: "right" }] }]);
    expect(out.texts).toEqual(["2x  a name that is much too long for       12.50", "    one line of this paper"]);
  });

  test("wide characters take two columns: a full row of them is not wider than the paper", async () => {
    const out = await paper([{ kind: "text", text: "面".repeat(30) }]);
    expect(out.pictures).toHaveLength(2);
  });

  test("lines as typed are lines, an empty text is an empty line", async () => {
    expect((await paper([{ kind: "text", text: "no salt\r\nno sugar\n" }])).texts).toEqual(["no salt", "no sugar"]);
    expect(await hex([{ kind: "text", text: "" }])).toBe(`${INIT}1b61000a`);
  });

  test("an inverted drawn line is black around its letters", async () => {
    const [line] = (await paper([{ kind: "text", text: "đậu phộng", invert: true }])).pictures;
    expect(line?.rows[0]).toBe(0xff);
  });
});

test("fonts: the scripts of our slips are there; a character that no font has is found missing", async () => {
  expect(await checkFonts()).toEqual([]);
  expect(await checkFonts({ nothing: "\u{10FFFD}" })).toEqual(["nothing"]);
});
