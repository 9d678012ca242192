import { signIn } from "./people/person.ts";
import { cookAt } from "./people/cook.ts";
import { waiterOn } from "./people/waiter.ts";
import { managerOn } from "./people/manager.ts";
import { CAFE, expect, test } from "./restaurant.ts";

test("the second place sees nothing of the first: people, floor, menu, kitchen, day", async ({ restaurant }) => {
  const till = await restaurant.device("Café till", "Till and tablet", { width: 1024, height: 768 }, CAFE);
  const counter = cookAt(await restaurant.device("Café counter", "Counter", { width: 1920, height: 1080 }, CAFE));
  const people = till.page.getByRole("dialog", { name: "Sign in" });
  await expect(people.getByRole("button", { name: "Noah" })).toBeVisible();
  for (const name of ["Mai", "Luca", "Ana", "Omar", "Sofia"]) await expect(people.getByRole("button", { name, exact: true })).toHaveCount(0);
  await signIn(till, "Noah", "9999");
  const noah = { ...waiterOn(till), ...managerOn(till) };

  const luca = await restaurant.luca();
  await luca.goToFloor();
  await luca.seat("10", 2);
  await luca.openCategory("Beer");
  await luca.add("Lager 0.4");
  await luca.send();
  await expect((await restaurant.bar()).ticket("10")).toContainText("Lager");

  for (const table of ["1", "2", "3", "4", "5"]) await expect(noah.table(table)).toHaveAccessibleDescription(/^free/);
  await expect(noah.table("6")).toHaveCount(0);
  await noah.seat("2", 2);
  await till.page.getByRole("textbox", { name: "Search the menu" }).fill("lager");
  await expect(till.page.getByText("Nothing found")).toBeVisible();
  await till.page.getByRole("textbox", { name: "Search the menu" }).fill("drip");
  await noah.add("Drip coffee");
  await noah.send();
  await expect(counter.ticket("2")).toContainText("Drip coffee");
  await expect(counter.tickets).toHaveCount(1);
  await noah.seeToday();
  await expect(noah.panel("Open checks")).toContainText("$3.54");
  await expect(noah.panel("Sales")).toContainText("$0.00");
  await expect(noah.panel("Kitchen")).not.toContainText("Grill");
});
