import { billOn } from "./people/bill.ts";
import { cashierOn } from "./people/cashier.ts";
import { signIn } from "./people/person.ts";
import { waiterOn } from "./people/waiter.ts";
import { expect, test, WARUNG, type Restaurant } from "./restaurant.ts";

const NBSP = "\u00a0";
const rp = (amount: string) => `Rp${NBSP}${amount}`;

/** What is done with a bill on which somebody has paid already, or that nobody has to pay any more. */
test.describe.configure({ mode: "serial" });

async function at(restaurant: Restaurant, device: string, name: string, pin: string) {
  const tablet = await restaurant.device(device, "Till and tablet", { width: 1024, height: 768 }, WARUNG);
  await signIn(tablet, name, pin);
  return { ...billOn(tablet), ...waiterOn(tablet), ...cashierOn(tablet) };
}

test("a bill that has a payment is merged on a tablet that was loaded after it was paid, and rolled back: the dialog closes, and nothing is thrown", async ({ restaurant }) => {
  const budi = await at(restaurant, "Warung till", "Budi", "9999");
  for (const [table, soto] of [["3", 2], ["4", 1]] as const) {
    await budi.goToFloor();
    await budi.seat(table, 2);
    for (let n = 0; n < soto; n++) await budi.add("Soto ayam");
    await budi.send();
  }
  await budi.openTable("3");
  await budi.openBill();
  // Two at 39.900 with 5 % and 10 % are 92.169.
  await budi.cardByHand("7", "50000");
  await expect(budi.due).toHaveText(rp("42.169"));

  const sari = await at(restaurant, "Warung tablet", "Sari", "1111");
  await sari.device.loadAnew();
  await signIn(sari.device, "Sari", "1111");
  await sari.openTable("4");
  await sari.openBill();
  await expect(sari.due).toHaveText(rp("46.085"));
  await sari.mergeWith(/^Table 3/);
  await expect(sari.said).toHaveText(/^Table 3 merged into /);
  await expect(sari.bill).toContainText(`Total${rp("138.254")}`);
  await expect(sari.bill).toContainText(`Paid−${rp("50.000")}`);
  await expect(sari.due).toHaveText(rp("88.254"));
  expect(await sari.device.tapsFor(() => sari.undo())).toBe(1);
  await expect(sari.due).toHaveText(rp("46.085"));
  await expect(sari.bill).not.toContainText(rp("50.000"));

  await budi.openTable("3");
  await budi.openBill();
  await expect(budi.due).toHaveText(rp("42.169"));
  for (const table of ["3", "4"]) {
    await budi.openTable(table);
    await budi.openBill();
    await budi.cardByHand("8");
    await budi.closeCheck();
    await budi.clearTable();
  }
});

test("of seven equal parts one is paid, and what is left is divided anew by four: the part that is paid stays, and all make the whole", async ({ restaurant }) => {
  const budi = await at(restaurant, "Warung till", "Budi", "9999");
  await budi.goToFloor();
  await budi.seat("3", 7);
  await budi.add("Soto ayam");
  for (let more = 1; more < 21; more++) await budi.oneMore("Soto ayam");
  await budi.send();
  await budi.openBill();
  // 21 at 39.900 are 837.900, with 5 % and 10 % 967.775: three sevenths are a rupiah less.
  await expect(budi.bill).toContainText(rp("967.775"));
  await budi.equallyByAll();
  const guests = budi.page.getByRole("group", { name: "Payment parts" }).getByRole("button");
  await expect(guests).toHaveText([...Array<RegExp>(4).fill(/138\.254/), ...Array<RegExp>(3).fill(/138\.253/)]);
  await budi.cardByHand("1");
  await expect(guests.filter({ hasText: "paid" })).toHaveCount(1);

  await budi.equallyMore(4, `${rp("829.521")} is left to divide`);
  await expect(budi.said).toHaveText("4 more equal parts");
  await expect(guests).toHaveText(["1 of 7paid", ...["207.381", "207.380", "207.380", "207.380"].map((each, i) => `${i + 2} of 5${rp(each)}`)]);
  // 138.254 and 829.521.
  await expect(budi.bill).toContainText(`Paid−${rp("138.254")}`);
  for (const [n, due] of ["207.381", "207.380", "207.380", "207.380"].entries()) {
    await expect(budi.due).toHaveText(rp(due));
    await budi.cardByHand(String(n + 2));
    await expect(guests.filter({ hasText: "paid" })).toHaveCount(n + 2);
  }
  await expect(budi.bill).toContainText(`Paid−${rp("967.775")}`);
  await budi.closeCheck();
  await budi.clearTable();
});

test("what nobody has paid is not said to be paid: parts of a bill that was given away owe nothing", async ({ restaurant }) => {
  const budi = await at(restaurant, "Warung till", "Budi", "9999");
  // Carried away, so that there is no charge that is left.
  await budi.takeaway("Dewi", 20);
  await budi.add("Soto ayam");
  await budi.send();
  await budi.openBill();
  await budi.equally(2);
  const guests = budi.page.getByRole("group", { name: "Payment parts" }).getByRole("button");
  await expect(guests).toHaveText([`1 of 2${rp("21.945")}`, `2 of 2${rp("21.945")}`]);
  await budi.select(null, "Soto ayam");
  await budi.onTheHouse("Birthday");
  await expect(budi.bill).toContainText(`Total${rp("0")}`);
  await expect(guests).toHaveText(["1 of 2nothing due", "2 of 2nothing due"]);
  await expect(budi.payment.getByRole("heading", { name: "Nothing due" })).toBeVisible();
  await expect(budi.page.getByText(/\bpaid$/i)).toHaveCount(0);
  await budi.closeCheck();
});

test("a payment that was tapped while the hub was out of reach, and that a page loaded anew sends too late, is told with who and when", async ({ restaurant }) => {
  const [budi, sari] = [await at(restaurant, "Warung till", "Budi", "9999"), await at(restaurant, "Warung tablet", "Sari", "1111")];
  await budi.goToFloor();
  await budi.seat("4", 1);
  await budi.add("Soto ayam");
  await budi.send();
  await budi.openBill();
  await sari.openTable("4");
  await sari.openBill();
  await expect(sari.due).toHaveText(rp("46.085"));

  const calls = /\/trpc\//;
  await sari.page.context().route(calls, (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await sari.cardByHand("9", "40000");
  await budi.cardByHand("8");
  await budi.closeCheck();
  await sari.device.loadAnew();
  await expect(sari.page.getByText("Not done")).toHaveCount(0);
  await sari.page.context().unroute(calls);
  const told = sari.page.getByRole("alert").filter({ hasText: "Not done" });
  await expect(told).toContainText(/Not done: card by hand Rp.40,000\.00, Table 4Tapped by Sari, \d+ \w+ \d{4}, \d\d:\d\d, before this page was loaded anew\. This bill is closed\./);
  await expect.poll(() => told.evaluate((notice) => notice.scrollHeight <= notice.clientHeight)).toBe(true);
  await sari.device.tap(told.getByRole("button"));
  await expect(told).toHaveCount(0);
  await budi.clearTable();
});
