import { typeOnPad, type Device } from "./device.ts";
import { expect } from "./expect.ts";

const SOON = { timeout: 3000 };

/** A tap right after another device has moved something is meant for what stood there before, and is ignored (screen rule 9): then once more. */
const meant = (touch: () => Promise<void>) => expect(touch).toPass();

export type BillHands = ReturnType<typeof billOn>;

/** What is done with a bill's parts. */
export function billOn(device: Device) {
  const { page, tap } = device;
  const actions = page.getByRole("toolbar", { name: "Bill actions" });
  const selection = page.getByRole("group", { name: "Selected items" });
  const part = (name: string | RegExp) => page.getByRole("region", { name: typeof name === "string" ? new RegExp(`^Part \\d+, ${name}$`) : name });
  const parts = page.getByRole("region", { name: /^Part \d+, / });

  return {
    parts,
    part,
    selection,
    /** What a screen reader is told of the last thing that was done. */
    said: page.getByRole("status", { name: "What was done" }),
    /** That the parts make up the whole, as the screen reckons it. */
    proof: page.getByRole("status", { name: "Whole bill" }),
    billLines: (words: string | RegExp) => page.locator("[data-part]").getByRole("button").filter({ hasText: words }),
    async bySeat() {
      await tap(actions.getByRole("button", { name: "By seat" }));
      await expect(parts.first()).toBeVisible();
    },
    /** By as many as sit at the table: the number is on the button. */
    async equallyByAll() {
      await tap(actions.getByRole("button", { name: /^Equally, \d+ parts$/ }));
    },
    async equally(count: number) {
      const asks = actions.getByRole("button", { name: "Equally", exact: true });
      if (await asks.isVisible()) await tap(asks);
      else {
        await tap(page.getByRole("button", { name: /^More for / }).first());
        await tap(page.getByRole("menuitem", { name: "Equally by another number" }));
      }
      await tap(page.getByRole("dialog").getByRole("button", { name: `${count} equal parts`, exact: true }));
    },
    /** What is left of a divided bill of which a part is paid; `said`: what the dialog tells of it. */
    async equallyMore(count: number, said: string) {
      await tap(actions.getByRole("button", { name: "Equally", exact: true }));
      await expect(page.getByRole("dialog")).toContainText(said);
      await tap(page.getByRole("dialog").getByRole("button", { name: `${count} more equal parts`, exact: true }));
      await expect(page.getByRole("dialog")).toHaveCount(0);
    },
    async select(where: string | null, words: string | RegExp) {
      const lines = (where === null ? page.locator("[data-part]") : part(where)).getByRole("button", { pressed: false }).filter({ hasText: words });
      await meant(async () => {
        if (!(await selection.isVisible())) await tap(lines.first());
        await expect(selection).toBeVisible(SOON);
      });
    },
    /** Beside what is selected already. */
    async selectToo(where: string, words: string, count: number) {
      await tap(part(where).getByRole("button", { pressed: false }).filter({ hasText: words }));
      await expect(selection).toContainText(`${count} selected`);
    },
    async fewerPieces() {
      await tap(selection.getByRole("button", { name: "One piece fewer" }));
    },
    async toNewPart() {
      await tap(selection.getByRole("button", { name: "New part" }));
      await expect(selection).toHaveCount(0);
    },
    /** The selected lines, to another party. */
    async moveOut(party: RegExp) {
      await tap(selection.getByRole("button", { name: "Move to another table" }));
      await tap(page.getByRole("dialog").getByRole("button", { name: party }));
      await expect(selection).toHaveCount(0);
    },
    /** Of a bill that is one. */
    async mergeWith(bill: RegExp) {
      await tap(page.getByRole("button", { name: /^More for / }).first());
      await tap(page.getByRole("menuitem", { name: "Merge with another bill" }));
      await tap(page.getByRole("dialog").getByRole("button", { name: bill }));
      await expect(page.getByRole("dialog")).toHaveCount(0);
    },
    async byAmount(amount: string) {
      await tap(actions.getByRole("button", { name: "By amount" }));
      await typeOnPad(device, "Part's amount", amount);
      await tap(page.getByRole("button", { name: "Make this part" }));
      await expect(page.getByRole("dialog")).toHaveCount(0);
    },
    async moveTo(name: string) {
      await tap(page.getByRole("button", { name: `Move to ${name}`, exact: true }));
      await expect(selection).toHaveCount(0);
    },
    async shareWithAll() {
      await tap(selection.getByRole("button", { name: "Share with all" }));
      await expect(selection).toHaveCount(0);
    },
    /** To a part's name, or to where a new part is made. */
    async drag(from: string, words: string, to: string) {
      const target = part(to).or(page.getByText(to)).first();
      const [start, end] = [await part(from).getByRole("button").filter({ hasText: words }).boundingBox(), await target.boundingBox()];
      if (!start || !end) throw new Error(`nothing to drag from ${from} to ${to}`);
      await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
      await page.mouse.down();
      await page.mouse.move(start.x + start.width / 2 + 40, start.y + start.height / 2, { steps: 4 });
      await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 6 });
      await page.mouse.up();
    },
    async undo() {
      await tap(actions.getByRole("button", { name: /^Undo/ }));
    },
    async pay(name: string) {
      const pay = part(name).getByRole("button", { name: /^Pay / });
      await meant(async () => {
        if ((await pay.getAttribute("aria-pressed")) !== "true") await tap(pay);
        await expect(pay).toHaveAttribute("aria-pressed", "true", SOON);
      });
    },
    /** The selected lines. */
    async onTheHouse(reason: string) {
      await tap(selection.getByRole("button", { name: "Discount, on the house, staff meal" }));
      const dialog = page.getByRole("dialog");
      await tap(dialog.getByText("On the house", { exact: true }));
      await tap(dialog.getByRole("button", { name: reason }));
    },
    async askFromAfar() {
      await tap(page.getByRole("button", { name: "Ask on their device" }));
      await expect(page.getByRole("dialog")).toHaveCount(0);
    },
    async approvedBy(name: string, pin: string) {
      await tap(page.getByRole("dialog").getByRole("button", { name, exact: true }));
      await typeOnPad(device, "Approver's PIN", pin);
      await tap(page.getByRole("button", { name: "Agree" }));
    },
    async discount(percent: number, reason: string) {
      await tap(page.getByRole("button", { name: /^More for / }).first());
      await tap(page.getByRole("menuitem", { name: "Discount, on the house, staff meal" }));
      const dialog = page.getByRole("dialog");
      await tap(dialog.getByRole("button", { name: `${percent} %`, exact: true }));
      await tap(dialog.getByRole("button", { name: reason }));
    },
  };
}
