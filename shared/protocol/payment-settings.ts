import { z } from "zod";
import { providerName } from "#shared/events/payment.ts";

/** `PAYMENT_PROVIDERS`: what the installation knows of its providers; hub and consumers read the same setting. */
const setting = z.array(
  z.object({
    name: providerName,
    /** Where it is asked. */
    url: z.url({ protocol: /^https?$/ }),
    apiKey: z.string().min(8),
    /** Of its webhooks; several while one is being changed. */
    webhookSecrets: z.array(z.string().min(24)).min(1).max(5),
  }),
);
export type ProviderSettings = z.infer<typeof setting>[number];

export const paymentProviders = z
  .string()
  .default("[]")
  .transform((text, context) => {
    try {
      return setting.parse(JSON.parse(text));
    } catch {
      context.addIssue({ code: "custom", message: "must be a JSON list of { name, url, apiKey, webhookSecrets }" });
      return z.NEVER;
    }
  });
