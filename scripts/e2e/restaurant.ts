import { test as base, type Browser } from "@playwright/test";
import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { cookAt, passOn } from "./people/cook.ts";
import { openDevice, type Device, type Size } from "./people/device.ts";
import { expect } from "./people/expect.ts";
import { managerOn } from "./people/manager.ts";
import { signIn } from "./people/person.ts";
import { printersAt } from "./people/printers.ts";
import { providersAt } from "./people/providers.ts";
import { waiterOn } from "./people/waiter.ts";
import { addresses } from "./product.ts";

export const TRATTORIA = "Trattoria Nove";
export const CAFE = "Blue Door Café";
export const WARUNG = "Warung Senja";

const TABLET: Size = { width: 1280, height: 800 };
const SMALL_TABLET: Size = { width: 1024, height: 768 };
const KITCHEN_SCREEN: Size = { width: 1920, height: 1080 };

export type Restaurant = ReturnType<typeof openRestaurant>;

/** The place's devices, each opened by the first who needs it and kept for all files: tablets lock themselves, screens do not. */
function openRestaurant(browser: Browser) {
  const { home, slips, payments } = addresses();
  const opened = new Map<string, Promise<Device>>();
  const device = (name: string, link: string, size: Size, place = TRATTORIA) => {
    const open = opened.get(name) ?? openDevice(browser, { name, home, place, link, size });
    opened.set(name, open);
    return open;
  };
  const atWork = async (tablet: Promise<Device>, name: string, pin: string) => {
    await signIn(await tablet, name, pin);
    return tablet;
  };
  const kitchen = async (station: string) => cookAt(await device(station, station, KITCHEN_SCREEN));

  return {
    printers: printersAt(slips),
    providers: providersAt(payments),
    devices: () => Promise.all(opened.values()),
    device,
    mai: async () => {
      const tablet = await atWork(device("Mai's tablet", "Till and tablet", TABLET), "Mai", "1111");
      return { ...billOn(tablet), ...waiterOn(tablet) };
    },
    luca: async () => {
      const tablet = await atWork(device("Luca's tablet", "Till and tablet", SMALL_TABLET), "Luca", "2222");
      return { ...cashierOn(tablet), ...billOn(tablet), ...waiterOn(tablet) };
    },
    ana: async () => {
      const till = await atWork(device("Till", "Till and tablet", TABLET), "Ana", "3333");
      return { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
    },
    sofia: async () => managerOn(await atWork(device("Office", "Today", TABLET), "Sofia", "9999")),
    bar: () => kitchen("Bar"),
    grill: () => kitchen("Grill"),
    kitchen: () => kitchen("Kitchen"),
    pass: async () => passOn(await device("Pass", "Pass", KITCHEN_SCREEN)),
  };
}

export const test = base.extend<{ readonly soundness: undefined }, { readonly restaurant: Restaurant }>({
  restaurant: [async ({ browser }, use) => use(openRestaurant(browser)), { scope: "worker" }],
  /** No screen ends a test with an error that nothing caught, or has shown a label that a screen reader ignores. */
  soundness: [
    async ({ restaurant }, use) => {
      await use(undefined);
      const devices = await restaurant.devices();
      expect(devices.flatMap(({ errors }) => errors)).toEqual([]);
      expect(devices.flatMap((device) => device.unheardLabels())).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
