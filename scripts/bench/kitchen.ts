import { PROTOCOL_VERSION } from "#shared/protocol/version.ts";
import type { Stack } from "../services/stack.ts";
import { say } from "../start/report.ts";
import { Arrivals, settled } from "./arrivals.ts";
import type { OnAStack } from "./bench.ts";
import { figure, losses, percentile, type Figure } from "./figures.ts";
import { HttpLane } from "./http-lane.ts";
import { addKitchenPrinter, apiOf, pairKitchenScreen, type BenchPlace } from "./place.ts";
import { Screen, type FrameListener } from "./screen.ts";
import { tapAtPace } from "./taps.ts";
import { Waiter, type SentOrder } from "./waiter.ts";
import { watchPrinters } from "./watched-printers.ts";

const PER_SECOND = 200;
const WAITERS_PER_PLACE = 4;
const WARM_UP_SECONDS = 30;
/** One tap in 21 sends an order: for a p99 a round is longer than the others'. */
const LONGER = 2;
const LATE_MS = 10_000;
const TICKET = /"type":"sale\.kitchen-ticket\.created"[\s\S]*?"order":"([^"]+)"/g;

/** What comes of the orders at one end: each has a name there, and must come once. */
type Way = { readonly arrivals: Arrivals; readonly ms: number[] };
type Round = { readonly sent: number; readonly screen: Way; readonly paper: Way };

/**
 * Eight restaurants with a kitchen screen and a printer each take 200 commands a second together. From when the tap that
 * sends an order of 20 items was due, to the last byte of the frame with its ticket on the kitchen's screen, and to the
 * first byte of its slip at the printer: through the kitchen's and the printing consumer, job and connection.
 */
export async function tapToKitchen({ stack, places, dir, rounds, seconds, profiled }: OnAStack): Promise<Figure[]> {
  const due = new Map<string, number>();
  const sent = new Map<string, number>();
  let [screen, paper] = [newWay(), newWay()];
  const heard = (way: () => Way) => (name: string, at: number) => {
    if (way().arrivals.came(name, 0)) way().ms.push(at - (sent.get(name) ?? Number.NaN));
  };
  const onTicket = heard(() => screen);
  const printers = await watchPrinters(places.length, dir, heard(() => paper));
  const frames: FrameListener = (_, at, text) => {
    for (const [, order = ""] of text.matchAll(TICKET)) onTicket(order, at);
  };
  const screens: Screen[] = [];
  const waiters: Waiter[] = [];
  const lanes: HttpLane[] = [];
  const onSend = ({ commandId, order, label }: SentOrder) => {
    const at = due.get(commandId) ?? Number.NaN;
    sent.set(order, at).set(label, at);
    screen.arrivals.sent(order);
    paper.arrivals.sent(label);
  };
  for (const [i, place] of places.entries()) {
    await addKitchenPrinter(stack, place, { host: "127.0.0.1", port: printers.ports[i] ?? 0 });
    screens.push(await kitchenScreen(stack, place, frames));
    for (let n = 0; n < WAITERS_PER_PLACE; n++) {
      const lane = await HttpLane.open(stack.url);
      lanes.push(lane);
      waiters.push(new Waiter(lane, place, i * WAITERS_PER_PLACE + n, onSend));
    }
  }

  const oneRound = async (long: number): Promise<Round> => {
    [screen, paper] = [newWay(), newWay()];
    sent.clear();
    due.clear();
    await tapAtPace(waiters, PER_SECOND, PER_SECOND * long, (id, at) => due.set(id, at));
    await settled([screen.arrivals, paper.arrivals], LATE_MS);
    return { sent: sent.size / 2, screen, paper };
  };

  try {
    say("Warming up ...");
    await oneRound(WARM_UP_SECONDS);
    const seen: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      const measured = () => oneRound(seconds * LONGER);
      const one = await (round === 1 ? profiled(measured) : measured());
      say(`  tap to kitchen, round ${round}: ${one.sent} orders; screen p50 ${percentile(one.screen.ms, 0.5).toFixed(1)}, p99 ${percentile(one.screen.ms, 0.99).toFixed(1)} ms; printer p50 ${percentile(one.paper.ms, 0.5).toFixed(1)}, p99 ${percentile(one.paper.ms, 0.99).toFixed(1)} ms`);
      seen.push(one);
    }
    const count = (name: string, of: (round: Round) => number) => losses(name, seen.map(of));
    return [
      figure("tap to kitchen's screen, p50", "ms", seen.map((r) => percentile(r.screen.ms, 0.5))),
      figure("tap to kitchen's screen, p99", "ms", seen.map((r) => percentile(r.screen.ms, 0.99)), { atMost: 60 }),
      figure("tap to printer's first byte, p50", "ms", seen.map((r) => percentile(r.paper.ms, 0.5))),
      figure("tap to printer's first byte, p99", "ms", seen.map((r) => percentile(r.paper.ms, 0.99)), { atMost: 100 }),
      count("orders without a ticket", ({ screen: { arrivals } }) => arrivals.missing),
      count("orders without a slip", ({ paper: { arrivals } }) => arrivals.missing),
      count("second tickets of an order", ({ screen: { arrivals } }) => arrivals.doubled),
      count("second slips of an order", ({ paper: { arrivals } }) => arrivals.doubled),
    ];
  } finally {
    for (const one of [...screens, ...lanes]) one.close();
    await printers.stop();
  }
}

const newWay = (): Way => ({ arrivals: new Arrivals(1), ms: [] });

async function kitchenScreen(stack: Pick<Stack, "url" | "secret">, place: BenchPlace, onFrame: FrameListener): Promise<Screen> {
  const api = apiOf(stack, await pairKitchenScreen(stack, place));
  const { cursor } = await api.sync.snapshot.query();
  const { ticket } = await api.auth.socketTicket.mutate();
  const screen = await Screen.open(stack.url, { type: "hello", protocol: PROTOCOL_VERSION, ticket, cursor }, onFrame);
  await screen.live;
  return screen;
}
