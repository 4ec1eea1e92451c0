import { type Book, type TransferCode, transferCodes } from "#contracts/names.ts";
import { splitReversal } from "#core/deposit.ts";
import { assert } from "#core/result.ts";
import { type MinorUnits, minorUnits } from "#core/units.ts";
import type { Work } from "../../platform/db/unit-of-work.ts";
import {
  clearingKind,
  houseAccount,
  houseAccounts,
  lockBalances,
  postTransfers,
  receivableKind,
  suspenseKind,
} from "../ledger/index.ts";
import { type AccountRow, lockAccounts } from "../trading/index.ts";
import type { DepositRow } from "./deposits.store.ts";

/** Numbers of the transfers within a deposit's group, whose id is its own: each is written at most once. */
const legs = { received: 0, matched: 1, fee: 2, sentBack: 3 } as const;

/** Transfers of which there may be many have the numbers from here on; the deposit counts them (`moves`). */
const repeatedFrom = 10;

/** The ledger accounts that a deposit moves money between, locked; `account` and `cash` only where it is somebody's. */
export interface DepositLedger {
  readonly account: AccountRow | null;
  /** What the account has and nothing holds, in minor units. */
  readonly free: bigint;
  readonly post: (moves: readonly Move[]) => Promise<void>;
}

type Place = "clearing" | "suspense" | "cash" | "fee" | "receivable";
interface Move {
  readonly leg: keyof typeof legs | number;
  readonly from: Place;
  readonly to: Place;
  readonly amount: bigint;
  readonly code: TransferCode;
}

/** House accounts made when missing, then the account's lock, then all balances in one order. */
export async function lockDepositLedger(
  { db }: Work,
  row: DepositRow,
  accountId: string | null,
): Promise<DepositLedger> {
  const book: Book = "live";
  const of = { tenantId: row.tenant_id, book, currency: row.currency };
  const places: Partial<Record<Place, bigint>> = {
    clearing: await houseAccount(db, of, clearingKind(row.channel)),
    suspense: await houseAccount(db, of, suspenseKind),
    receivable: await houseAccount(db, of, receivableKind),
    fee: (await houseAccounts(db, { ...of, shard: 0 })).fee,
  };
  const account = accountId === null ? null : ((await lockAccounts(db, [accountId])).get(accountId) ?? null);
  if (account !== null) {
    const isSame = account.tenant_id === row.tenant_id && account.currency === row.currency && account.book === book;
    assert(isSame, `deposit ${row.id} and account ${account.id} differ in partner, currency or book`);
    places.cash = account.ledger_account_id;
  }
  const balances = await lockBalances(db, Object.values(places));
  const own = places.cash === undefined ? undefined : balances.get(places.cash);
  const at = (place: Place): bigint => {
    const id = places[place];
    assert(id !== undefined, `deposit ${row.id} has no ${place}`);
    return id;
  };
  return {
    account,
    free: own === undefined ? 0n : own.posted - own.held,
    post: (moves) =>
      postTransfers(
        db,
        moves
          .filter(({ amount }) => amount > 0n)
          .map(({ leg, from, to, amount, code }) => ({
            ...{
              ...of,
              groupId: row.id,
              leg: typeof leg === "number" ? leg : legs[leg],
              code,
              amount: minorUnits(amount),
            },
            ...{ debit: at(from), credit: at(to) },
          })),
      ),
  };
}

const { deposit, depositFee, reversal, collection } = transferCodes;

/** Credits what came: straight from the channel, or out of suspense. The fee goes to the house from the account. */
export const postCredit = (
  ledger: DepositLedger,
  { amount, fee, isHeld }: { readonly amount: MinorUnits; readonly fee: MinorUnits; readonly isHeld: boolean },
): Promise<void> =>
  ledger.post([
    isHeld
      ? { leg: "matched", from: "suspense", to: "cash", amount, code: deposit }
      : { leg: "received", from: "clearing", to: "cash", amount, code: deposit },
    { leg: "fee", from: "cash", to: "fee", amount: fee, code: depositFee },
  ]);

/** Keeps what came apart until somebody decides. */
export const postHeld = (ledger: DepositLedger, amount: MinorUnits): Promise<void> =>
  ledger.post([{ leg: "received", from: "clearing", to: "suspense", amount, code: deposit }]);

/** Money kept apart leaves the way it came. */
export const postSentBack = (ledger: DepositLedger, amount: MinorUnits): Promise<void> =>
  ledger.post([{ leg: "sentBack", from: "suspense", to: "clearing", amount, code: reversal }]);

type Counted = Omit<Move, "leg">;

/** Posts what may come more than once; returns the deposit's count with it, which the caller keeps. */
async function postCounted(ledger: DepositLedger, { moves }: DepositRow, made: readonly Counted[]): Promise<number> {
  const moving = made.filter(({ amount }) => amount > 0n);
  await ledger.post(moving.map((move, at) => ({ ...move, leg: repeatedFrom + moves + at })));
  return moves + moving.length;
}

/** Takes `amount` of a credited deposit back, and gives `fee` back to its trader; what he has not any more is owed. */
export async function postTakenBack(
  ledger: DepositLedger,
  row: DepositRow,
  { amount, fee }: { readonly amount: MinorUnits; readonly fee: MinorUnits },
): Promise<{ owed: MinorUnits; moves: number }> {
  const { taken, owed } = splitReversal(amount, ledger.free + fee);
  const moves = await postCounted(ledger, row, [
    { from: "fee", to: "cash", amount: fee, code: reversal },
    { from: "cash", to: "clearing", amount: taken, code: reversal },
    { from: "receivable", to: "clearing", amount: owed, code: reversal },
  ]);
  return { owed, moves };
}

/** The channel takes what was kept apart, or some of it. */
export const postKeptTaken = (ledger: DepositLedger, row: DepositRow, amount: MinorUnits): Promise<number> =>
  postCounted(ledger, row, [{ from: "suspense", to: "clearing", amount, code: reversal }]);

/** The channel gives back what it had taken: first what is owed for it, the rest to the trader or to what is kept apart. */
export const postGivenBack = (
  ledger: DepositLedger,
  row: DepositRow,
  of: { readonly debt: bigint; readonly rest: bigint; readonly to: "cash" | "suspense" },
): Promise<number> =>
  postCounted(ledger, row, [
    { from: "clearing", to: "receivable", amount: of.debt, code: reversal },
    { from: "clearing", to: of.to, amount: of.rest, code: reversal },
  ]);

/** Takes what is owed out of the account's money, in a transfer of its own each time. */
export const postCollected = (ledger: DepositLedger, row: DepositRow, amount: MinorUnits): Promise<number> =>
  postCounted(ledger, row, [{ from: "cash", to: "receivable", amount, code: collection }]);
