import { statesOf } from "../../clients/kit/sync/world.ts";
import type { Chance } from "./chance.ts";
import type { Device } from "./device.ts";

/** Makes the oldest ticket that the kitchen's screen shows; false when there is none. */
export async function cookOne(device: Device, chance: Chance, pause: () => Promise<void>): Promise<boolean> {
  const ticket = statesOf(device.world.view.get().kinds, "ticket").find(({ status }) => status === "open");
  await pause();
  if (ticket === undefined) return false;
  await must(device.send("ticket.show", { tickets: [ticket.id] }));
  const pending = Object.values(ticket.items).find(({ status }) => status === "pending");
  if (pending !== undefined && chance.is(0.5)) await must(device.send("ticket.startItem", { ticket: ticket.id, item: pending.item }));
  await must(device.send("ticket.bump", { ticket: ticket.id }));
  return true;
}

async function must(sending: ReturnType<Device["send"]>): Promise<void> {
  const answer = await sending;
  if (!answer.ok) throw new Error(`the kitchen was refused: ${JSON.stringify(answer.refusal)}`);
}
