import type { EventEnvelope } from "#shared/events/catalog.ts";
import type { CashReportState, DrawerState, MovementState, TillState } from "./cash/state.ts";
import type { DocumentState } from "./document/state.ts";
import type { ApprovalState } from "./approval/state.ts";
import type { CheckState, SeriesState } from "./check/state.ts";
import type { PartyState, TableState } from "./floor/state.ts";
import type { GiftCardState } from "./gift-card/state.ts";
import type { CategoryState, CountdownState, DeliveryState, IngredientState, ProductState } from "./menu/state.ts";
import type { MerchantState, OrganizerState } from "./merchant/state.ts";
import type { DeadLetterState, MaintenanceState } from "./operation/state.ts";
import type { OrderState } from "./order/state.ts";
import type { AccountPaymentState, HouseAccountState, PaymentState, RefundState, VoucherState, WebhookState } from "./payment/state.ts";
import type { PrinterState, PrintJobState } from "./print-job/state.ts";
import type { DeviceState, StaffState } from "./staff/state.ts";
import type { TicketState } from "./ticket/state.ts";

/** The state that each kind of stream folds into. States are plain JSON; money is `{ amount, currency }` in strings. */
export type StateOf = {
  organizer: OrganizerState;
  merchant: MerchantState;
  staff: StaffState;
  device: DeviceState;
  category: CategoryState;
  product: ProductState;
  ingredient: IngredientState;
  delivery: DeliveryState;
  countdown: CountdownState;
  table: TableState;
  party: PartyState;
  order: OrderState;
  check: CheckState;
  series: SeriesState;
  payment: PaymentState;
  refund: RefundState;
  "house-account": HouseAccountState;
  "account-payment": AccountPaymentState;
  voucher: VoucherState;
  webhook: WebhookState;
  drawer: DrawerState;
  movement: MovementState;
  till: TillState;
  "cash-report": CashReportState;
  document: DocumentState;
  ticket: TicketState;
  approval: ApprovalState;
  "gift-card": GiftCardState;
  "print-job": PrintJobState;
  printer: PrinterState;
  "dead-letter": DeadLetterState;
  maintenance: MaintenanceState;
};
export type AggregateKind = keyof StateOf;

/** How one kind of stream is folded and stored. */
export type Aggregate<K extends AggregateKind = AggregateKind> = {
  readonly kind: K;
  /** Raise it when `evolve` changes the shape of the state: stored states are folded again (LOG-5). */
  readonly evolveVersion: number;
  /** The field whose entries are stored as rows of their own (LOG-5); null when the state is small. */
  readonly partsKey: K extends "order" ? "items" : K extends "check" ? "shares" : K extends "ticket" ? "items" : null;
  /** Pure; keeps unchanged parts by reference, which is how the hub finds what to write. */
  evolve(state: StateOf[K] | undefined, event: EventEnvelope): StateOf[K];
  /** False once no live screen needs it. */
  isActive(state: StateOf[K]): boolean;
};

export type Ref<K extends AggregateKind = AggregateKind> = { readonly kind: K; readonly stream: string };
