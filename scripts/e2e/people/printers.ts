import type { Mood } from "../../printer-simulator/moods.ts";
import type { SlipJson } from "../../printer-simulator/slips.ts";
import { expect } from "./expect.ts";

export type Printers = ReturnType<typeof printersAt>;

/** What came out on paper, as the simulator decoded it. */
export function printersAt(preview: string) {
  const slips = async (printer: string): Promise<readonly SlipJson[]> => {
    const answer = await fetch(new URL(`/api/slips?printer=${encodeURIComponent(printer)}`, preview));
    return (await answer.json()) as readonly SlipJson[];
  };
  return {
    slips,
    async behave(printer: string, mood: Mood): Promise<void> {
      const answer = await fetch(new URL(`/api/printers/${encodeURIComponent(printer)}/mood`, preview), { method: "POST", body: JSON.stringify(mood) });
      expect(answer.ok).toBe(true);
    },
    async count() {
      const [Bar, Grill, Kitchen] = await Promise.all(["Bar", "Grill", "Kitchen"].map(async (printer) => (await slips(printer)).length));
      return { Bar: Bar ?? 0, Grill: Grill ?? 0, Kitchen: Kitchen ?? 0 };
    },
    /** Newest first. */
    texts: async (printer: string) => (await slips(printer)).map((slip) => slip.text),
    /** The newest slip with these words, waited for. */
    async slipWith(printer: string, words: string | RegExp): Promise<SlipJson> {
      const found = async () => (await slips(printer)).find(({ text }) => (typeof words === "string" ? text.includes(words) : words.test(text)));
      await expect.poll(async () => (await found())?.text, { message: `a slip of ${printer} with ${words}`, timeout: 60_000 }).toBeDefined();
      return (await found()) as SlipJson;
    },
  };
}
