import { expect, test } from "vitest";
import { previewFor } from "./home-page.ts";

test("a tablet finds the printed slips under the name by which it found the hub", () => {
  expect(previewFor("http://localhost:9100/", "192.168.1.20:3000")).toBe("http://192.168.1.20:9100/");
  expect(previewFor("http://127.0.0.1:9100", "[fe80::1]:3000")).toBe("http://[fe80::1]:9100/");
  expect(previewFor("http://localhost:9100/", "localhost:3000")).toBe("http://localhost:9100/");
});

test("an address that somebody chose stays as it is, and so does one without a usable host", () => {
  expect(previewFor("http://slips.example:9100/", "192.168.1.20:3000")).toBe("http://slips.example:9100/");
  expect(previewFor("http://localhost:9100/", "")).toBe("http://localhost:9100/");
  expect(previewFor("", "192.168.1.20:3000")).toBe("");
});
