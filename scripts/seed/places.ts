import { BLUE_DOOR_CAFE } from "./blue-door-cafe.ts";
import { seedId } from "./ids.ts";
import type { Place } from "./place.ts";
import { TRATTORIA_NOVE } from "./trattoria-nove.ts";
import { WARUNG_SENJA } from "./warung-senja.ts";

/** In the order that they are shown: tax inside the price (EU), tax on top of it (US), service and tax on top of it (Indonesia). */
export const PLACES: readonly Place[] = [TRATTORIA_NOVE, BLUE_DOOR_CAFE, WARUNG_SENJA];

export function tenantOf(place: Place): { readonly organizer: string; readonly merchant: string } {
  return { organizer: seedId("organizer", place.key, "organizer"), merchant: seedId("merchant", place.key, "merchant") };
}
