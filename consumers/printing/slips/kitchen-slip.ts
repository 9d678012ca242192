import type { Slip, SlipLine } from "../escpos/slip.ts";

/** Why this paper is not simply a new ticket. `BACKUP` names the printer that it stands in for. */
export type SlipBanner =
  | { readonly kind: "ADD" | "VOID" | "TEST" }
  | { readonly kind: "REPRINT"; readonly mayBeDuplicate: boolean }
  | { readonly kind: "BACKUP"; readonly for: string };

export type KitchenSlipItem = {
  /** A decimal: "2", "0.5". */
  readonly quantity: string;
  /** The kitchen's name of the product. */
  readonly name: string;
  readonly variant: string | null;
  /** Null: for the whole party. */
  readonly seat: number | null;
  readonly modifiers: readonly string[];
  readonly notes: string | null;
  readonly allergy: readonly string[];
};

export type KitchenSlipModel = {
  readonly banners: readonly SlipBanner[];
  /** Table, tab or pickup name: "T5". */
  readonly label: string;
  readonly ticketNumber: number;
  readonly stationName: string;
  /** Counts the station's tickets of the day. */
  readonly stationNumber: number;
  /** Counts the printer's slips of the day, voids too: cooks see a gap. */
  readonly slipNumber: number;
  /** Local time of day, "19:20". */
  readonly time: string;
  readonly server: string;
  readonly serviceType: "dine_in" | "takeaway" | "delivery";
  readonly promisedAt: string | null;
  readonly customer: string | null;
  readonly course: number;
  readonly items: readonly KitchenSlipItem[];
  readonly void: { readonly reason: string; readonly by: string; readonly remaining: string | null } | null;
};

const SERVICE = { dine_in: null, takeaway: "TAKEAWAY", delivery: "DELIVERY" } as const;

/** Read at arm's length in steam: what it is for, what to do, then the rest. Throws without an item, for paper that says nothing is worse than none. */
export function kitchenSlip(model: KitchenSlipModel): Slip {
  if (model.items.length === 0) throw new Error("a kitchen slip without an item");
  const service = SERVICE[model.serviceType];
  const lines: SlipLine[] = [
    ...model.banners.map(bannerLine),
    { kind: "text", text: model.label, size: "huge", bold: true, align: "center" },
    { kind: "text", text: `#${model.ticketNumber}`, size: "large", bold: true, align: "center" },
    ...(service ? [{ kind: "text", text: service, size: "large", bold: true, align: "center" } as const] : []),
    ...(model.customer ? [{ kind: "text", text: model.customer, size: "tall", align: "center" } as const] : []),
    ...(model.promisedAt ? [{ kind: "text", text: `for ${model.promisedAt}`, size: "large", bold: true, align: "center" } as const] : []),
    { kind: "columns", size: "tall", cells: [{ text: model.stationName }, { text: model.time, width: 6, align: "right" }] },
    { kind: "columns", cells: [{ text: model.server }, { text: `Course ${model.course}`, width: 10, align: "right" }] },
    { kind: "rule", with: "=" },
    ...model.items.flatMap((item) => itemLines(item, model.void !== null)),
    ...(model.void ? voidLines(model.void) : []),
    { kind: "rule" },
    { kind: "columns", cells: [{ text: `${model.stationName} ${model.stationNumber}` }, { text: `slip ${model.slipNumber}`, width: 10, align: "right" }] },
    { kind: "feed", lines: 2 },
    // Before the cut: what follows it would belong to the next slip.
    { kind: "buzzer", times: 2 },
    { kind: "cut" },
  ];
  return { lines };
}

/** The same slip once more, with what a cook must know about it on top. */
export function withBanner(slip: Slip, banner: SlipBanner): Slip {
  return { lines: [bannerLine(banner), ...slip.lines] };
}

function bannerLine(banner: SlipBanner): SlipLine {
  const text = bannerText(banner);
  // The longest one stays on one line of the narrowest paper.
  return { kind: "text", text, size: text.length > 16 ? "tall" : "large", bold: true, invert: true, align: "center" };
}

function bannerText(banner: SlipBanner): string {
  if (banner.kind === "BACKUP") return ` BACKUP FOR ${banner.for} `;
  if (banner.kind === "REPRINT") return banner.mayBeDuplicate ? " REPRINT - may be a duplicate " : " REPRINT ";
  return ` ${banner.kind} `;
}

function itemLines(item: KitchenSlipItem, voided: boolean): SlipLine[] {
  const name = item.variant ? `${item.name}, ${item.variant}` : item.name;
  const count = voided ? `-${item.quantity}x` : `${item.quantity}x`;
  const seat = item.seat === null ? "" : `S${item.seat}`;
  const details = [...item.modifiers, ...(item.notes ? [`! ${item.notes}`] : [])];
  return [
    { kind: "columns", size: "large", bold: true, cells: [{ text: count, width: Math.max(count.length, 3) }, { text: name }, ...(seat ? [{ text: seat, width: seat.length, align: "right" as const }] : [])] },
    ...details.map((text): SlipLine => ({ kind: "text", text, size: "tall", bold: true, indent: 6 })),
    ...(item.allergy.length > 0
      ? [{ kind: "text", text: ` ALLERGY: ${item.allergy.join(", ")} `, size: "large", bold: true, invert: true } as const]
      : []),
  ];
}

function voidLines(voided: { reason: string; by: string; remaining: string | null }): SlipLine[] {
  return [
    ...(voided.remaining ? [{ kind: "text", text: `still to make: ${voided.remaining}`, size: "large" } as const] : []),
    { kind: "text", text: `${voided.reason} (${voided.by})`, size: "tall" },
  ];
}
