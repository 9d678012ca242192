/** What can be asked of a consumer (RUN-5): to be built anew beside what is in use, to be given events again. */
export type ConsumerAbilities = { readonly rebuild: boolean; readonly replay: boolean };

/** Every consumer group of the product. A test holds this to consumers/registry.ts. */
export const CONSUMER_GROUPS = {
  audit: { rebuild: false, replay: false },
  kitchen: { rebuild: false, replay: false },
  ledger: { rebuild: false, replay: false },
  operations: { rebuild: false, replay: false },
  payments: { rebuild: false, replay: false },
  printing: { rebuild: false, replay: false },
  sales: { rebuild: false, replay: false },
  stock: { rebuild: true, replay: true },
} as const satisfies Readonly<Record<string, ConsumerAbilities>>;

export type ConsumerGroup = keyof typeof CONSUMER_GROUPS;
export const CONSUMER_GROUP_NAMES = Object.keys(CONSUMER_GROUPS) as [ConsumerGroup, ...ConsumerGroup[]];
