import { operatorBearer } from "#hub/auth/operator-token.ts";
import { apiOf } from "../bench/place.ts";
import { startSimulator, type RunningSimulator } from "../printer-simulator/simulator.ts";
import { seedClient } from "../seed/client.ts";
import { seedId } from "../seed/ids.ts";
import type { Place } from "../seed/place.ts";
import { seedPlace } from "../seed/seed-place.ts";
import { TRATTORIA_NOVE } from "../seed/trattoria-nove.ts";
import { runStack, type Stack } from "../services/stack.ts";
import { buildClients } from "../start/build.ts";
import { playEvening } from "./evening.ts";
import { handAt } from "./hands.ts";
import { VISITS } from "./visits.ts";

const EVENING_HOUR = 20;

/** A zone in which it is evening now: the pictures show a restaurant at work, whenever they are taken. */
function eveningZone(now: Date): string {
  const ahead = ((EVENING_HOUR - now.getUTCHours() + 36) % 24) - 12;
  return ahead === 0 ? "Etc/GMT" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

export type ShownRestaurant = { readonly url: string; readonly slips: string; readonly place: Place; stop(): Promise<void> };

/** The demo's trattoria in the middle of an evening, on processes of its own. */
export async function openRestaurant(dir: string): Promise<ShownRestaurant> {
  await buildClients(() => {});
  // The hub then lets a browser pair by a link, as in `npm start`.
  process.env["COMANDA_DEMO"] = "1";
  const simulator = await startSimulator({ http: 0, host: "127.0.0.1", printers: TRATTORIA_NOVE.printers.map(({ name }) => ({ name, port: 0 })) });
  const stack = await runStack({ dir, durable: false });
  const stop = async () => {
    await stack.stop();
    await simulator.stop();
  };
  const place = { ...TRATTORIA_NOVE, profile: { ...TRATTORIA_NOVE.profile, zone: eveningZone(new Date()) } };
  try {
    await fill(stack, simulator, place);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: stack.url, slips: simulator.httpUrl, place, stop };
}

async function fill(stack: Stack, simulator: RunningSimulator, place: Place): Promise<void> {
  const tenant = { organizer: seedId("organizer", place.key, "organizer"), merchant: seedId("merchant", place.key, "merchant") };
  const client = seedClient(stack.url, stack.secret, tenant);
  await seedPlace(place, simulator.printers.map(({ name, state }) => ({ name, host: "127.0.0.1", port: state.port })), client);

  const operator = apiOf(stack, operatorBearer(stack.secret, tenant));
  const hand = async (kind: "pos" | "kds", key?: string) => {
    const { code } = await operator.auth.createPairingCode.mutate({ name: key ?? "Kitchen", kind, station: null });
    const person = place.people.find((each) => each.key === key);
    return handAt({ url: stack.url, pairingCode: code, ...(person ? { person: { staff: seedId("staff", place.key, person.key), pin: person.pin } } : {}) });
  };
  const hands = { mai: await hand("pos", "mai"), luca: await hand("pos", "luca"), ana: await hand("pos", "ana"), cook: await hand("kds") };
  await playEvening(place, client, hands, VISITS);
}
