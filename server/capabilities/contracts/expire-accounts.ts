import { planExpiry } from "#core/expiry.ts";
import { assert } from "#core/result.ts";
import { ticks } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import {
  type AccountResult,
  type Cancelling,
  type HouseOrder,
  lockAccounts,
  type SettleLocked,
} from "../trading/index.ts";
import {
  type ContractRow,
  type ContractSettlement,
  type ExpiringPosition,
  expiringPositions,
  holdContract,
  writeContractSettlements,
} from "./contracts.store.ts";

export interface ExpireAccountsPorts {
  readonly settle: SettleLocked;
  readonly cancelWorking: Cancelling["cancelWorking"];
}

/**
 * Brings accounts over the end of a contract, in one transaction: what was due before fills first, what waits is cancelled, then each
 * position is closed at the final quote and, where it rolls, opened again at the first quote of the next contract. Closing
 * and opening settle together, so the margin line moves along and no other order comes between. Accounts that are over
 * already are passed by. False: somebody else has settled the contract.
 */
export async function expireAccounts(
  ports: ExpireAccountsPorts,
  work: Work,
  contractId: string,
  accountIds: readonly string[],
): Promise<boolean> {
  const contract = await holdContract(work.db, contractId);
  if (contract === null) return false;
  const accounts = await lockAccounts(work.db, accountIds);
  await ports.settle(work, accounts);
  await ports.cancelWorking(work, accounts, { code: "CONTRACT_EXPIRED", instrumentId: contract.instrument_id });
  const positions = await expiringPositions(work.db, contract, [...accounts.keys()]);
  const plans = positions.map((position) => ({ position, plan: planExpiry(position, contract.expiry_action) }));
  const orders = plans.flatMap(({ position, plan }) => [
    houseOrder(contract, position, "expiry", plan.close),
    ...(plan.roll === null ? [] : [houseOrder(contract, position, "roll", plan.roll)]),
  ]);
  const results = await ports.settle(work, accounts, orders);
  await writeContractSettlements(
    work.db,
    contract.id,
    plans.map(({ position, plan }): ContractSettlement => {
      const closeOrderId = filledOrder(results, position.accountId, contract, "expiry");
      const rollOrderId = plan.roll === null ? null : filledOrder(results, position.accountId, contract, "roll");
      const { accountId, lots: closedLots } = position;
      return { accountId, closedLots, closeOrderId, rollOrderId, notRolled: plan.notRolled };
    }),
  );
  return true;
}

function houseOrder(
  contract: ContractRow,
  { accountId, termsVersion }: ExpiringPosition,
  origin: "expiry" | "roll",
  { side, lots }: Pick<HouseOrder, "side" | "lots">,
): HouseOrder {
  return {
    accountId,
    instrumentId: contract.instrument_id,
    termsVersion,
    side,
    lots,
    origin,
    reduceOnly: origin === "expiry",
    quote: origin === "expiry" ? finalQuote(contract) : rollQuote(contract),
  };
}

function finalQuote(row: ContractRow): HouseOrder["quote"] {
  assert(row.final_quote_seq !== null, `contract ${row.code} has no final quote`);
  return {
    seq: row.final_quote_seq,
    bid: ticks(row.final_bid_ticks),
    ask: ticks(row.final_ask_ticks),
    venueAt: row.final_venue_at,
    receivedAt: row.final_received_at,
  };
}

function rollQuote(row: ContractRow): HouseOrder["quote"] {
  assert(row.roll_quote_seq !== null, `contract ${row.code} rolls without a quote of the next`);
  return {
    seq: row.roll_quote_seq,
    bid: ticks(row.roll_bid_ticks),
    ask: ticks(row.roll_ask_ticks),
    venueAt: row.roll_venue_at,
    receivedAt: row.roll_received_at,
  };
}

function filledOrder(
  results: readonly AccountResult[],
  accountId: string,
  { code, instrument_id }: ContractRow,
  origin: "expiry" | "roll",
): string {
  const outcomes = results.find(({ account }) => account.id === accountId)?.settlement.outcomes ?? [];
  const made = outcomes.find(({ order }) => order.origin === origin && order.instrumentId === instrument_id);
  assert(made?.kind === "filled", `the ${origin} of ${accountId} in ${code} ended ${made?.kind ?? "nowhere"}`);
  return made.order.id;
}
