import type { Knex } from "knex";
import { z } from "zod";
import type { FundFlowReply, FundFlowRequest } from "#contracts/fund-flow.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { formatDecimal } from "#core/units.ts";
import {
  type EntryRow,
  entriesBelow,
  movedAfter,
  type Period,
  type Purse,
  pursesOf,
  snapshotOf,
  totalsOf,
} from "./fund-flow.store.ts";

export type FundFlowRefusal = "BAD_CURSOR" | "NO_SUCH_PURSE";

/**
 * What moved money for a subject, newest first, with the balance after each entry. The first page fixes the snapshot, and what it
 * carries on to the next are the numbers to go on below and the balance there; so pages fit together whatever is posted
 * meanwhile, and each costs what it shows. `withMemo`: whether the viewer may read what staff noted.
 */
export const fundFlow =
  (db: Knex) =>
  (request: FundFlowRequest, withMemo: boolean): Promise<Result<FundFlowReply, FundFlowRefusal>> =>
    db.transaction(
      async (trx) => {
        const purses = await pursesOf(trx, request.of, request.id);
        const purse = chosen(purses, request);
        if (purse === undefined)
          return purses.length === 0 && request.after === undefined ? ok(nothing) : refuse("NO_SUCH_PURSE");
        const start = request.after === undefined ? await firstPage(trx, purse, request) : readCursor(request, purse);
        if (start === null) return refuse("BAD_CURSOR");
        const { page, period } = start;
        const { limit, code = null } = request;
        const found = await entriesBelow(trx, purse, { ...periodOf(request), ...page, code, limit: limit + 1 });
        const rows = found.slice(0, limit);
        const last = rows.at(-1);
        return ok({
          books: purses.map(({ book, currency, posted, scale }) => ({
            book,
            currency,
            balance: formatDecimal(posted, scale),
          })),
          book: purse.book,
          currency: purse.currency,
          period,
          rows: rows.map((row) => wireRow(row, page.balance, purse.scale, withMemo)),
          next: last === undefined || found.length <= limit ? null : cursorAfter(last, page, request, purse),
        });
      },
      { isolationLevel: "repeatable read", readOnly: true },
    );

const nothing: FundFlowReply = { books: [], book: null, currency: null, period: null, rows: [], next: null };

const chosen = (purses: readonly Purse[], { book, currency }: FundFlowRequest): Purse | undefined =>
  purses.find((purse) => (book ?? purse.book) === purse.book && (currency ?? purse.currency) === purse.currency);

const periodOf = ({ from, to }: FundFlowRequest): Period => ({ from: from ?? null, to: to ?? null });

/** `balance`: minor units after the newest entry that the page may show. */
interface Page {
  readonly snapshot: string;
  readonly below: { readonly debit: string; readonly credit: string } | null;
  readonly balance: bigint;
}

interface Start {
  readonly page: Page;
  readonly period: FundFlowReply["period"];
}

async function firstPage(trx: Knex, purse: Purse, request: FundFlowRequest): Promise<Start> {
  const period = periodOf(request);
  const snapshot = await snapshotOf(trx);
  const closing = purse.posted - (period.to === null ? 0n : await movedAfter(trx, purse, period.to));
  const totals = await totalsOf(trx, purse, period);
  const opening = totals.reduce((balance, { received, paid }) => balance - received + paid, closing);
  const money = (minor: bigint): string => formatDecimal(minor, purse.scale);
  return {
    page: { snapshot, below: null, balance: closing },
    period: {
      opening: money(opening),
      closing: money(closing),
      totals: totals.map(({ code, entries, received, paid }) => ({
        code: code as CodeName,
        entries: Number(entries),
        in: money(received),
        out: money(paid),
      })),
    },
  };
}

type CodeName = FundFlowReply["rows"][number]["code"];

const wireRow = (row: EntryRow, balance: bigint, scale: number, withMemo: boolean): FundFlowReply["rows"][number] => ({
  id: `${row.id}${row.isCredit ? "c" : "d"}`,
  transferId: row.id,
  bookDate: row.book_date,
  postedAt: row.posted_at.toISOString(),
  code: row.code as CodeName,
  amount: formatDecimal(row.amount, scale),
  balance: formatDecimal(balance - row.since + row.amount, scale),
  kind: row.kind,
  accountId: row.account_id,
  otherKind: row.other_kind,
  groupId: row.group_id,
  memo: withMemo ? row.memo : null,
});

const number = z.string().regex(/^\d{1,19}$/);
const cursor = z.strictObject({
  snapshot: z.string().regex(/^\d{1,20}:\d{1,20}:(\d{1,20}(,\d{1,20})*)?$/),
  debit: number,
  credit: number,
  balance: z.string().regex(/^-?\d{1,19}$/),
  asked: z.string(),
});

/** What a page depends on besides its place: with other filters the carried balance would be another's. */
const askedIn = ({ of, id, from, to, code }: FundFlowRequest, { book, currency }: Purse): string =>
  JSON.stringify([of, id, book, currency, from ?? null, to ?? null, code ?? null]);

/** Newest first, an entry's credit side comes before its debit side. */
function cursorAfter(
  { id, isCredit, since }: EntryRow,
  { snapshot, balance }: Page,
  asked: FundFlowRequest,
  purse: Purse,
): string {
  const after: z.infer<typeof cursor> = {
    snapshot,
    credit: id,
    debit: isCredit ? String(BigInt(id) + 1n) : id,
    balance: String(balance - since),
    asked: askedIn(asked, purse),
  };
  return Buffer.from(JSON.stringify(after)).toString("base64url");
}

function readCursor(request: FundFlowRequest, purse: Purse): Start | null {
  const read = cursor.safeParse(parsedJson(Buffer.from(request.after ?? "", "base64url").toString()));
  if (!read.success || read.data.asked !== askedIn(request, purse)) return null;
  const { snapshot, debit, credit, balance } = read.data;
  return { page: { snapshot, below: { debit, credit }, balance: BigInt(balance) }, period: null };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
