import type { z } from "zod";
import { closeDayCommand, reportDayCommand } from "./cash/decide-day.ts";
import { closeDrawerCommand, openDrawerCommand } from "./cash/decide-drawer.ts";
import { dropCommand, payInCommand, payOutCommand, payTipsCommand } from "./cash/decide-movements.ts";
import { printReportCommand, reportDrawerCommand } from "./cash/decide-report.ts";
import { generateLedgerCommand, makeReceiptCommand, makeReportCommand } from "./document/decide-generate.ts";
import { denyApprovalCommand, grantApprovalCommand, requestApprovalCommand, withdrawApprovalCommand } from "./approval/decide-approval.ts";
import { closeCheckCommand } from "./check/decide-close-check.ts";
import { adjustCheckCommand, removeAdjustmentCommand, removeServiceChargeCommand, restoreServiceChargeCommand } from "./check/decide-adjust.ts";
import { moveCheckCommand } from "./check/decide-move-check.ts";
import { setPartsCommand } from "./check/decide-parts.ts";
import { mergeChecksCommand } from "./check/decide-merge.ts";
import { shareItemsCommand, splitBySeatCommand, splitCheckCommand } from "./check/decide-split.ts";
import { undoCheckCommand } from "./check/decide-undo.ts";
import { presentCheckCommand } from "./check/decide-present-check.ts";
import { printReceiptCommand } from "./check/decide-print-receipt.ts";
import type { CommandDefinition } from "./command.ts";
import { changeCoversCommand } from "./floor/decide-change-covers.ts";
import { clearPartyCommand } from "./floor/decide-clear-party.ts";
import { handOverCommand, joinPartiesCommand, movePartyCommand } from "./floor/decide-move-party.ts";
import { undoPartyCommand } from "./floor/decide-undo-party.ts";
import { seatPartyCommand } from "./floor/decide-seat-party.ts";
import { createCategoryCommand, createProductCommand, updateProductCommand } from "./menu/decide-catalog.ts";
import { countIngredientCommand, createIngredientCommand, setCostCommand, setCountdownCommand } from "./menu/decide-stock.ts";
import { receiveGoodsCommand } from "./menu/decide-receive.ts";
import { createMerchantCommand, createOrganizerCommand } from "./merchant/decide-onboarding.ts";
import { addPrinterCommand, addStationCommand, addTableCommand, changePoliciesCommand, changePriceRulesCommand, changeProfileCommand, changeRoutesCommand } from "./merchant/decide-settings.ts";
import { mergeOrdersCommand, splitOrderCommand, undoOrderCommand } from "./order/decide-merge-orders.ts";
import { discardDeadLetterCommand, retryDeadLetterCommand } from "./operation/decide-dead-letter.ts";
import { compareCommand, rebuildCommand, replayCommand } from "./operation/decide-maintenance.ts";
import { addItemsCommand } from "./order/decide-add-items.ts";
import { changeItemCommand, removeItemCommand } from "./order/decide-change-item.ts";
import { eraseGuestCommand } from "./order/decide-erase-guest.ts";
import { fireCourseCommand } from "./order/decide-fire-course.ts";
import { sendCommand } from "./order/decide-send.ts";
import { voidItemCommand } from "./order/decide-void-item.ts";
import { askProviderCommand, cancelAttemptCommand, captureCommand, incrementCommand, startAttemptCommand } from "./payment/decide-attempt.ts";
import { connectProviderCommand, disconnectProviderCommand, receiveWebhookCommand } from "./payment/decide-provider.ts";
import { cancelRefundCommand, reckonRefundCommand, refundCommand, refundOverpaymentCommand, retryRefundCommand } from "./payment/decide-refund.ts";
import { refundPaymentCommand } from "./payment/decide-refund-payment.ts";
import { resolvePayoutCommand, resolveUnknownCommand } from "./payment/decide-resolve.ts";
import { applyOverpaymentCommand, resolveContradictionCommand, resolvePaidTwiceCommand } from "./payment/decide-trouble.ts";
import { takeCardCommand, takeCashCommand, takeGiftCardCommand, takeHouseAccountCommand, takeVoucherCommand } from "./payment/decide-take-payment.ts";
import { adjustTipCommand } from "./payment/decide-tip.ts";
import { correctTenderCommand } from "./payment/decide-correct.ts";
import { voidPaymentCommand } from "./payment/decide-void.ts";
import { payOutHouseAccountCommand } from "./payment/pay-out-account.ts";
import { changeHouseAccountCommand, closeHouseAccountCommand, eraseHouseAccountCommand, openHouseAccountCommand, payHouseAccountCommand } from "./payment/house-account.ts";
import { reprintCommand } from "./print-job/decide-reprint.ts";
import { changePinCommand, createStaffCommand, disableStaffCommand, pairDeviceCommand, revokeDeviceCommand } from "./staff/decide-identity.ts";
import { acknowledgeItemCommand, bumpItemCommand, startItemCommand } from "./ticket/decide-items.ts";
import { bumpTicketCommand, recallTicketCommand, showTicketsCommand } from "./ticket/decide-ticket.ts";

/** Every command of the product, one tRPC mutation each. */
export const COMMANDS = [
  seatPartyCommand,
  changeCoversCommand,
  clearPartyCommand,
  movePartyCommand,
  joinPartiesCommand,
  handOverCommand,
  undoPartyCommand,
  addItemsCommand,
  changeItemCommand,
  removeItemCommand,
  sendCommand,
  fireCourseCommand,
  eraseGuestCommand,
  voidItemCommand,
  mergeOrdersCommand,
  splitOrderCommand,
  undoOrderCommand,
  splitCheckCommand,
  splitBySeatCommand,
  shareItemsCommand,
  mergeChecksCommand,
  undoCheckCommand,
  moveCheckCommand,
  setPartsCommand,
  adjustCheckCommand,
  removeAdjustmentCommand,
  removeServiceChargeCommand,
  restoreServiceChargeCommand,
  presentCheckCommand,
  closeCheckCommand,
  printReceiptCommand,
  takeCashCommand,
  takeCardCommand,
  takeVoucherCommand,
  takeGiftCardCommand,
  takeHouseAccountCommand,
  startAttemptCommand,
  cancelAttemptCommand,
  incrementCommand,
  captureCommand,
  adjustTipCommand,
  askProviderCommand,
  resolveUnknownCommand,
  voidPaymentCommand,
  correctTenderCommand,
  reckonRefundCommand,
  refundCommand,
  refundOverpaymentCommand,
  retryRefundCommand,
  resolvePayoutCommand,
  refundPaymentCommand,
  applyOverpaymentCommand,
  resolveContradictionCommand,
  resolvePaidTwiceCommand,
  cancelRefundCommand,
  openHouseAccountCommand,
  changeHouseAccountCommand,
  payHouseAccountCommand,
  payOutHouseAccountCommand,
  closeHouseAccountCommand,
  eraseHouseAccountCommand,
  connectProviderCommand,
  disconnectProviderCommand,
  receiveWebhookCommand,
  openDrawerCommand,
  closeDrawerCommand,
  payInCommand,
  payOutCommand,
  payTipsCommand,
  dropCommand,
  reportDrawerCommand,
  printReportCommand,
  reportDayCommand,
  closeDayCommand,
  generateLedgerCommand,
  makeReceiptCommand,
  makeReportCommand,
  requestApprovalCommand,
  grantApprovalCommand,
  denyApprovalCommand,
  withdrawApprovalCommand,
  showTicketsCommand,
  startItemCommand,
  bumpItemCommand,
  acknowledgeItemCommand,
  bumpTicketCommand,
  recallTicketCommand,
  reprintCommand,
  setCountdownCommand,
  countIngredientCommand,
  createIngredientCommand,
  setCostCommand,
  receiveGoodsCommand,
  createOrganizerCommand,
  createMerchantCommand,
  changePoliciesCommand,
  changeProfileCommand,
  changePriceRulesCommand,
  addStationCommand,
  addPrinterCommand,
  changeRoutesCommand,
  addTableCommand,
  createCategoryCommand,
  createProductCommand,
  updateProductCommand,
  createStaffCommand,
  disableStaffCommand,
  changePinCommand,
  pairDeviceCommand,
  revokeDeviceCommand,
  retryDeadLetterCommand,
  discardDeadLetterCommand,
  rebuildCommand,
  replayCommand,
  compareCommand,
] as const;

type Registered = (typeof COMMANDS)[number];
export type CommandType = Registered["type"];
export type CommandOf<T extends CommandType> = Extract<Registered, { readonly type: T }>;
/** What a client sends: fields with a default may be left out. */
export type CommandInput<T extends CommandType> = z.input<CommandOf<T>["schema"]>;
/** What a decider gets. */
export type ParsedInput<T extends CommandType> = z.output<CommandOf<T>["schema"]>;
export type CommandResult<T extends CommandType> = CommandOf<T> extends CommandDefinition<string, z.ZodType, infer Result> ? Result : never;

const byType: ReadonlyMap<string, CommandDefinition> = new Map(COMMANDS.map((definition) => [definition.type, definition as CommandDefinition]));

export function commandDefinition(type: string): CommandDefinition | undefined {
  return byType.get(type);
}
