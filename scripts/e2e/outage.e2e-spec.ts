import { addresses } from "./product.ts";
import { processesIn } from "../start/testing.ts";
import { expect, test } from "./restaurant.ts";

/** Five seconds of silence, and the slowness of a machine that plays a whole restaurant. */
const STALE_WITHIN = 12_000;

test("failure 20: a kitchen screen without a network says STALE, and shows by itself what it has missed", async ({ restaurant }) => {
  const [luca, grill] = [await restaurant.luca(), await restaurant.grill()];
  const network = grill.device.page.context();
  await luca.goToFloor();
  await luca.seat("T4", 2);
  await luca.openCategory("Grill");
  await expect(grill.board).toBeVisible();

  await network.setOffline(true);
  await expect(grill.banner).toContainText("STALE", { timeout: STALE_WITHIN });
  await expect(grill.board).not.toContainText("All done");
  await luca.add("Ribeye 300 g", { choices: ["Rare"] });
  await luca.send();
  await expect(luca.line("Ribeye")).toContainText("Sent");
  await restaurant.printers.slipWith("Grill", "Ribeye");
  await expect(grill.ticket("T4")).toHaveCount(0);

  await network.setOffline(false);
  await expect(grill.ticket("T4")).toContainText("Ribeye");
  await expect(grill.banner).toHaveCount(0);
  await expect(luca.line("Ribeye")).toContainText("On screen");
  expect(await grill.device.isTheSamePage()).toBe(true);
});

test("the hub is killed: tablets keep what is tapped, every screen goes on by itself", async ({ restaurant }) => {
  const [luca, grill] = [await restaurant.luca(), await restaurant.grill()];
  await luca.openTable("T4");
  await luca.openCategory("Grill");
  const hub = processesIn(addresses().data).get("hub");
  expect(hub).toBeDefined();
  process.kill(hub ?? 0, "SIGKILL");
  await luca.add("Grilled chicken");
  await luca.send();
  await expect(grill.ticket("T4", "Grilled chicken")).toContainText("ADD");
  await expect(luca.line("Grilled chicken")).toContainText("On screen");
  for (const device of await restaurant.devices()) expect(await device.isTheSamePage(), device.name).toBe(true);
  await expect(grill.banner).toHaveCount(0);
});
