import { expect, test } from "./restaurant.ts";

test("failure 18: what the manager marks as sold out shows on every tablet, and the hub refuses what was entered before", async ({ restaurant }) => {
  const [mai, luca, sofia] = [await restaurant.mai(), await restaurant.luca(), await restaurant.sofia()];
  await luca.goToFloor();
  await luca.seat("T2", 2);
  await luca.openCategory("Kitchen");
  await mai.goToFloor();
  await mai.seat("T1", 2);
  await mai.openCategory("Beer");
  await mai.add("Lager 0.4");
  await mai.openCategory("Kitchen");
  await mai.add("Mushroom risotto");
  await sofia.seeMenu();
  await sofia.markSoldOut("Mushroom risotto");
  for (const waiter of [mai, luca]) {
    await expect(waiter.product("Mushroom risotto")).toBeDisabled();
    await expect(waiter.product("Mushroom risotto")).toHaveAccessibleDescription("sold out");
  }

  const answer = mai.device.page.waitForResponse(/\/trpc\/order\.send/);
  await mai.send();
  expect(await (await answer).text()).toContain("insufficient-stock");
  await expect(mai.line("Mushroom risotto")).toContainText("sold out");
  await expect(mai.order.getByText("Mushroom risotto: sold out")).toBeVisible();
  await mai.sendTheRest();
  await expect(mai.line("Lager 0.4")).not.toContainText("Unsent");
  await expect(mai.line("Mushroom risotto")).toContainText("sold out");
});

test("a countdown is seen on every tablet and goes down with what is sent", async ({ restaurant }) => {
  const [mai, luca, sofia] = [await restaurant.mai(), await restaurant.luca(), await restaurant.sofia()];
  await sofia.seeMenu();
  await sofia.setCountdown("Panna cotta", 3);
  await luca.openTable("T2");
  await luca.openCategory("Desserts");
  await mai.goToFloor();
  await mai.seat("T3", 2);
  await mai.openCategory("Desserts");
  for (const waiter of [mai, luca]) await expect(waiter.product("Panna cotta")).toHaveAccessibleDescription("3 left");
  await mai.add("Panna cotta");
  await mai.add("Panna cotta");
  await mai.send();
  for (const waiter of [mai, luca]) await expect(waiter.product("Panna cotta")).toHaveAccessibleDescription("1 left");
  // As many as are left, or none: two more are refused by name.
  await luca.add("Panna cotta");
  await luca.add("Panna cotta");
  await luca.send();
  await expect(luca.order.getByText("Panna cotta: 1 left")).toBeVisible();
});
