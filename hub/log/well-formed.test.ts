import fc from "fast-check";
import { expect, test } from "vitest";
import { isWellFormed, MalformedText, wellFormedJson } from "./well-formed.ts";

test("LOG-3: JSON is refused exactly when a text in it holds a NUL or half of a pair", () => {
  const unit = fc.constantFrom("\u0000", "\u001f", "\ud83d", "\ude00", "😀", "\\", "u0000", "ud83d", '"', "a", "ở");
  const anything = fc.array(fc.string({ unit, maxLength: 6 }), { maxLength: 4 });
  fc.assert(
    fc.property(anything, (texts) => {
      const good = texts.every(isWellFormed);
      if (good) expect(JSON.parse(wellFormedJson("data", texts))).toEqual(texts);
      else expect(() => wellFormedJson("data", texts)).toThrow(MalformedText);
    }),
  );
});

test.each([["\u0000"], ["\ud83d"], ["\ude00 after"], ["a\udc00b"]])("%j is not well formed", (text) => expect(isWellFormed(text)).toBe(false));
test.each([[""], ["Phở 😀"], ["\\u0000"], ["\u001f"]])("%j is", (text) => expect(isWellFormed(text)).toBe(true));
