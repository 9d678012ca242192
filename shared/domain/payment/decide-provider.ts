import { connectProvider, disconnectProvider, receiveWebhook } from "#shared/commands/payment.ts";
import type { Decision } from "../command.ts";
import { change, command, ref, refuse, type Nothing } from "../deciding.ts";

const settings = { version: 1, capability: "manage.settings", owner: "merchant" } as const;

export const connectProviderCommand = command({
  ...settings,
  type: "commerce.connectProvider",
  schema: connectProvider,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: (input, reader, context): Decision<Nothing> => {
    const merchant = reader.get("merchant", context.merchant);
    if (!merchant) return refuse("merchant-not-ready");
    if (merchant.providers?.some(({ provider }) => provider === input.provider)) return refuse("provider-exists", { provider: input.provider });
    return { changes: [change("merchant", merchant.id, [{ type: "commerce.provider.connected", data: input }])], result: {} };
  },
});

export const disconnectProviderCommand = command({
  ...settings,
  type: "commerce.disconnectProvider",
  schema: disconnectProvider,
  reads: (_, __, context) => [ref("merchant", context.merchant)],
  decide: ({ provider }, reader, context): Decision<Nothing> => {
    const merchant = reader.get("merchant", context.merchant);
    if (!merchant?.providers?.some((one) => one.provider === provider)) return refuse("unknown-provider", { provider });
    return { changes: [change("merchant", merchant.id, [{ type: "commerce.provider.disconnected", data: { provider } }])], result: {} };
  },
});

/** Only notes what came, once: what follows from it is decided when it is read from the log. */
export const receiveWebhookCommand = command({
  type: "payment.receiveWebhook",
  version: 1,
  capability: "operate.system",
  owner: "merchant",
  schema: receiveWebhook,
  reads: ({ stream }) => [ref("webhook", stream)],
  decide: ({ stream, ...data }, reader): Decision<{ replayed: boolean }> => {
    const seen = reader.get("webhook", stream);
    if (seen && seen.bodyHash !== data.bodyHash) return refuse("webhook-id-reused", { webhook: data.webhook });
    if (seen) return { changes: [], result: { replayed: true } };
    return { changes: [change("webhook", stream, [{ type: "payment.webhook.received", data }])], result: { replayed: false } };
  },
});
