import { IconBuildingBank, IconCash, IconCreditCard, IconDeviceMobile, IconGift, IconQrcode, IconTicket, type Icon } from "@tabler/icons-react";
import type { MerchantState } from "#shared/domain/merchant/state.ts";
import type { PaymentProvider } from "#shared/events/payment.ts";
import type { PaymentMethod } from "#shared/events/sale-check.ts";
import { METHOD_WORDS } from "../../kit/words/methods.ts";

/** A way to pay that this place has; a connected terminal or QR provider is one of its own. */
export type Method = { readonly key: string; readonly method: PaymentMethod; readonly name: string; readonly provider: PaymentProvider | null };

export const METHOD_ICONS: Readonly<Record<PaymentMethod, Icon>> = {
  cash: IconCash,
  "card-manual": IconCreditCard,
  "card-terminal": IconDeviceMobile,
  qr: IconQrcode,
  voucher: IconTicket,
  "gift-card": IconGift,
  "house-account": IconBuildingBank,
};

const BY_HAND: readonly PaymentMethod[] = ["card-manual", "voucher", "gift-card"];

function plain(method: PaymentMethod): Method {
  return { key: method, method, name: METHOD_WORDS[method], provider: null };
}

/** Cash first, then what is connected, then what is taken by hand. */
export function methodsOf(merchant: MerchantState | undefined, hasHouseAccounts: boolean): readonly Method[] {
  const connected = (merchant?.providers ?? []).map((provider): Method => ({ key: provider.provider, method: provider.kind === "qr" ? "qr" : "card-terminal", name: provider.name, provider }));
  return [plain("cash"), ...connected, ...BY_HAND.map(plain), ...(hasHouseAccounts ? [plain("house-account")] : [])];
}
