import type { Waiter } from "./people/waiter.ts";
import { expect, test } from "./restaurant.ts";

type Asked = { readonly waiter: Waiter; readonly covers: number };

/** Both have the dialog open and name their covers at the same instant. Answers who sits, and who was asked what is wanted. */
async function seatAtOnce(table: string, one: Asked, other: Asked): Promise<{ readonly first: Asked; readonly second: Asked }> {
  for (const { waiter } of [one, other]) {
    await waiter.goToFloor();
    await waiter.askCovers(table);
  }
  await Promise.all([one, other].map(({ waiter, covers }) => waiter.pickCovers(covers)));
  const asked = ({ waiter }: Asked) => waiter.sheet.getByText("Somebody sits here already.").isVisible();
  const seated = ({ waiter }: Asked) => waiter.title(`Table ${table}`).isVisible();
  await expect.poll(async () => [await seated(one), await asked(one), await seated(other), await asked(other)].filter(Boolean)).toHaveLength(2);
  expect([await asked(one), await asked(other)].filter(Boolean)).toHaveLength(1);
  return (await asked(one)) ? { first: other, second: one } : { first: one, second: other };
}

test("failure 2: two tablets seat table 7 at once, and the second party sits beside the first", async ({ restaurant }) => {
  const [mai, luca] = [await restaurant.mai(), await restaurant.luca()];
  const { second } = await seatAtOnce("7", { waiter: mai, covers: 3 }, { waiter: luca, covers: 2 });
  await second.waiter.device.tap(second.waiter.sheet.getByRole("button", { name: `Sit beside them, party of ${second.covers}` }));
  await expect(second.waiter.title("Table 7")).toBeVisible();
  for (const waiter of [mai, luca]) {
    await waiter.goToFloor();
    for (const party of [/3 covers, served by Mai/, /2 covers, served by Luca/]) await expect(waiter.table("7")).toHaveAccessibleDescription(party);
  }
});

test("failures 1 and 2: the second tablet joins the first's order, and what both add at once is there", async ({ restaurant }) => {
  const [mai, luca] = [await restaurant.mai(), await restaurant.luca()];
  const { first, second } = await seatAtOnce("11", { waiter: mai, covers: 4 }, { waiter: luca, covers: 4 });
  await second.waiter.device.tap(second.waiter.sheet.getByRole("button", { name: /^Open the order of (Mai|Luca)'s party of 4$/ }));
  await expect(second.waiter.title("Table 11")).toBeVisible();

  await mai.openCategory("Beer");
  await luca.openCategory("Soft drinks");
  await Promise.all([mai.add("Lager 0.4"), luca.add("Cola")]);
  for (const waiter of [mai, luca]) {
    await expect(waiter.line("Lager 0.4")).toHaveCount(1);
    await expect(waiter.line("Cola")).toHaveCount(1);
  }
  await first.waiter.send();
  for (const item of ["Lager 0.4", "Cola"]) await expect(second.waiter.line(item)).not.toContainText("Unsent");
  await second.waiter.goToFloor();
  const parties = (await second.waiter.table("11").getAttribute("aria-description"))?.split(";");
  expect(parties).toHaveLength(1);
});
