import { alike, alikeCode } from "./alike.ts";
import { sha256 } from "./approval/sha256.ts";

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
  return `til_${merchant.slice("mer_".length)}_${encodeURIComponent(alike(name))}`;
}

/** What pays an account is no payment of a check: a stream of its own, by the same id. */
export function accountPaymentStream(payment: string): string {
  return `acp_${payment.slice("pay_".length)}`;
}

/** A voucher is taken once: one stream for its issuer and code, however they were typed. */
export function voucherStream(merchant: string, issuer: string, code: string): string {
  return `vou_${merchant.slice("mer_".length)}_${sha256(`${alike(issuer)}\n${alikeCode(code)}`).slice(0, 28)}`;
}
