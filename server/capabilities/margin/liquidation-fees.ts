import type { Knex } from "knex";
import { transferCodes } from "#contracts/names.ts";
import type { StopOutStep } from "#core/ladder.ts";
import { assert } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import { prepared } from "../../platform/db/prepared.ts";
import { type NewTransfer, postTransfers } from "../ledger/index.ts";
import type { AccountResult, AccountRow } from "../trading/index.ts";
import type { LadderState } from "./ladder.store.ts";

/** What a stop-out costs for one position it closed. */
export interface LiquidationFee {
  readonly account: AccountRow;
  readonly houseFee: bigint;
  readonly instrumentId: string;
  readonly orderId: string;
  /** Minor units, positive. */
  readonly amount: bigint;
}

/** Leg of the fill's group, behind those of the fill itself. */
const liquidationLeg = 4;

/** The house's charge for each position closed, as far as free money goes: it never takes what carries another position. */
export function feesOf(
  { account, state, steps }: { account: AccountRow; state: LadderState; steps: readonly StopOutStep[] },
  result: AccountResult | undefined,
): LiquidationFee[] {
  if (state.feePerPosition === 0n || result === undefined) return [];
  const { balance, positions } = result.settlement;
  let free = [...positions.values()].reduce((left, { marginHeld }) => left - marginHeld, balance - state.heldElsewhere);
  return steps.flatMap(({ close }) => {
    const amount = free < state.feePerPosition ? free : state.feePerPosition;
    if (close === null || amount <= 0n) return [];
    free -= amount;
    const { instrumentId } = close;
    const order = result.rows.find((row) => row.instrument_id === instrumentId && row.origin === "stop-out");
    assert(order !== undefined, `the stop-out of ${instrumentId} in ${account.id} has no order`);
    return [{ account, houseFee: result.house.fee, instrumentId, orderId: order.id, amount }];
  });
}

/** Posts them, each in the group of the fill that closed the position. */
export async function postFees(db: Knex, fees: readonly LiquidationFee[]): Promise<void> {
  if (fees.length === 0) return;
  const rows = await prepared<{ order_id: string; group_id: string }>(
    db,
    "SELECT order_id, group_id FROM fills WHERE order_id = ANY (?::uuid[])",
    [fees.map(({ orderId }) => orderId)],
  );
  const groups = new Map(rows.map((row) => [row.order_id, row.group_id]));
  await postTransfers(
    db,
    fees.map(({ account, houseFee, orderId, amount }): NewTransfer => {
      const groupId = groups.get(orderId);
      assert(groupId !== undefined, `stop-out order ${orderId} has no fill`);
      return {
        ...{ tenantId: account.tenant_id, book: account.book, currency: account.currency },
        ...{ debit: account.ledger_account_id, credit: houseFee, amount: minorUnits(amount) },
        ...{ code: transferCodes.liquidationFee, groupId, leg: liquidationLeg },
      };
    }),
  );
}
