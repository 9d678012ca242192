import type { TransactionSql } from "#hub/db/client.ts";
import type { SlipPlace } from "./slips/place.ts";

type Printer = { readonly printer_id: string; readonly stations: string[]; readonly receipts: boolean };
type Place = SlipPlace & { readonly expiry_ms: number };

const NO_PLACE: Place = { name: "", address: [], zone: "UTC", locale: "en", displayDigits: 2, expiry_ms: 15 * 60_000 };

/** What printing knows of the places of one batch, and of their printers in the order in which they were added. */
export class PrintPlaces {
  readonly #places: ReadonlyMap<string, Place>;
  readonly #printers: ReadonlyMap<string, readonly Printer[]>;

  private constructor(places: ReadonlyMap<string, Place>, printers: ReadonlyMap<string, readonly Printer[]>) {
    this.#places = places;
    this.#printers = printers;
  }

  static async load(sql: TransactionSql, merchants: readonly string[]): Promise<PrintPlaces> {
    const wanted = [...new Set(merchants)];
    const [places, printers] = await Promise.all([
      sql<(Place & { merchant_id: string })[]>`
        select merchant_id, name, address, zone, locale, display_digits as "displayDigits", (extract(epoch from kitchen_expiry) * 1000)::float8 as expiry_ms from print_places where merchant_id = any(${wanted})`,
      sql<(Printer & { merchant_id: string })[]>`
        select merchant_id, printer_id, stations, receipts from print_printers where merchant_id = any(${wanted}) order by added_at, printer_id`,
    ]);
    return new PrintPlaces(new Map(places.map((place) => [place.merchant_id, place])), Map.groupBy(printers, (printer) => printer.merchant_id));
  }

  of(merchant: string): Place {
    return this.#places.get(merchant) ?? NO_PLACE;
  }

  printers(merchant: string, wanted: (printer: Printer) => boolean): readonly Printer[] {
    return (this.#printers.get(merchant) ?? []).filter(wanted);
  }
}
