/** Names of the streams that are not named by an id of their own. */

/** DOM-19: a product's countdown. */
export function countdownStream(product: string): string {
  return `cnt_${product.slice("prd_".length)}`;
}

/** DOM-18: receipts are gapless per series; what works offline will have a series of its own. */
export function seriesStream(merchant: string, series: string): string {
  return `ser_${merchant.slice("mer_".length)}_${series}`;
}

/** DOM-16: names that look alike are one till, whatever keyboard they were typed on. */
export function tillStream(merchant: string, name: string): string {
  const alike = name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
  return `til_${merchant.slice("mer_".length)}_${encodeURIComponent(alike)}`;
}
