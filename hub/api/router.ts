import { authRouter } from "./auth-router.ts";
import { booksRouter } from "./books-router.ts";
import { commandProcedures } from "./command-procedures.ts";
import { demoRouter } from "./demo-router.ts";
import { giftCardRouter } from "./gift-card-router.ts";
import { guestRouter } from "./guest-router.ts";
import { historyRouter } from "./history-router.ts";
import { operationRouter } from "./operation-router.ts";
import { reportRouter } from "./report-router.ts";
import { syncRouter } from "./sync-router.ts";
import { router } from "./trpc.ts";

/** Everything under /trpc: a mutation for each command, and what is not a command beside them. */
export const appRouter = router({
  ...commandProcedures(),
  auth: authRouter,
  demo: demoRouter,
  sync: syncRouter,
  report: reportRouter,
  books: booksRouter,
  history: historyRouter,
  giftCard: giftCardRouter,
  guest: guestRouter,
  operation: operationRouter,
});

/** Clients import this type and nothing else of the hub. */
export type AppRouter = typeof appRouter;
