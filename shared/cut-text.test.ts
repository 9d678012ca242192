import { expect, test } from "vitest";
import { cutText } from "./cut-text.ts";

test.each([
  ["Terrace", 7, "Terrace"],
  ["Terrace", 4, "Terr"],
  ["ab\u{1F334}", 4, "ab\u{1F334}"],
  ["ab\u{1F334}", 3, "ab"],
  ["ab\u{1F334}c", 4, "ab\u{1F334}"],
  ["\u{1F334}", 1, ""],
  ["", 3, ""],
])("%j in %i is %j", (text, most, cut) => expect(cutText(text, most)).toBe(cut));
