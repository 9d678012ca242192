import type { CallFailure } from "../api.ts";
import { refusalInWords, type Locale } from "./refusals.ts";

export function failureInWords(failure: CallFailure, locale: Locale = "en"): string {
  if (failure.kind === "unreachable") return refusalInWords({ refused: failure.databaseAway === true ? "database-away" : failure.retryAfterMs === undefined ? "hub-away" : "slow-down" }, locale);
  if (failure.kind === "refused") return refusalInWords(failure.refusal, locale);
  const wait = failure.retryAfterMs === null ? "" : ` Wait ${Math.max(1, Math.ceil(failure.retryAfterMs / 1000))} s.`;
  return refusalInWords({ refused: failure.refused }, locale) + wait;
}
