import { z } from "zod";
import { deviceKind } from "#shared/events/identity.ts";
import { commandId, id, text } from "#shared/events/primitives.ts";
import type { Session } from "#hub/commands/session.ts";
import { refusal } from "./refusals.ts";
import { deviceProcedure, merchantProcedure, publicProcedure, router, sessionProcedure } from "./trpc.ts";

const pin = z.string().regex(/^\d{4,8}$/, { error: "must be 4 to 8 digits" });
const token = z.string().min(1).max(200);
const newDevice = z.object({ name: text(40), kind: deviceKind, station: id("station").nullable() });

export const authRouter = router({
  /** Public: a code, used once, becomes the device's token. */
  pair: publicProcedure.input(z.object({ code: z.string().min(8).max(12) })).mutation(async ({ ctx, input }) => {
    const paired = await ctx.hub.access.pair(input.code, ctx.remoteAddress);
    if ("refused" in paired) throw refused(paired);
    return paired;
  }),

  people: deviceProcedure.query(({ ctx }) => ctx.hub.access.people(ctx.device)),

  login: deviceProcedure.input(z.object({ staff: id("staff"), pin })).mutation(async ({ ctx, input }) => {
    const login = await ctx.hub.access.login(ctx.device, input.staff, input.pin);
    if ("refused" in login) throw refused(login);
    return login;
  }),

  /**
   * DOM-20: a manager's yes by PIN over the asker's screen; the asker stays logged in. The answer is that of `approval.grant`.
   * FORBIDDEN: wrong-pin, capability-missing; TOO_MANY_REQUESTS as at login, whose back-off it shares.
   */
  approve: merchantProcedure.input(z.object({ commandId, approval: id("approval"), staff: id("staff"), pin })).mutation(async ({ ctx, input }) => {
    const granted = await ctx.hub.access.approveInPlace(ctx.session, input, ctx);
    if (!("refused" in granted)) return granted;
    // The asker's own session is as good as before: UNAUTHORIZED would log the asker out.
    const { refused: code, ...fields } = granted;
    throw refusal(CODES[code] ?? "FORBIDDEN", code, fields);
  }),

  /** A kitchen screen works without a person. */
  deviceLogin: deviceProcedure.mutation(async ({ ctx }) => {
    const login = await ctx.hub.access.deviceLogin(ctx.device);
    if ("refused" in login) throw refused(login);
    return login;
  }),

  refresh: deviceProcedure.input(z.object({ refreshToken: token })).mutation(async ({ ctx, input }) => {
    const login = await ctx.hub.access.refresh(ctx.device, input.refreshToken);
    if ("refused" in login) throw refused(login);
    return login;
  }),

  logout: sessionProcedure.mutation(async ({ ctx }) => {
    await ctx.hub.access.logout(ctx.session);
    return {};
  }),

  socketTicket: merchantProcedure.mutation(async ({ ctx }) => {
    if (ctx.session.device === null) throw refusal("FORBIDDEN", "device-required");
    return { ticket: await ctx.hub.access.tickets.issue({ ...ctx.session, merchant: ctx.merchant }) };
  }),

  createPairingCode: merchantProcedure.input(newDevice).mutation(({ ctx, input }) => {
    requireSettings(ctx.session);
    return ctx.hub.access.createPairingCode(ctx.tenant, input);
  }),

  setPin: merchantProcedure.input(z.object({ staff: id("staff"), pin })).mutation(async ({ ctx, input }) => {
    requireSettings(ctx.session);
    const no = await ctx.hub.access.setPin(ctx.tenant, ctx.session, input, ctx);
    if (no === undefined) return {};
    if (no.refused === "unknown-staff") throw refusal("NOT_FOUND", no.refused, { fields: [{ path: "staff", rule: "must be somebody who works here" }] });
    throw refused(no);
  }),
});

function requireSettings(session: Session): void {
  if (!session.capabilities.includes("manage.settings")) throw refusal("FORBIDDEN", "capability-missing", { capability: "manage.settings" });
}

const CODES: Readonly<Record<string, "UNAUTHORIZED" | "TOO_MANY_REQUESTS" | "FORBIDDEN" | "CONFLICT" | "SERVICE_UNAVAILABLE">> = {
  "too-many-attempts": "TOO_MANY_REQUESTS",
  "command-id-reused": "CONFLICT",
  "device-kind": "FORBIDDEN",
  "grant-exceeds-own": "FORBIDDEN",
  unavailable: "SERVICE_UNAVAILABLE",
};

function refused({ refused: code, ...fields }: { readonly refused: string; readonly [field: string]: unknown }) {
  return refusal(CODES[code] ?? "UNAUTHORIZED", code, fields);
}
