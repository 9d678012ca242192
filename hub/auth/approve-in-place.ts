import type { CommandAnswer } from "#shared/commands/answer.ts";
import { grantApprovalCommand } from "#shared/domain/approval/decide-approval.ts";
import type { Executor } from "#hub/commands/execute.ts";
import type { Session } from "#hub/commands/session.ts";
import type { Asked } from "./access.ts";
import type { PinCheck, PinRefused } from "./pin-check.ts";
import { capabilitiesAt } from "./sessions.ts";

export type InPlace = { readonly commandId: string; readonly approval: string; readonly staff: string; readonly pin: string };
type Refused = PinRefused | { readonly refused: "device-required" | "unavailable" | "command-id-reused" | "capability-missing"; readonly [field: string]: unknown };
type Granted = CommandAnswer<{ readonly expiresAt: string }>;

/**
 * DOM-20: a yes by PIN over the asker's screen. The approver's command runs as the approver on the asker's device and ends with it:
 * nobody is logged in, and the asker's session goes on.
 */
export function createApproveInPlace(options: { readonly executor: Executor; readonly checkPin: PinCheck; now(): number; hashOf(address: string): string }) {
  return async (asker: Session, { commandId, approval, staff, pin }: InPlace, from: Asked): Promise<Granted | Refused> => {
    const { organizer, merchant, device, deviceName } = asker;
    if (merchant === null || device === null) return { refused: "device-required" };
    const approver = await options.checkPin({ organizerId: organizer, merchantId: merchant }, device, staff, pin);
    if ("refused" in approver) return approver;
    const { id, name, color } = approver;
    const session: Session = { id: "approver", organizer, merchant, device, deviceName, staff: { id, name, color }, capabilities: capabilitiesAt(approver, merchant), expiresAt: options.now() + 60_000 };
    const execution = await options.executor.execute(grantApprovalCommand, { commandId, input: { approval } }, session, from.traceparent, options.hashOf(from.remoteAddress));
    if (execution.outcome === "answered") return execution.answer;
    if (execution.outcome === "capability-missing") return { refused: "capability-missing", capability: execution.capability };
    if (execution.outcome === "reused-id") return { refused: "command-id-reused" };
    return { refused: "unavailable", reason: execution.outcome };
  };
}
