import fc from "fast-check";
import { expect, test } from "vitest";
import { parseArray, serializeArray } from "./array-types.ts";

const text = (value: string) => value;
/** What an array's text is made of, and some that it is not. */
const unit = fc.constantFrom('"', "\\", "{", "}", ",", " ", "\n", "N", "U", "L", "a", "ở", "😀");

test("arrays of any texts and nulls come back as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string({ unit }))), (values) => {
      expect(parseArray(serializeArray(values, String), text)).toEqual(values);
    }),
  );
});

test.each([
  ["{}", []],
  ['{"",NULL,null,"NULL",a b}', ["", null, "null", "NULL", "a b"]],
  ["{{1,2},{3,4}}", [["1", "2"], ["3", "4"]]],
  ["[0:1]={a,b}", ["a", "b"]],
])("%s as Postgres writes it", (written, values) => {
  expect(parseArray(written, text)).toEqual(values);
});
