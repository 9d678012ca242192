import { auditConsumer } from "./audit/consumer.ts";
import { kitchenConsumer } from "./kitchen/consumer.ts";
import { ledgerConsumer } from "./ledger/consumer.ts";
import { operationsConsumer } from "./operations/consumer.ts";
import { paymentsConsumer } from "./payments/consumer.ts";
import { printingConsumer } from "./printing/consumer.ts";
import type { ConsumerDefinition } from "./runner/types.ts";
import { salesConsumer } from "./sales/consumer.ts";
import { stockConsumer } from "./stock/consumer.ts";

/** Every consumer of the product. One more: a folder, a definition, a line here. */
export const CONSUMERS: readonly ConsumerDefinition[] = [auditConsumer, kitchenConsumer, ledgerConsumer, operationsConsumer, paymentsConsumer, printingConsumer, salesConsumer, stockConsumer];
