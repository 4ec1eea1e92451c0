import { transferCodes } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import type { HouseAccounts, NewTransfer } from "../ledger/index.ts";
import type { AccountRow } from "./accounts.store.ts";
import type { FillToWrite } from "./settlement.store.ts";

/** Leg numbers within the group of a fill. */
const legs = { realizedPnl: 1, fee: 2, protection: 3 } as const;

/** The transfers of one fill: profit from the house or loss to it, and the fee. Zero amounts have no leg. */
export function legsOfFill(fill: FillToWrite, house: HouseAccounts): NewTransfer[] {
  const { account, outcome, groupId } = fill;
  const own = account.ledger_account_id;
  const { realizedPnl, fee } = outcome;
  const gained = realizedPnl > 0n;
  const made = [
    leg(account, groupId, {
      debit: gained ? house.pnl : own,
      credit: gained ? own : house.pnl,
      amount: minorUnits(gained ? realizedPnl : -realizedPnl),
      code: transferCodes.realizedPnl,
      leg: legs.realizedPnl,
    }),
    leg(account, groupId, {
      debit: own,
      credit: house.fee,
      amount: fee,
      code: transferCodes.fee,
      leg: legs.fee,
    }),
  ].filter((transfer) => transfer.amount > 0n);
  const moved = made.reduce((sum, one) => sum + (one.credit === own ? one.amount : -one.amount), 0n);
  assert(moved === realizedPnl - fee, `legs of order ${outcome.order.id} move ${moved}, not ${realizedPnl} - ${fee}`);
  return made;
}

/** What the house pays so that the account does not end below zero; it belongs to the last fill of the batch. */
export function protectionLeg(
  account: AccountRow,
  groupId: string,
  house: HouseAccounts,
  amount: MinorUnits,
): NewTransfer {
  return leg(account, groupId, {
    debit: house.protection,
    credit: account.ledger_account_id,
    amount,
    code: transferCodes.negativeBalanceProtection,
    leg: legs.protection,
  });
}

const leg = (
  account: AccountRow,
  groupId: string,
  rest: Pick<NewTransfer, "debit" | "credit" | "amount" | "code" | "leg">,
): NewTransfer => ({
  tenantId: account.tenant_id,
  book: account.book,
  currency: account.currency,
  groupId,
  ...rest,
});
