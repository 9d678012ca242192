import { freePort } from "../services/server.ts";
import { dataDirectory, removeData, runStart } from "../start/testing.ts";

/** Chromium draws suggestions for its own address bar in two pages for each window, before anybody types: a second of the processor for each window. */
const ADDRESS_BAR = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];
/** Of these lists only the last is read, so Playwright's is said again. */
const PLAYWRIGHT_DISABLES = ["AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"];

export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${[...PLAYWRIGHT_DISABLES, ...ADDRESS_BAR].join(",")}`,
] as const;

/** What `npm start` prints: where a user begins. */
export type Addresses = {
  /** The start page. */
  readonly home: string;
  /** The preview page of the demo's printers. */
  readonly slips: string;
  /** What the simulated terminal and QR provider can be told. */
  readonly payments: string;
  readonly data: string;
};

/** What an operator waits half a minute for. */
const HURRIED = { ERASURE_AGAIN_MS: "500", FIRST_RETRY_MS: "100", PRINTER_CHECK_MS: "2000" };

export type Product = { readonly addresses: Addresses; stop(): Promise<number | null> };

/** The product as a user starts it, on data of its own. */
export async function startProduct(): Promise<Product> {
  const data = dataDirectory();
  const port = await freePort();
  const start = await runStart({ port, data, env: HURRIED, args: ["--port", String(port), "--data", data, "--fresh"] });
  try {
    await start.until(/Ctrl-C stops everything/, 240_000);
    const addresses = { home: addressOf(start.said(), "Start page"), slips: addressOf(start.said(), "Printed slips"), payments: addressOf(start.said(), "Card and QR"), data };
    return {
      addresses,
      async stop() {
        const code = await start.interrupt();
        removeData(data);
        return code;
      },
    };
  } catch (error) {
    await start.interrupt();
    throw error;
  }
}

function addressOf(said: string, name: string): string {
  const found = new RegExp(`${name}\\s+(http://\\S+)`).exec(said)?.[1];
  if (found === undefined) throw new Error(`npm start names no "${name}":\n${said}`);
  return found;
}

const VARIABLE = "COMANDA_E2E";

/** Playwright's workers are processes of their own: they are told by the environment. */
export function tellWorkers(addresses: Addresses): void {
  process.env[VARIABLE] = JSON.stringify(addresses);
}

export function addresses(): Addresses {
  return JSON.parse(process.env[VARIABLE] ?? "{}") as Addresses;
}
