import type { Knex } from "knex";
import { assert } from "#core/result.ts";
import type { SettledRejection, Settlement } from "#core/settlement.ts";
import { newId } from "../../platform/ids.ts";
import {
  endHolds,
  type HoldEnd,
  type HouseAccounts,
  type NewHold,
  type NewTransfer,
  openHolds,
  postTransfers,
} from "../ledger/index.ts";
import type { AccountRow, PositionRow } from "./accounts.store.ts";
import {
  type AcceptedRow,
  type FillToWrite,
  type PositionToWrite,
  writeFills,
  writePositions,
  writeRejections,
} from "./settlement.store.ts";
import { legsOfFill, protectionLeg } from "./settlement-legs.ts";

/** One account's part of a batch: what was read, and what the core made of it. */
export interface AccountResult {
  readonly account: AccountRow;
  readonly house: HouseAccounts;
  /** Its position rows before, the flat ones too. */
  readonly before: readonly PositionRow[];
  /** Its orders, in the order of the settlement's outcomes. */
  readonly rows: readonly AcceptedRow[];
  readonly settlement: Settlement;
}

/**
 * Writes a settled batch in a fixed number of statements. Holds are released first and the new ones opened last, because the
 * floor of a balance is checked at every statement.
 */
export async function writeSettlements(db: Knex, results: readonly AccountResult[]): Promise<void> {
  const fills = results.flatMap(fillsOf);
  const rejections = results.flatMap(({ settlement }) =>
    settlement.outcomes.filter((outcome): outcome is SettledRejection => outcome.kind === "rejected"),
  );
  const positions = results.flatMap(changedPositions);
  await endHolds(db, [
    ...fills.map(({ row }): HoldEnd => ({ kind: "order", refId: row.id, state: "posted" })),
    ...rejections.map(({ order }): HoldEnd => ({ kind: "order", refId: order.id, state: "voided" })),
    ...positions
      .filter((position) => position.heldBefore > 0n)
      .map(({ id }): HoldEnd => ({ kind: "position", refId: id, state: "voided" })),
  ]);
  await postTransfers(db, transfersOf(results, fills));
  await writeFills(db, fills);
  await writeRejections(db, rejections);
  await writePositions(db, positions);
  await openHolds(
    db,
    positions
      .filter(({ open }) => open.marginHeld > 0n)
      .map(
        ({ id, account, open }): NewHold => ({
          ledgerAccountId: account.ledger_account_id,
          kind: "position",
          refId: id,
          amount: open.marginHeld,
        }),
      ),
  );
}

const fillsOf = ({ account, rows, settlement }: AccountResult): FillToWrite[] =>
  settlement.outcomes.flatMap((outcome, index) => {
    const row = rows[index];
    assert(row?.id === outcome.order.id, `outcome ${index} is of order ${outcome.order.id}, not ${row?.id}`);
    return outcome.kind === "filled" ? [{ account, row, outcome, groupId: newId() }] : [];
  });

type ChangedPosition = PositionToWrite & { readonly heldBefore: bigint };

/** Positions that traded or whose margin is another now. Their rows exist already, or get an id here. */
function changedPositions({ account, before, settlement }: AccountResult): ChangedPosition[] {
  const rowOf = new Map(before.map((row) => [row.instrument_id, row]));
  const realized = new Map<string, bigint>();
  const termsVersion = new Map<string, number>();
  for (const outcome of settlement.outcomes) {
    if (outcome.kind === "rejected") continue;
    const { instrumentId, terms } = outcome.order;
    realized.set(instrumentId, (realized.get(instrumentId) ?? 0n) + outcome.realizedPnl);
    termsVersion.set(instrumentId, terms.version);
  }
  return [...settlement.positions].flatMap(([instrumentId, open]) => {
    const row = rowOf.get(instrumentId);
    const heldBefore = row?.margin_minor ?? 0n;
    if (!realized.has(instrumentId) && heldBefore === open.marginHeld) return [];
    const version = termsVersion.get(instrumentId) ?? row?.terms_version;
    assert(version !== undefined, `position in ${instrumentId} of ${account.id} has no terms`);
    return [
      {
        id: row?.id ?? newId(),
        account,
        instrumentId,
        termsVersion: version,
        open,
        realized: realized.get(instrumentId) ?? 0n,
        heldBefore,
      },
    ];
  });
}

function transfersOf(results: readonly AccountResult[], fills: readonly FillToWrite[]): NewTransfer[] {
  const houseOf = new Map(results.map(({ account, house }) => [account.id, house]));
  const lastFill = new Map(fills.map((fill) => [fill.account.id, fill]));
  const house = (account: AccountRow): HouseAccounts => {
    const found = houseOf.get(account.id);
    assert(found !== undefined, `account ${account.id} has no house`);
    return found;
  };
  const ofFills = fills.flatMap((fill) => legsOfFill(fill, house(fill.account)));
  const protections = results.flatMap(({ account, settlement }) => {
    if (settlement.protection === 0n) return [];
    const last = lastFill.get(account.id);
    assert(last !== undefined, `account ${account.id} is protected without a fill`);
    return [protectionLeg(account, last.groupId, house(account), settlement.protection)];
  });
  return [...ofFills, ...protections];
}
