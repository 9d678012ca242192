import { blankBitmap } from "#consumers/printing/escpos/bitmap.ts";
import { buildSlip } from "#consumers/printing/escpos/builder.ts";
import { profileOf } from "#consumers/printing/escpos/profiles.ts";
import type { Slip } from "#consumers/printing/escpos/slip.ts";
import { PaperFeed } from "../../printer-simulator/paper.ts";
import { SlipTray, type SlipJson } from "../../printer-simulator/slips.ts";
import { Tokenizer } from "../../printer-simulator/tokens.ts";

const DOTS = 576;

/** What a slip leaves on paper, read as `onOneLine` reads what came out; drawn lines are told by their place alone. */
export async function slipText(slip: Slip, profile: string): Promise<string> {
  const bytes = await buildSlip(slip, profileOf(profile), async () => blankBitmap(1, 1));
  const feed = new PaperFeed(DOTS);
  for (const token of new Tokenizer().push(bytes)) feed.print(token);
  const tray = new SlipTray();
  tray.add("", feed.take(true), DOTS);
  return tray.list().map(onOneLine).join("");
}

/** Without its line ends: paper that was torn off in mid-line begins anew where it ended. How many bands a picture came in does not matter. */
export function onOneLine({ text }: Pick<SlipJson, "text">): string {
  return text.replaceAll("\n", "").replaceAll(/(?:\[picture\])+/g, "[picture]");
}
