import { z } from "zod";
import { businessDate, instant } from "#shared/events/primitives.ts";
import { ACCOUNTS } from "#shared/ledger/accounts.ts";
import { bySubject, recentFiles, statement, tipsOwed, trialBalance } from "./books.ts";
import { refusal } from "./refusals.ts";
import { merchantProcedure, router } from "./trpc.ts";

const managerProcedure = merchantProcedure.use(({ ctx, next }) => {
  if (!ctx.session.capabilities.includes("manage.view")) throw refusal("FORBIDDEN", "capability-missing", { capability: "manage.view" });
  return next();
});
/** Who pays tips out of a drawer, and who says yes to it. */
const tipsProcedure = merchantProcedure.use(({ ctx, next }) => {
  const { capabilities } = ctx.session;
  if (!(["drawer.operate", "approve.cash", "manage.view"] as const).some((one) => capabilities.includes(one))) throw refusal("FORBIDDEN", "capability-missing", { capability: "drawer.operate" });
  return next();
});
const account = z.enum(ACCOUNTS.map((one) => one.account));
/** Where a page ended: date, time of posting, journal and line. */
const cursor = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}~\d{4}-\d{2}-\d{2} ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?\+00~[\w/.-]{1,120}~\d{1,4}$/)
  .refine((text) => text.split("~", 2).every((one) => businessDate.safeParse(one.slice(0, 10)).success), { error: "must hold dates that there are" });

/** The books, for people with `manage.view`; tips also for those who pay them. What is to be kept is made by `ledger.generate`. */
export const booksRouter = router({
  /** Now, or as of a time of posting. */
  trialBalance: managerProcedure.input(z.object({ at: instant.nullable() })).query(({ ctx, input }) => trialBalance(ctx.hub, ctx.tenant, input.at)),
  /** Of one account, now or as of a time of posting: whose its balance is. */
  bySubject: managerProcedure.input(z.object({ account, at: instant.nullable() })).query(({ ctx, input }) => bySubject(ctx.hub, ctx.tenant, input.account, input.at)),
  /** What is owed to each person, and to the pool. */
  tips: tipsProcedure.query(({ ctx }) => tipsOwed(ctx.hub, ctx.tenant)),
  /** By business date, both included; `subject`: of one check, drawer, person, provider. */
  statement: managerProcedure
    .input(z.object({ account, subject: z.string().regex(/^[\w-]{1,60}$/).optional(), from: businessDate, to: businessDate, after: cursor.optional() }))
    .query(({ ctx, input }) => statement(ctx.hub, ctx.tenant, input)),
  files: managerProcedure.query(({ ctx }) => recentFiles(ctx.hub, ctx.tenant)),
});
