import { expect, test } from "vitest";
import { giftCardCode, typedGiftCardCode } from "./code.ts";

test("a card's code is read in fours and typed in any way", () => {
  expect(giftCardCode("gft_01JD000000ABCDEFGHJKMNPQ10")).toBe("EFGH-JKMN-PQ10");
  for (const typed of ["EFGH-JKMN-PQ10", "efgh jkmn pq10", "efghjkmnpqIO", " EFGH-JKMN-PQlo ", "EFGH\u2013JKMN\u2013PQ10", "EF\u200bGH-JKMN-PQ10", "\uff25FGH-JKMN-PQ10"]) expect(typedGiftCardCode(typed)).toBe("EFGHJKMNPQ10");
  for (const typed of ["", "EFGH-JKMN-PQ1", "EFGH-JKMN-PQ1!", "EFGH-JKMN-PQ1U", "gft_01JD000000ABCDEFGHJKMNPQ10"]) expect(typedGiftCardCode(typed)).toBeUndefined();
});
