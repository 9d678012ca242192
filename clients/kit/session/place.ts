import type { Api } from "../api.ts";
import { shelf, type Shelf } from "../storage.ts";
import type { DeviceKind, Pairing, Session } from "./session.ts";

/** `/pos/?demo=<merchant>`, `/kds/?demo=<merchant>&station=<station>`: a device that pairs by itself. */
export type Demo = { readonly merchant: string; readonly station: string | null };

/**
 * A device is paired once and for all its windows, of which one at a time is live. In a demo each window is a device of its own:
 * two waiters, the bar's screen and the manager's page side by side in one browser. A window without a wish gets the last place.
 */
export function openPlace(app: "pos" | "kds", search: string, local: Storage, session: Storage): { readonly demo: Demo | null; readonly device: Shelf; readonly window: Shelf } {
  const windowShelf = shelf(session, `comanda.${app}`);
  const appShelf = shelf(local, `comanda.${app}`);
  const asked = demoIn(search);
  const demo = asked ?? windowShelf.read<Demo>("demo") ?? appShelf.read<Demo>("demo");
  if (asked) {
    windowShelf.write("demo", asked);
    appShelf.write("demo", asked);
  }
  if (!demo) return { demo, device: shelf(local, `comanda.${app}.device`), window: shelf(session, `comanda.${app}.device`) };
  const own = shelf(session, `comanda.${app}.${demo.merchant}.${demo.station ?? "any"}`);
  return { demo, device: own, window: own };
}

function demoIn(search: string): Demo | null {
  const query = new URLSearchParams(search);
  const merchant = query.get("demo");
  return merchant ? { merchant, station: query.get("station") } : null;
}

export async function pairForDemo(api: Api, session: Session, demo: Demo, kind: DeviceKind, name: string): Promise<Pairing | null> {
  const { code } = await api.mutate<{ code: string }>("demo.pair", { merchant: demo.merchant, kind, station: demo.station, name });
  await session.pair(code);
  return session.state.get().pairing;
}

export type DemoPlace = {
  readonly id: string;
  readonly name: string;
  readonly stations: readonly { readonly station: string; readonly name: string; readonly kind: string }[];
  readonly people: readonly { readonly name: string; readonly pin: string }[];
};

/** Empty where the hub is no demo. */
export async function demoPlaces(api: Api): Promise<readonly DemoPlace[]> {
  try {
    return (await api.query<{ merchants: readonly DemoPlace[] }>("demo.places", undefined)).merchants;
  } catch {
    return [];
  }
}
