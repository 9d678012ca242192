import { networkInterfaces } from "node:os";
import type { Seeded } from "./demo.ts";
import type { DemoPorts } from "./demo-printers.ts";
import type { StartSettings } from "./settings.ts";

/** Of this machine, for the devices of the house. */
export function lanAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;
}

/** The block of addresses and PINs that a new user reads. */
export function welcome(settings: StartSettings, demo: DemoPorts, seeded: Seeded): string {
  const base = `http://localhost:${settings.port}`;
  const lan = lanAddress();
  const addresses = [
    ["Start page", `${base}/`],
    ["Till", `${base}/pos/`],
    ["Kitchen", `${base}/kds/`],
    ["Printed slips", `http://localhost:${demo.http}/`],
    ["Card and QR", `http://localhost:${demo.payments}/`],
    ...(lan === undefined ? [] : [["On tablets", `http://${lan}:${settings.port}/`]]),
  ];
  const places = [...new Set(seeded.people.map(({ place }) => place))];
  return [
    "",
    ...addresses.map(([name, url]) => `  ${(name ?? "").padEnd(14)} ${url}`),
    ...places.flatMap((place) => [
      "",
      `  ${place}`,
      ...seeded.people.filter((one) => one.place === place).map((one) => `    ${one.name.padEnd(12)} ${one.role.padEnd(12)} PIN ${one.pin}`),
    ]),
    "",
    `  Data in ${settings.data}. Ctrl-C stops everything.`,
    "",
  ].join("\n");
}
