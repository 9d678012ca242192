import { expect, test } from "vitest";
import { businessDateAt } from "./business-date.ts";

test("DOM-17: what is remembered of one day is not said of the next, nor of another place", () => {
  const at = (text: string) => Date.parse(text);
  expect(businessDateAt(at("2026-11-20T12:00:00Z"), "Europe/Rome", "04:00")).toBe("2026-11-20");
  expect(businessDateAt(at("2026-11-21T02:59:59.999Z"), "Europe/Rome", "04:00")).toBe("2026-11-20");
  expect(businessDateAt(at("2026-11-21T03:00:00.000Z"), "Europe/Rome", "04:00")).toBe("2026-11-21");
  expect(businessDateAt(at("2026-11-20T02:00:00.000Z"), "Europe/Rome", "04:00")).toBe("2026-11-19");
  expect(businessDateAt(at("2026-11-20T22:00:00.000Z"), "Asia/Ho_Chi_Minh", "04:00")).toBe("2026-11-21");
});

test("DOM-17: the day on which the clock goes back has 25 hours", () => {
  const at = (text: string) => Date.parse(text);
  expect(businessDateAt(at("2026-10-25T00:30:00Z"), "Europe/Rome", "02:30")).toBe("2026-10-25");
  expect(businessDateAt(at("2026-10-25T01:10:00Z"), "Europe/Rome", "02:30")).toBe("2026-10-25");
  expect(businessDateAt(at("2026-10-26T01:29:59Z"), "Europe/Rome", "02:30")).toBe("2026-10-25");
  expect(businessDateAt(at("2026-10-26T01:30:00Z"), "Europe/Rome", "02:30")).toBe("2026-10-26");
});
