import type { Knex } from "knex";
import { transferCodes } from "#contracts/names.ts";
import { markToPrice } from "#core/daily-mark.ts";
import { realizedPnl } from "#core/position.ts";
import { assert } from "#core/result.ts";
import { type Lots, type MinorUnits, minorUnits, type Ticks } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";
import { type Balance, lockBalances, type NewTransfer, postTransfers } from "../ledger/index.ts";
import { type AccountRow, loadPositions, type PositionRow, toPosition } from "./accounts.store.ts";
import { coverAgain } from "./cover-again.ts";
import { openDesks } from "./desk.ts";
import { houseKey, houseStore } from "./house-store.ts";
import type { SettlePorts } from "./ports.ts";
import { protectionLeg } from "./settlement-legs.ts";
import { termsStore } from "./terms.store.ts";

/** An instrument's positions to bring to a price. */
export interface MarkRequest {
  readonly instrumentId: string;
  readonly price: Ticks;
  /** By account: the lots (signed, not 0) to mark; others are left as they are. */
  readonly lots: ReadonlyMap<string, Lots>;
}

/** A marked position, as it is to be written down. */
export interface PositionMark {
  readonly positionId: string;
  readonly accountId: string;
  readonly lots: Lots;
  readonly cost: bigint;
  readonly amount: MinorUnits;
  /** Its transfers carry this group. */
  readonly groupId: string;
}

interface Marked extends PositionMark {
  readonly account: AccountRow;
  readonly costAfter: bigint;
}

/**
 * Pays each position's difference to a price in cash and moves its cost there, on accounts whose locks the caller holds
 * (`lockAccounts`), in his transaction. A loss may take what margin needs: lines are covered anew by what is left, and a
 * balance below zero is made good by the house. Announces after the commit.
 */
export type MarkPositions = (
  work: Work,
  accounts: ReadonlyMap<string, AccountRow>,
  request: MarkRequest,
) => Promise<readonly PositionMark[]>;

export function openMarking(ports: Pick<SettlePorts, "announce" | "shard">): MarkPositions {
  const houseOf = houseStore(ports.shard);
  const loadTerms = termsStore();
  return async (work, accounts, { instrumentId, price, lots }) => {
    const touched = [...accounts.values()].filter(({ id }) => lots.has(id));
    if (touched.length === 0) return [];
    const houses = await houseOf(work, touched);
    const rows = await loadPositions(
      work.db,
      touched.map(({ id }) => id),
    );
    const own = rows.filter((row) => row.instrument_id === instrumentId && row.lots !== 0n);
    const terms = await loadTerms(
      work.db,
      own.map((row) => ({ instrumentId, version: row.terms_version })),
    );
    const marks = own.flatMap((row): Marked[] => {
      const [account, held] = [accounts.get(row.account_id), lots.get(row.account_id)];
      if (account === undefined || held === undefined) return [];
      const mark = markToPrice(toPosition(row), held, price);
      const amount = realizedPnl(mark.resultTicks, terms(instrumentId, row.terms_version).tickValue);
      const [cost, costAfter] = [mark.costTaken, mark.position.cost];
      return [
        { positionId: row.id, accountId: account.id, lots: held, cost, amount, groupId: newId(), account, costAfter },
      ];
    });
    const balances = await lockBalances(
      work.db,
      touched.map((account) => account.ledger_account_id),
    );
    await releaseLines(work.db, rows);
    await postTransfers(
      work.db,
      marks.flatMap((mark) => {
        const house = houses.get(houseKey(mark.account));
        assert(house !== undefined, `account ${mark.accountId} has no house`);
        const short = shortOf(mark, balances.get(mark.account.ledger_account_id), rows);
        const paid = mark.amount === 0n ? [] : [paymentLeg(mark, house.pnl)];
        return [...paid, ...(short > 0n ? [protectionLeg(mark.account, mark.groupId, house, short)] : [])];
      }),
    );
    await writeCosts(work.db, marks);
    await coverAgain(work.db, await openDesks(work.db, loadTerms, touched));
    work.afterCommit(() => {
      for (const { accountId } of marks) ports.announce({ kind: "settled", accountId, orderIds: [] });
    });
    return marks.map(({ account: _account, costAfter: _costAfter, ...mark }) => mark);
  };
}

/** What the house adds so that money held for withdrawals stays whole and the balance is not below zero. */
function shortOf(
  { accountId, amount }: Marked,
  balance: Balance | undefined,
  rows: readonly PositionRow[],
): MinorUnits {
  assert(balance !== undefined, `account ${accountId} has no balance`);
  const lines = rows.reduce((sum, row) => (row.account_id === accountId ? sum + row.margin_minor : sum), 0n);
  const short = balance.held - lines - (balance.posted + amount);
  return minorUnits(short > 0n ? short : 0n);
}

function paymentLeg({ account, amount, groupId }: Marked, house: bigint): NewTransfer {
  const own = account.ledger_account_id;
  const gained = amount > 0n;
  return {
    tenantId: account.tenant_id,
    book: account.book,
    currency: account.currency,
    debit: gained ? house : own,
    credit: gained ? own : house,
    amount: minorUnits(gained ? amount : -amount),
    code: transferCodes.dailySettlement,
    groupId,
    leg: 1,
  };
}

/** Lets go of the accounts' lines, because the floor of a balance is checked at every statement; they are covered anew after it. */
async function releaseLines(db: Knex, rows: readonly PositionRow[]): Promise<void> {
  await db.raw("UPDATE positions SET margin_minor = 0 WHERE id = ANY (?::uuid[]) AND margin_minor > 0", [
    rows.map((row) => row.id),
  ]);
}

async function writeCosts(db: Knex, marks: readonly Marked[]): Promise<void> {
  await db.raw(
    `UPDATE positions p SET cost_ticks = n.cost, updated_at = clock_timestamp(), version = p.version + 1
     FROM unnest(?::uuid[], ?::bigint[]) AS n (id, cost) WHERE p.id = n.id`,
    [marks.map(({ positionId }) => positionId), marks.map(({ costAfter }) => costAfter.toString())],
  );
}
