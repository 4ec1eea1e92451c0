import type { Knex } from "knex";
import type { RunProblem } from "#contracts/reconciliation-names.ts";
import type { StatedBalance, StatedLine } from "#core/channel-statement.ts";
import type { AskedPayment, DepositChannel } from "#core/deposit-channel.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import { parseDecimal } from "#core/units.ts";
import { currencyScales, type ReadChannel, type Reading, type Reconciled } from "./ports.ts";

/** A book date begins at 17:00 Chicago of the business day before: over a week-end, three days before. */
const daysBefore = 3;
const dayMs = 86_400_000;
/** So many payments are asked about for one run, and so many at once. */
const askedMax = 5_000;
const askedAtOnce = 10;

/** A provider's own statement where it has one; else it is asked about each payment, and what it alone has stays unknown. */
export const readProvider =
  (channel: DepositChannel): ReadChannel =>
  async (db, of) => {
    const scales = await currencyScales(db);
    if (channel.statement === undefined) return askEach(db, channel, of, scales);
    const said = await channel.statement(Date.parse(of.fromDate) - daysBefore * dayMs);
    if (said.kind !== "stated") return refuse(said.kind === "no-answer" ? "NO_ANSWER" : "TOO_MUCH");
    return readingOf(said, scales);
  };

/** What was said in minor units; refused where the house does not count so. */
function readingOf(
  said: { readonly lines: readonly StatedLine[]; readonly balances: readonly StatedBalance[] },
  scales: ReadonlyMap<string, number>,
): Result<Reading, RunProblem> {
  const minor = ({ amount, currency }: StatedBalance): bigint | null => {
    const scale = scales.get(currency);
    // Nothing of a currency that the house does not have is nothing.
    return scale === undefined ? (/^-?[0.]+$/.test(amount) ? 0n : null) : parseDecimal(amount, scale);
  };
  const lines: Reading["lines"][number][] = [];
  for (const { atMs, amount: text, ...line } of said.lines) {
    const amount = minor({ amount: text, currency: line.currency });
    if (amount === null) return refuse("UNREADABLE");
    if (scales.has(line.currency))
      lines.push({ ...line, amount, bookedAtMs: atMs, withdrawalId: null, blockNumber: null });
  }
  const balances: Reading["balances"][number][] = [];
  for (const balance of said.balances) {
    const amount = minor(balance);
    if (amount === null) return refuse("UNREADABLE");
    if (scales.has(balance.currency)) balances.push({ currency: balance.currency, amount });
  }
  return ok({ lines, balances, aside: [], blocks: null });
}

interface AskedDeposit {
  readonly reference: string | null;
  readonly payment_no: string | null;
  readonly at: Date;
}

async function askEach(
  db: Knex,
  { ask }: DepositChannel,
  of: Reconciled,
  scales: ReadonlyMap<string, number>,
): Promise<Result<Reading, RunProblem>> {
  if (ask === null) return refuse("NOT_SET_UP");
  const asked = await depositsToAsk(db, of);
  if (asked.length > askedMax) return refuse("TOO_MUCH");
  const lines: StatedLine[] = [];
  for (let from = 0; from < asked.length; from += askedAtOnce) {
    const some = asked.slice(from, from + askedAtOnce);
    const answers = await Promise.all(
      some.map(({ reference, payment_no }) => ask({ reference, paymentNo: payment_no })),
    );
    for (const [at, answer] of answers.entries()) {
      if (answer.kind === "no-answer") return refuse("NO_ANSWER");
      lines.push(...linesOf(answer, some[at]?.at.getTime() ?? 0));
    }
  }
  return readingOf({ lines, balances: [] }, scales);
}

/** Deposits that came or moved on these days, those that something is not known of, and those with a difference. */
async function depositsToAsk(db: Knex, of: Reconciled): Promise<AskedDeposit[]> {
  const { rows } = await db.raw<{ rows: AskedDeposit[] }>(
    `SELECT d.reference, d.payment_no, coalesce(d.received_at, d.created_at) AS at FROM deposits d
     WHERE d.tenant_id = :tenantId AND d.channel = :channel AND (book_date_of(d.created_at) BETWEEN :fromDate AND :toDate
       OR EXISTS (SELECT FROM transfers t WHERE t.group_id = d.id AND t.book_date BETWEEN :fromDate AND :toDate)
       OR EXISTS (SELECT FROM reconciliation_tasks k WHERE k.tenant_id = :tenantId AND k.channel = :channel AND k.payment = d.id::text AND k.even_on IS NULL))
     ORDER BY d.created_at LIMIT :most`,
    { ...of, most: askedMax + 1 },
  );
  return rows;
}

/** A payment as lines: what was paid, and what of it went back. One that came to nothing has them with nothing. */
function linesOf(answer: AskedPayment, atMs: number): StatedLine[] {
  if (answer.kind !== "fact") return [];
  const { status, paymentNo, reference, amount, currency, takenBack = "0" } = answer.notice;
  const isPaid = status === "paid" || status === "reversed";
  const back = status === "reversed" ? amount : takenBack;
  const line = { paymentNo, reference, currency, atMs, isFee: false };
  return [
    { ...line, lineNo: `${paymentNo}:paid`, amount: isPaid ? amount : "0" },
    { ...line, lineNo: `${paymentNo}:back`, amount: isPaid && /[1-9]/.test(back) ? `-${back}` : "0" },
  ];
}
