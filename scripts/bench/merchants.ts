import { say } from "../start/report.ts";
import type { OnAStack } from "./bench.ts";
import { compare, makePlaces } from "./compared.ts";
import type { Figure } from "./figures.ts";

const MERCHANTS = 1_000;

/** The same load on one restaurant and on a thousand, the waiters going to the next with every order. */
export async function merchants({ stack, places, another, ...on }: OnAStack): Promise<Figure[]> {
  say(`  setting up ${MERCHANTS} restaurants ...`);
  const many = await another("merchants");
  try {
    return await compare(
      [
        { name: "1 merchant", stack, places },
        { name: `${MERCHANTS.toLocaleString("en")} merchants`, stack: many, places: await makePlaces(many, MERCHANTS) },
      ],
      on,
    );
  } finally {
    await many.stop();
  }
}
