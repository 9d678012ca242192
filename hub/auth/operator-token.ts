import { idPattern } from "#shared/ids.ts";
import { derivedKey, sameText } from "./secrets.ts";

export type OperatorTenant = { readonly organizer: string; readonly merchant: string | null };

/** What the operator of an installation, who holds its secret, sends instead of a person's token. */
export function operatorToken(secret: string): string {
  return `cop_${derivedKey(secret, "operator").toString("base64url")}`;
}

/** The token names the tenant that it acts for: `cop_…/org_…` or `cop_…/org_…/mer_…`. */
export function operatorBearer(secret: string, tenant: OperatorTenant): string {
  return [operatorToken(secret), tenant.organizer, ...(tenant.merchant === null ? [] : [tenant.merchant])].join("/");
}

export function readOperatorBearer(secret: string, bearer: string): OperatorTenant | undefined {
  const [token, organizer, merchant, ...rest] = bearer.split("/");
  if (token === undefined || !sameText(token, operatorToken(secret))) return undefined;
  if (organizer === undefined || !idPattern("organizer").test(organizer) || rest.length > 0) return undefined;
  if (merchant === undefined) return { organizer, merchant: null };
  return idPattern("merchant").test(merchant) ? { organizer, merchant } : undefined;
}
