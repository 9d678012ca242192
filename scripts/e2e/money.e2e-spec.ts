import { pdfText } from "#consumers/documents/testing/pdf-text.ts";
import { unzip } from "#consumers/documents/testing/unzip.ts";
import { expect, test } from "./restaurant.ts";

/** What guests want done with their bills at the end of an evening. */
test.describe.configure({ mode: "serial" });

const DISHES = ["Carbonara", "Pomodoro", "Lasagne"] as const;

test("nine who shared the wine: by seat, the wine by all, and everybody pays, with at most 25 taps", async ({ restaurant }) => {
  const [luca, ana] = [await restaurant.luca(), await restaurant.ana()];
  await ana.openDrawer("15000");
  await luca.goToFloor();
  await luca.seat("14", 9);
  for (let seat = 1; seat <= 9; seat++) await expect(luca.order.getByRole("button", { name: `Seat ${seat}`, exact: true })).toBeInViewport({ ratio: 1 });
  await luca.openCategory("Wine");
  await luca.add("House red", { choices: ["Bottle"] });
  await luca.openCategory("Kitchen");
  for (let seat = 1; seat <= 9; seat++) {
    await luca.toSeat(seat);
    await luca.add(DISHES[seat % DISHES.length] ?? "Carbonara");
  }
  await luca.send();
  await ana.openTable("14");
  await expect(ana.order.getByRole("option")).toHaveCount(10);

  const began = Date.now();
  const taps = await ana.device.tapsFor(async () => {
    await ana.openBill();
    await ana.bySeat();
    await expect(ana.parts).toHaveCount(9);
    await ana.select(null, "House red");
    await ana.shareWithAll();
    await expect(ana.billLines("1/9")).toHaveCount(9);
    await expect(ana.proof).toContainText("9 parts make the whole");
    for (let seat = 1; seat <= 9; seat++) {
      await expect(ana.parts.filter({ hasText: "Paid" })).toHaveCount(seat - 1);
      await ana.exactCash();
      await expect(ana.part(`Seat ${seat}`)).toContainText("Paid");
    }
    await ana.closeAll(9);
    await ana.clearTable();
  });
  test.info().annotations.push({ type: "taps and seconds", description: `${taps} taps, ${(Date.now() - began) / 1000} s` });
  expect(taps).toBeLessThanOrEqual(25);
  await luca.goToFloor();
  await expect(luca.table("14")).toHaveAccessibleDescription(/^free/);
});

test("three of five waters are paid before the rest is arranged, one tap undoes, and two devices see each other", async ({ restaurant }) => {
  const [luca, ana] = [await restaurant.luca(), await restaurant.ana()];
  await luca.goToFloor();
  await luca.seat("6", 4);
  await luca.openCategory("Soft drinks");
  await luca.add("Still water");
  for (let more = 1; more < 5; more++) await luca.oneMore("Still water");
  await luca.openCategory("Kitchen");
  await luca.add("Lasagne");
  await luca.send();
  await ana.openTable("6");
  await ana.openBill();
  await ana.select(null, "Still water");
  await ana.fewerPieces();
  await ana.fewerPieces();
  await expect(ana.selection).toContainText("3 of 5");
  await ana.toNewPart();
  await expect(ana.parts).toHaveCount(2);
  await expect(ana.part("Part 2")).toContainText("3 × Still water");
  await expect(ana.part("Table")).toContainText("2 × Still water");

  await ana.pay("Part 2");
  await ana.exactCash();
  await expect(ana.part("Part 2")).toContainText("Paid");

  await luca.openTable("6");
  await luca.openBill();
  await luca.select("Table", "Lasagne");
  await luca.toNewPart();
  await expect(ana.parts).toHaveCount(3);
  await expect(ana.page.getByRole("status").filter({ hasText: "Luca moved items" })).toBeVisible();
  await expect(ana.proof).toContainText("3 parts make the whole");
  expect(await luca.device.tapsFor(() => luca.undo())).toBe(1);
  for (const who of [ana, luca]) await expect(who.parts).toHaveCount(2);

  // Screen rule 9: what Ana does meanwhile moves nothing while Luca's finger is down.
  const water = luca.part("Table").getByRole("button", { name: /Still water/ });
  await water.hover();
  await luca.page.mouse.down();
  const before = await water.boundingBox();
  await ana.drag("Table", "Lasagne", "Drag here for a new part");
  await expect(ana.parts).toHaveCount(3);
  await luca.page.waitForTimeout(500);
  await expect(luca.parts).toHaveCount(2);
  expect(await water.boundingBox()).toEqual(before);
  await luca.page.mouse.up();
  await expect(luca.parts).toHaveCount(3);
  await ana.undo();
  for (const who of [ana, luca]) await expect(who.parts).toHaveCount(2);

  await ana.pay("Table");
  await ana.equally(2);
  expect(await ana.device.tapsFor(() => ana.undo())).toBe(1);
  await expect(ana.part("Table").getByRole("group", { name: "Payment parts" })).toHaveCount(0);
  await ana.equally(3);
  const shares = ana.part("Table").getByRole("group", { name: "Payment parts" }).getByRole("button");
  await expect(shares).toHaveCount(3);
  for (let guest = 1; guest <= 3; guest++) {
    await expect(ana.part("Table").getByRole("button", { name: /paid$/ })).toHaveCount(guest - 1);
    await ana.exactCash();
  }
  await ana.closeAll(2);
  await ana.clearTable();
});

test("a discount is agreed to on the manager's device in two taps while the waiter works on, and over the screen by PIN", async ({ restaurant }) => {
  const [luca, sofia] = [await restaurant.luca(), await restaurant.sofia()];
  await luca.goToFloor();
  await luca.seat("2", 2);
  await luca.openCategory("Kitchen");
  await luca.add("Carbonara");
  await luca.send();
  await luca.openBill();
  await luca.discount(10, "Regular guest");
  await luca.askFromAfar();
  await expect(luca.page.getByRole("button", { name: "1 waiting for approval" })).toBeVisible();

  await luca.openTable("2");
  await luca.openCategory("Beer");
  await luca.add("Lager 0.4");
  expect(await sofia.device.tapsFor(() => sofia.approve("Luca"))).toBe(2);
  await luca.send();
  await luca.openBill();
  await expect(luca.bill).toContainText("Discount");
  await expect(luca.page.getByRole("button", { name: "1 waiting for approval" })).toHaveCount(0);

  await luca.select(null, "Lager");
  await luca.onTheHouse("With our compliments");
  await luca.approvedBy("Sofia", "9999");
  await expect(luca.said).toHaveText("On the house: all of it off 1 line");
  expect(await luca.underTheNotice("Sofia agreed")).toEqual([]);
  await expect(luca.bill).toContainText("On the house");
});

test("a terminal and a QR code take their parts; of a lost answer nothing can be charged again, but the terminal is asked or a manager decides", async ({ restaurant }) => {
  const [luca, ana] = [await restaurant.luca(), await restaurant.ana()];
  const { providers } = restaurant;
  await luca.goToFloor();
  await luca.seat("1", 2);
  await luca.openCategory("Kitchen");
  await luca.add("Lasagne");
  await luca.send();
  await ana.openTable("1");
  await ana.openBill();
  const parts = ana.page.getByRole("group", { name: "Payment parts" });
  expect(await ana.device.tapsFor(() => ana.equallyByAll())).toBe(1);
  await expect(parts.getByRole("button")).toHaveCount(2);
  await expect(ana.said).toHaveText("2 equal parts");
  await ana.undo();
  await expect(parts).toHaveCount(0);
  await ana.equally(3);

  await providers.behave("terminal-1", { mood: "ok", ms: 300 });
  await ana.charge("Card terminal");
  await expect(parts.getByRole("button", { name: /paid$/ })).toHaveCount(1);

  await providers.behave("qr-1", { mood: "ok", ms: 4000 });
  await ana.charge("QR code");
  await expect(ana.payment.getByRole("img", { name: "QR code to pay" })).toBeVisible();
  await ana.device.tap(ana.payment.getByRole("button", { name: "Ask again" }));
  await expect(ana.said).toHaveText(/ was asked at \d\d:\d\d:\d\d\. What it says shows here\.$/);
  await expect(parts.getByRole("button", { name: /paid$/ })).toHaveCount(2);

  await providers.behave("terminal-1", { mood: "lose-connection" });
  await ana.charge("Card terminal");
  await expect(ana.payment.getByRole("alert")).toContainText("Nobody knows whether", { timeout: 90_000 });
  await expect(ana.payment.getByRole("button", { name: /charge/i })).toHaveCount(0);
  await expect(ana.payment.getByRole("button", { name: "Ask the terminal" })).toBeVisible();
  await ana.device.tap(ana.payment.getByRole("button", { name: "Manager decides" }));
  await ana.device.tap(ana.payment.getByRole("button", { name: "It was paid" }));
  await ana.approvedBy("Sofia", "9999");
  await expect(ana.payment.getByText("Paid", { exact: true })).toBeVisible();
  await providers.behave("terminal-1", { mood: "ok", ms: 300 });
  await ana.closeCheck();
  await ana.clearTable();
});

test("the drawer takes cash in and out beside sales, says X, and its count closes with Z", async ({ restaurant }) => {
  const ana = await restaurant.ana();
  await ana.goToDrawer();
  await ana.payIn("5000", "Change from the bank");
  await ana.drop("2000");
  await expect(ana.movements).toContainText("Change from the bank");
  await ana.payTips("Luca", "500");
  await expect(ana.page.getByRole("dialog")).toContainText(/Luca: (Nothing owed|.* owed), less than this/);
  await ana.approvedBy("Sofia", "9999");
  await expect(ana.movements).toContainText("Luca");
  await ana.report();
  await expect(ana.reports).toContainText("X 1");
  // The drawer is still open, and its count is blind.
  await ana.device.tap(ana.reports.getByRole("button", { name: /^X 1 Till 1/ }));
  const paper = ana.page.getByRole("dialog");
  await expect(paper).toContainText("+ Paid in (1)");
  for (const words of ["Expected", "Cash taken", "Given back"]) await expect(paper).not.toContainText(words);
  await ana.page.keyboard.press("Escape");
  await ana.closeDrawer("1000");
  await expect(ana.lastCount).toContainText("Short");
  await expect(ana.reports).toContainText("Z");
});

test("a party moves, joins another and is undone in one tap; the kitchen only reads another label", async ({ restaurant }) => {
  const [luca, kitchen] = [await restaurant.luca(), await restaurant.kitchen()];
  await luca.goToFloor();
  await luca.seat("8", 2);
  await luca.openCategory("Kitchen");
  await luca.add("Pomodoro");
  await luca.send();
  await expect(kitchen.ticket("8", "Pomodoro")).toBeVisible();
  const tickets = await kitchen.tickets.count();

  await luca.moveParty("9");
  await expect(luca.title("Table 9")).toBeVisible();
  expect(await luca.underTheNotice("Moved to table 9")).toEqual([]);
  await expect(kitchen.ticket("9", "Pomodoro")).toBeVisible();
  await expect(kitchen.tickets).toHaveCount(tickets);
  expect(await luca.device.tapsFor(() => luca.undoLast())).toBe(1);
  await expect(luca.title("Table 8")).toBeVisible();
  await expect(kitchen.ticket("8", "Pomodoro")).toBeVisible();

  await luca.goToFloor();
  await luca.seat("12", 3);
  await luca.openCategory("Beer");
  await luca.add("Lager 0.4");
  await luca.send();
  await luca.joinParty(/^Table 8,/);
  await expect(luca.order).toContainText("5 covers");
  await luca.undoLast();
  await expect(luca.order).toContainText("3 covers");
});

test("the manager reads who did what, sees the bill as it was, refunds an item and saves receipt and ledger as files", async ({ restaurant }) => {
  const [ana, sofia] = [await restaurant.ana(), await restaurant.sofia()];
  await ana.goToDrawer();
  await ana.openDrawerAgain("10000");
  await sofia.seeBills();
  await sofia.openBillOf(/^Table 2 /);
  for (const words of ["Discount 10 %", "Regular guest", "agreed by Sofia", "On the house"]) await expect(sofia.timeline).toContainText(words);
  await sofia.device.tap(sofia.timeline.getByRole("listitem").first().getByRole("button"));
  await expect(sofia.asItWas).toContainText("As it was at");
  await expect(sofia.asItWas).not.toContainText("Discount");
  const audit = await sofia.auditOfBill();
  for (const words of ["Luca", "may take orders", /address \S{6}…/, "Check: created"]) await expect(audit).toContainText(words);
  const whole = await sofia.entry(1);
  for (const words of [/Right *floor\.seat|order\.take/, /Address, keyed hash *[\w-]{22}/, /Link of the chain *[0-9a-f]{64}/, "What the event says"]) await expect(whole).toContainText(words);
  await sofia.follow("Audit of Luca");
  await expect(audit).toContainText("Staff: created");
  await sofia.device.page.keyboard.press("Escape");

  await sofia.openBillOf(/^Table 6 Receipt/);
  // One of its waters is kept, and given back too when somebody thinks of it.
  const some = await sofia.refundItem("Still water", "Not as it should be", 1);
  await expect(sofia.asItWas).toContainText(/Refund R\d+ · Cash/);
  const last = await sofia.refundItem("1 × Still water (of", "Not as it should be");
  for (const said of [some, last]) expect(said).toMatch(/^Hand over in cash.*\d/);
  await expect(sofia.asItWas).toContainText(/Refund R\d+ · Cash/);
  await expect(sofia.timeline).toContainText("Refund");
  expect((await sofia.download("Receipt as PDF")).name).toMatch(/\.pdf$/);
  await sofia.seeBooks();
  await expect(sofia.panel("Account statement")).toContainText("Cash taken");
  const [pdf, xlsx] = [await sofia.download("Ledger as PDF"), await sofia.download("Ledger as Excel")];
  expect([pdf.name, xlsx.name]).toEqual([expect.stringMatching(/\.pdf$/), expect.stringMatching(/\.xlsx$/)]);
  const sheets = [...unzip(xlsx.bytes)].flatMap(([name, xml]) => (/^xl\/(sharedStrings|worksheets\/)/.test(name) ? [xml] : [])).join("");
  for (const words of ["Drawer opened with its float", "Cash taken"]) {
    expect(pdfText(pdf.bytes)).toContain(words);
    expect(sheets).toContain(words);
  }
});

test("lines go to another table and back in one tap, bills merge, a table is handed over and back; the kitchen hears nothing of it", async ({ restaurant }) => {
  const [luca, ana, kitchen] = [await restaurant.luca(), await restaurant.ana(), await restaurant.kitchen()];
  for (const [table, dish] of [["4", "Pomodoro"], ["13", "Lasagne"]] as const) {
    await luca.goToFloor();
    await luca.seat(table, 2);
    await luca.openCategory("Kitchen");
    await luca.add(dish);
    if (table === "13") await luca.add("Carbonara");
    await luca.send();
    await expect(kitchen.ticket(table, dish)).toBeVisible();
  }
  const tickets = await kitchen.tickets.count();
  await luca.openBill();
  await expect(luca.bill).toContainText("€30.80");

  await luca.select(null, "Carbonara");
  await luca.moveOut(/^Table 4,/);
  await expect(luca.said).toHaveText("Carbonara moved to Table 4");
  await expect(luca.part("Table 4")).toContainText("Carbonara");
  await expect(luca.proof).toContainText("2 parts make the whole: €30.80");
  expect(await luca.device.tapsFor(() => luca.undo())).toBe(1);
  await expect(luca.parts).toHaveCount(0);
  await expect(luca.bill).toContainText("€30.80");

  await luca.mergeWith(/^Table 4/);
  await expect(luca.said).toHaveText("Table 4 merged into Table");
  await expect(luca.bill).toContainText("€43.45");
  await luca.undo();
  await expect(luca.bill).toContainText("€30.80");

  await luca.select(null, "Lasagne");
  await luca.toNewPart();
  await luca.select("Table", "Carbonara");
  await luca.shareWithAll();
  await expect(luca.billLines("1/2")).toHaveCount(2);
  await expect(luca.proof).toContainText("2 parts make the whole: €30.80");
  await luca.undo();
  await expect(luca.billLines("1/2")).toHaveCount(0);

  // What one tap took from two parts, one tap gives back to both, on another tablet.
  await ana.openTable("13");
  await ana.openBill();
  await luca.select("Table", "Carbonara");
  await luca.selectToo("Part 2", "Lasagne", 2);
  await luca.moveOut(/^Table 4,/);
  for (const who of [luca, ana]) for (const dish of ["Carbonara", "Lasagne"]) await expect(who.part("Table 4")).toContainText(dish);
  expect(await ana.device.tapsFor(() => ana.undo())).toBe(1);
  for (const who of [luca, ana]) {
    await expect(who.part("Table")).toContainText("Carbonara");
    await expect(who.part("Part 2")).toContainText("Lasagne");
    await expect(who.parts).toHaveCount(2);
  }

  await luca.openTable("13");
  await luca.handOverTo("Mai");
  await expect(luca.order).toContainText("Mai");
  await luca.undoFromMenu("Undo the hand-over");
  await expect(luca.order).toContainText("Luca");
  await expect(kitchen.tickets).toHaveCount(tickets);
});

test("change of the first of several parts stays until it is given; what was paid on a part stays when the parts are undone", async ({ restaurant }) => {
  const ana = await restaurant.ana();
  await ana.openTable("4");
  await ana.openBill();
  await expect(ana.due).toHaveText("€12.65");
  await ana.byAmount("500");
  await ana.cash("2000");
  await expect(ana.change).toHaveText("€15.00");
  await expect(ana.said).toHaveText(/Amount 1, Paid, Change €15\.00$/);
  const colors = await ana.bill.getByRole("group", { name: "Payment parts" }).getByRole("button", { name: /paid$/ }).evaluate((part) => [...part.children].map((words) => getComputedStyle(words).color));
  expect(colors).toHaveLength(2);
  expect(colors[0]).toBe(colors[1]);
  await ana.undo();
  await expect(ana.page.getByRole("group", { name: "Payment parts" })).toHaveCount(0);
  await expect(ana.due).toHaveText("€7.65");
  await ana.exactCash();

  // It was meant for the card: one step, and the terminal asks for it.
  const { page } = ana.device;
  await ana.device.tap(ana.bill.getByRole("button", { name: "Cash, €7.65" }));
  await ana.device.tap(page.getByRole("button", { name: "It was paid another way" }));
  await ana.device.tap(page.getByRole("button", { name: "Card terminal: charge €7.65 now" }));
  await ana.approvedBy("Sofia", "9999");
  await expect(ana.bill.getByRole("button", { name: /^Card, .*€7\.65$/ })).toBeVisible();
  await expect(ana.bill.getByRole("button", { name: "Cash, €7.65" })).toHaveCount(0);
  await ana.closeCheck();
  await ana.clearTable();
});
