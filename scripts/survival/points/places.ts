import type { When } from "./tap.ts";

type Place = { readonly of: "hub" | "consumers"; readonly at: "postgres" | "redis" | "http" | "printer"; readonly when: When; readonly is: RegExp };

/** A hub's append is one statement, which is its own transaction. */
const HUB_COMMIT = { of: "hub", at: "postgres", is: /from log_append\(/ } as const;
const HUB_XADD = { of: "hub", at: "redis", is: /^evalsha \w+ 1 comanda:\{s\d+\}:events:\S+ \d+ \d+ \d+ / } as const;
const WEBHOOK = { of: "hub", at: "http", is: /^POST \/webhooks/ } as const;
const COMMIT = { of: "consumers", at: "postgres", is: /^commit$/i } as const;
const XADD = { ...HUB_XADD, of: "consumers" } as const;
const CHECKPOINT = { of: "consumers", at: "postgres", is: /update consumer_checkpoints\s+set position/ } as const;
const HAND_OVER = { of: "consumers", at: "redis", is: /^evalsha \w+ 9 bull:(printing|payments):wait bull:(printing|payments):paused / } as const;
const WRITES = { of: "consumers", at: "postgres", when: "before" } as const;

/** Where a process is killed, as whom it talks to sees it. The regular expressions are of what the product says on the wire. */
export const PLACES = {
  // Postgres has heard nothing of it; what is killed between the statement and its COMMIT is in ../../chaos/postgres-faults.ts.
  "hub before its append": { ...HUB_COMMIT, when: "before" },
  "hub after COMMIT": { ...HUB_COMMIT, when: "after" },
  "hub before XADD": { ...HUB_XADD, when: "before" },
  "hub after XADD": { ...HUB_XADD, when: "after" },
  "hub before a webhook": { ...WEBHOOK, when: "before" },
  "hub before the webhook's acknowledgement": { ...WEBHOOK, when: "after" },
  "hub after the webhook's acknowledgement": { ...WEBHOOK, when: "answered" },
  "consumers before COMMIT": { ...COMMIT, when: "before" },
  "consumers after COMMIT": { ...COMMIT, when: "after" },
  "consumers before XADD": { ...XADD, when: "before" },
  "consumers after XADD": { ...XADD, when: "after" },
  "consumers before the checkpoint": { ...CHECKPOINT, when: "before" },
  "consumers after the checkpoint": { ...CHECKPOINT, when: "after" },
  "kitchen before its tickets": { ...WRITES, is: /insert into kitchen_tickets/ },
  "ledger before its journals": { ...WRITES, is: /select ledger_post\(/ },
  "stock before its movements": { ...WRITES, is: /select stock_move\(/ },
  "printing before its jobs": { ...WRITES, is: /insert into print_jobs/ },
  "consumers before the job's hand-over": { ...HAND_OVER, when: "before" },
  "consumers after the job's hand-over": { ...HAND_OVER, when: "after" },
  "printing before the first byte": { of: "consumers", at: "postgres", when: "after", is: /update print_jobs set state = 'sending'/ },
  "printing after the first byte": { of: "consumers", at: "printer", when: "first-byte", is: /^slip$/ },
  "printing before the outcome is written": { of: "consumers", at: "postgres", when: "before", is: /update print_jobs j set state = \$1, cause/ },
  "payments before the answer is written": { of: "consumers", at: "postgres", when: "before", is: /update payment_requests set (state = 'done', )?outcome/ },
} as const satisfies Readonly<Record<string, Place>>;

export type PointName = keyof typeof PLACES;
