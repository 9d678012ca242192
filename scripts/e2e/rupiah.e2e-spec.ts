import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { signIn } from "./people/person.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test, WARUNG } from "./restaurant.ts";

const NBSP = "\u00a0";

test("nobody can pay a sen: three equal parts make the whole as it is shown, what is shown as due can be typed, and a terminal is asked for whole rupiah", async ({ restaurant }) => {
  const till = await restaurant.device("Warung till", "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  await signIn(till, "Budi", "9999");
  const budi = { ...billOn(till), ...waiterOn(till), ...cashierOn(till) };
  await budi.goToFloor();
  await budi.seat("6", 3);
  for (let seat = 1; seat <= 3; seat++) {
    await budi.toSeat(seat);
    await budi.add("Soto ayam");
  }
  await budi.send();
  await budi.openBill();

  // Three at 39.900 with 5 % and 10 % are 138.253,50, and each 46.084,50.
  await budi.bySeat();
  await expect(budi.parts).toHaveCount(3);
  for (const [seat, rupiah] of [[1, "46.085"], [2, "46.085"], [3, "46.084"]] as const) await expect(budi.part(`Seat ${seat}`)).toContainText(`Rp${NBSP}${rupiah}`);
  await expect(budi.proof).toContainText(`3 parts make the whole: Rp${NBSP}138.254`);
  await budi.undo();
  await expect(budi.parts).toHaveCount(0);

  await budi.equally(3);
  const guests = budi.page.getByRole("group", { name: "Payment parts" }).getByRole("button");
  await expect(guests).toHaveText([/46\.085/, /46\.085/, /46\.084/]);
  await expect(budi.due).toHaveText(`Rp${NBSP}46.085`);
  await budi.cardByHand("1", "46085");
  await expect(guests.filter({ hasText: /paid/i })).toHaveCount(1);

  await restaurant.providers.behave("terminal-1", { mood: "ok", ms: 300 });
  await budi.charge("Card terminal");
  await expect(guests.filter({ hasText: /paid/i })).toHaveCount(2);
  expect(await restaurant.providers.lastAmount("terminal-1")).toBe("4608500");

  await expect(budi.due).toHaveText(`Rp${NBSP}46.084`);
  await budi.cardByHand("2", "46084");
  await budi.closeCheck();
  await budi.clearTable();
  await expect(budi.table("6")).toHaveAccessibleDescription(/^free/);
});
