/** What can be asked of a consumer (RUN-5): to be built anew beside what is in use, to be given events again, to be held to
 * what the log says. */
export type ConsumerAbilities = { readonly rebuild: boolean; readonly replay: boolean; readonly compare: boolean };

/** Every consumer group of the product. A test holds this to consumers/registry.ts. */
export const CONSUMER_GROUPS = {
  audit: { rebuild: false, replay: false, compare: false },
  kitchen: { rebuild: false, replay: false, compare: false },
  ledger: { rebuild: false, replay: false, compare: true },
  operations: { rebuild: false, replay: false, compare: false },
  payments: { rebuild: false, replay: false, compare: false },
  printing: { rebuild: false, replay: false, compare: false },
  sales: { rebuild: true, replay: false, compare: true },
  stock: { rebuild: true, replay: true, compare: true },
} as const satisfies Readonly<Record<string, ConsumerAbilities>>;

export type ConsumerGroup = keyof typeof CONSUMER_GROUPS;
export const CONSUMER_GROUP_NAMES = Object.keys(CONSUMER_GROUPS) as [ConsumerGroup, ...ConsumerGroup[]];
