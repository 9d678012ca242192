import { expect, test, vi } from "vitest";
import { CallFailed, failureOf, type Api } from "../api.ts";
import { memoryShelf } from "../storage.ts";
import { Session } from "./session.ts";

const ANNA = "stf_01JD000000000000000000000A";

test("a fault of the hub at the renewal of a session is not taken for one of the command that needs the token", async () => {
  const [device, window] = [memoryShelf(), memoryShelf()];
  device.write("pairing", { deviceToken: "paired" });
  window.write("people", { author: ANNA, listening: ANNA, signedIn: { [ANNA]: { author: ANNA, accessToken: "old", expiresAt: "2026-11-20T12:00:00.000Z", refreshToken: "again" } } });
  const mutate = vi.fn(async () => Promise.reject(new CallFailed({ kind: "unreachable", fault: true }, undefined)));
  const session = new Session({ mutate, query: mutate } as Api, device, window, () => Date.parse("2026-11-20T13:00:00.000Z"));
  expect(await session.token(ANNA).catch(failureOf)).toEqual({ kind: "unreachable" });
  expect(mutate).toHaveBeenCalledWith("auth.refresh", { refreshToken: "again" }, "paired");
});
