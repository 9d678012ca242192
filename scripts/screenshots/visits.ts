import type { Prefix } from "./hands.ts";

/** One line of an order, by the seed's keys. */
export type Line = {
  readonly dish: string;
  readonly variant?: string;
  readonly quantity?: number;
  readonly seat?: number;
  readonly course?: number;
  readonly choices?: readonly (readonly [group: string, option: string, prefix?: Prefix])[];
  readonly allergy?: readonly string[];
  readonly notes?: string;
};

/** How far a station has come with a round's tickets. */
export type Made = "started" | "ready" | "bumped";
export type Station = "bar" | "grill" | "kitchen";

/** What is entered together; times are minutes before now. What no station has made is on its screen. */
export type Round = {
  readonly ago: number;
  readonly lines: readonly Line[];
  readonly hold?: readonly number[];
  readonly unsent?: boolean;
  readonly made?: Partial<Record<Station, Made>>;
};

export type Visit = {
  /** A table's name, or who picks up and in how many minutes. */
  readonly at: string | { readonly name: string; readonly promisedIn: number };
  readonly by: "mai" | "luca";
  readonly covers?: number;
  readonly ago: number;
  readonly rounds: readonly Round[];
  readonly fires?: { readonly course: number; readonly ago: number };
  /** The index of a line in its round. */
  readonly voids?: { readonly round: number; readonly line: number; readonly reason: string; readonly ago: number };
  /** The bill was printed; paid, by card or cash; and gone. */
  readonly bill?: number;
  readonly paid?: { readonly ago: number; readonly by: "card" | "cash"; readonly tip?: number; readonly receipt?: boolean };
  readonly left?: number;
};

const ALL = { bar: "bumped", grill: "bumped", kitchen: "bumped" } as const;
const largeLatte: Line = { dish: "latte", variant: "large", choices: [["extras", "shot", "extra"]] };
const red: Line = { dish: "house-red", variant: "glass" };
const white: Line = { dish: "house-white", variant: "glass" };

/** Who ate, paid and left before. */
const earlier: readonly Visit[] = [
  { at: "2", by: "mai", covers: 2, ago: 118, rounds: [{ ago: 112, lines: [{ ...red, quantity: 2 }, { dish: "pomodoro", quantity: 2 }], made: ALL }], paid: { ago: 66, by: "card", tip: 300 }, left: 62 },
  { at: "8", by: "luca", covers: 4, ago: 110, rounds: [{ ago: 106, lines: [{ dish: "lager", quantity: 4 }, { dish: "burger", quantity: 3, choices: [["doneness", "medium"]] }, { dish: "risotto" }], made: ALL }], paid: { ago: 58, by: "cash" }, left: 55 },
  { at: "T2", by: "mai", covers: 2, ago: 95, rounds: [{ ago: 92, lines: [{ dish: "prosecco", variant: "glass", quantity: 2 }, { dish: "burrata" }, { dish: "chicken", quantity: 2 }], made: ALL }], paid: { ago: 44, by: "card", tip: 500 }, left: 40 },
  { at: "10", by: "luca", covers: 5, ago: 104, rounds: [{ ago: 99, lines: [{ dish: "water-still", quantity: 3 }, { dish: "lasagne", quantity: 2 }, { dish: "carbonara", quantity: 3 }, { dish: "tiramisu", quantity: 4, course: 1 }], made: ALL }], paid: { ago: 36, by: "card" }, left: 33 },
];

/** Who sits there now. */
const present: readonly Visit[] = [
  { at: "1", by: "mai", covers: 2, ago: 71, rounds: [{ ago: 66, lines: [{ dish: "bruschetta" }, { dish: "soup" }, { dish: "espresso", quantity: 2 }], made: ALL }], paid: { ago: 3, by: "cash", receipt: true } },
  { at: "4", by: "luca", covers: 4, ago: 52, rounds: [{ ago: 48, lines: [{ ...red, quantity: 3 }, { dish: "carbonara" }, { dish: "pho" }, { dish: "chicken", quantity: 2 }], made: ALL }], bill: 2 },
  {
    at: "9",
    by: "mai",
    covers: 6,
    ago: 41,
    rounds: [
      { ago: 37, lines: [{ dish: "burrata", quantity: 2 }, { dish: "bruschetta" }, { dish: "barolo", variant: "bottle" }], made: ALL },
      { ago: 36, lines: [{ dish: "steak", quantity: 2, seat: 1, course: 2, choices: [["doneness", "rare"], ["sauce", "pepper", "side"]] }, { dish: "burger", seat: 3, course: 2, choices: [["doneness", "well"], ["toppings", "bacon", "extra"], ["side", "salad"]] }, { dish: "sea-bass", seat: 4, course: 2 }, { dish: "lasagne", quantity: 2, course: 2 }], hold: [2], made: { grill: "started", kitchen: "ready" } },
    ],
    fires: { course: 2, ago: 12 },
  },
  { at: "7", by: "luca", covers: 3, ago: 19, rounds: [{ ago: 7, lines: [{ dish: "ipa", quantity: 2 }, { dish: "burger", seat: 1, choices: [["doneness", "medium"], ["toppings", "pickles", "no"]] }, { dish: "burger", seat: 2, choices: [["doneness", "rare"]], notes: "cut in half" }, { dish: "risotto", seat: 3 }], made: { bar: "bumped" } }], voids: { round: 0, line: 2, reason: "Guest changed mind", ago: 1 } },
  { at: "T1", by: "mai", covers: 2, ago: 31, rounds: [{ ago: 24, lines: [{ ...white, quantity: 2 }, { dish: "pomodoro" }, { dish: "risotto" }], made: ALL }] },
  { at: "T4", by: "luca", covers: 4, ago: 16, rounds: [{ ago: 4, lines: [{ dish: "cola", quantity: 2 }, { dish: "kids-burger" }, { dish: "kids-pasta" }, { dish: "chicken", seat: 1, choices: [["side", "sweet-potato"]] }, { dish: "gelato", quantity: 2, choices: [["flavours", "pistachio"], ["flavours", "lemon"]] }], hold: [2], made: { bar: "ready", kitchen: "started" } }] },
  { at: "5", by: "mai", covers: 2, ago: 11, rounds: [{ ago: 6, lines: [{ ...largeLatte, quantity: 2 }, { dish: "burger", seat: 1, choices: [["doneness", "medium"], ["toppings", "onions", "no"]], allergy: ["nuts"] }, { dish: "pho", seat: 2 }, { dish: "tiramisu", seat: 2 }], hold: [2], made: { bar: "bumped", kitchen: "started" } }, { ago: 1, lines: [{ dish: "latte", variant: "large", seat: 2 }] }] },
  { at: "11", by: "luca", covers: 7, ago: 9, rounds: [{ ago: 3, lines: [{ dish: "spritz", quantity: 4 }, { dish: "prosecco", variant: "glass", quantity: 3 }, { dish: "bruschetta", quantity: 3 }, { dish: "spring-rolls", quantity: 2, allergy: ["peanuts"] }], made: { kitchen: "started" } }] },
  { at: "12", by: "mai", covers: 3, ago: 5, rounds: [{ ago: 2, lines: [{ dish: "water-sparkling" }, { dish: "lemonade", choices: [["ice", "ice", "no"]] }, { dish: "steak", seat: 1, choices: [["doneness", "medium"], ["sauce", "chimichurri"]] }, { dish: "chicken", seat: 2 }] }] },
  { at: "T6", by: "luca", covers: 2, ago: 28, rounds: [{ ago: 22, lines: [{ dish: "lager", quantity: 2 }, { dish: "soup" }, { dish: "carbonara" }], made: ALL }, { ago: 1, lines: [{ dish: "panna-cotta" }, { dish: "espresso", quantity: 2 }], unsent: true }] },
  {
    at: "14",
    by: "luca",
    covers: 9,
    ago: 84,
    rounds: [
      { ago: 80, lines: [{ dish: "barolo", variant: "bottle", quantity: 2 }, { dish: "water-still", quantity: 3 }], made: ALL },
      {
        ago: 70,
        lines: [
          { dish: "carbonara", seat: 1 },
          { dish: "lasagne", seat: 2 },
          { dish: "burger", seat: 3, choices: [["doneness", "medium"]] },
          { dish: "risotto", seat: 4 },
          { dish: "pho", seat: 5 },
          { dish: "chicken", seat: 6 },
          { dish: "pomodoro", seat: 7 },
          { dish: "steak", seat: 8, choices: [["doneness", "rare"]] },
          { dish: "soup", seat: 9 },
        ],
        made: ALL,
      },
      { ago: 25, lines: [{ dish: "tiramisu", seat: 1 }, { dish: "panna-cotta", seat: 3 }, { dish: "espresso", seat: 8 }], made: ALL },
    ],
  },
  { at: "B2", by: "mai", covers: 1, ago: 14, rounds: [{ ago: 12, lines: [{ dish: "spritz" }], made: ALL }] },
  { at: { name: "Nora", promisedIn: 8 }, by: "luca", ago: 5, rounds: [{ ago: 5, lines: [{ dish: "burger", quantity: 2, choices: [["doneness", "well"]] }, { dish: "cola" }], made: { bar: "bumped" } }], paid: { ago: 5, by: "card" } },
  { at: { name: "Chen", promisedIn: 25 }, by: "mai", ago: 4, rounds: [{ ago: 3, lines: [{ dish: "pho", quantity: 2, choices: [["garnish", "chilli", "extra"]] }] }] },
];

/** A short busy evening. */
export const VISITS: readonly Visit[] = [...earlier, ...present];
