import type { Locator } from "@playwright/test";
import type { Device } from "./device.ts";
import { expect } from "./expect.ts";

export type Cook = ReturnType<typeof cookAt>;

/** What a cook does before a station's screen. Tickets are found by their label ("5" for table 5) and something that is on them. */
export function cookAt(device: Device) {
  const { page, tap } = device;
  const board = page.getByRole("main");
  const tickets = board.getByRole("article");
  const ticket = (label: string, item?: string) => {
    const labelled = board.getByRole("article", { name: new RegExp(`^Ticket \\d+ ${label} `) });
    return item === undefined ? labelled : labelled.filter({ hasText: item });
  };
  const button = (label: string, item: string, state: string) => ticket(label, item).getByRole("button", { name: new RegExp(`${item}, ${state}$`) });
  const soon = { timeout: 3000 };

  /** A touch right after the board has moved is meant for something else and is ignored (screen rule 11): then once more. */
  async function touch(target: Locator, done: () => Promise<void>): Promise<void> {
    await expect(async () => {
      if (await target.isVisible()) {
        await expect(board).not.toHaveAttribute("data-settling", "true", soon);
        await target.tap(soon);
      }
      await done();
    }).toPass();
  }

  return {
    device,
    board,
    tickets,
    ticket,
    line: (label: string, item: string) => ticket(label, item).getByRole("listitem").filter({ hasText: item }),
    banner: page.getByRole("alert"),
    /** Browsers keep a page silent until it is touched. */
    async allowSound() {
      await tap(page.getByRole("heading", { level: 1 }));
      await expect(page.getByText("Tap anywhere to allow sound")).toHaveCount(0);
    },
    /** Tones played so far. */
    heard: () => page.evaluate(() => (window as Window & { tones?: number }).tones ?? 0),
    /** The first touch of an allergy says that it was read (DOM-7). */
    async readAllergy(label: string, item: string) {
      const allergy = ticket(label, item).locator("[data-seen]");
      await touch(button(label, item, "pending"), () => expect(allergy).toHaveAttribute("data-seen", "true", soon));
    },
    async start(label: string, item: string) {
      await touch(button(label, item, "pending"), () => expect(button(label, item, "cooking")).toBeVisible(soon));
    },
    async bumpItem(label: string, item: string) {
      await touch(button(label, item, "cooking"), () => expect(button(label, item, "ready")).toBeVisible(soon));
    },
    async bumpTicket(label: string, item?: string) {
      const number = /Ticket (\d+) /.exec((await ticket(label, item).getAttribute("aria-label")) ?? "")?.[1];
      const bump = board.getByRole("button", { name: `Bump ticket ${number}`, exact: true });
      await touch(bump, () => expect(bump).toHaveCount(0, soon));
    },
    async recallLast(label: string) {
      await touch(page.getByRole("button", { name: new RegExp(`^Recall ticket \\d+ ${label}$`) }), () => expect(ticket(label)).toBeVisible(soon));
    },
    /** A void line stays until somebody has touched it. */
    async readVoid(label: string, item: string) {
      await touch(button(label, item, "void"), () => expect(button(label, item, "void")).toHaveCount(0, soon));
    },
  };
}

/** At the pass: orders, not tickets. */
export function passOn(device: Device) {
  const board = device.page.getByRole("main", { name: "Pass orders" });
  return { device, board, order: (label: string) => board.getByRole("article", { name: `Order ${label}`, exact: true }) };
}
