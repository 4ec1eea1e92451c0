import type { Knex } from "knex";
import type { Reading } from "./ports.ts";
import type { RunRow } from "./runs.store.ts";

/** Lines that are written by one statement. */
const rowsAtOnce = 5_000;

/** Stores what a channel said anew, once: a line that it said before with the same amount is there already. */
export async function storeLines(
  db: Knex,
  run: RunRow,
  { lines, blocks }: Reading,
  scales: ReadonlyMap<string, number>,
): Promise<void> {
  // A list that grew while it was read may have said a line twice.
  const once = new Map(lines.map((line) => [line.lineNo, line]));
  const rows = [...once.values()].map((line) => ({
    ...{ line_no: line.lineNo, payment_no: line.paymentNo, reference: line.reference, currency: line.currency },
    ...{ withdrawal_id: line.withdrawalId, amount: `${line.amount}`, scale: scales.get(line.currency) },
    ...{ is_fee: line.isFee, block_number: line.blockNumber?.toString() ?? null },
    booked_at: line.bookedAtMs === null ? null : new Date(line.bookedAtMs).toISOString(),
  }));
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await db.raw(
      `INSERT INTO channel_lines (tenant_id, channel, run_id, line_no, payment_no, reference, withdrawal_id, amount_minor, currency, currency_scale,
         is_fee, booked_on, block_number)
       SELECT :tenant, :channel, :run, n.line_no, n.payment_no, n.reference, n.withdrawal_id, n.amount, n.currency, n.scale, n.is_fee,
         book_date_of(coalesce(n.booked_at, clock_timestamp())), n.block_number
       FROM jsonb_to_recordset(:rows::jsonb) AS n (line_no text, payment_no text, reference text, withdrawal_id uuid, amount bigint, currency text,
         scale smallint, is_fee boolean, booked_at timestamptz, block_number bigint)
       LEFT JOIN LATERAL (SELECT l.amount_minor, l.currency FROM channel_lines l
         WHERE l.tenant_id = :tenant AND l.channel = :channel AND l.line_no = n.line_no ORDER BY l.id DESC LIMIT 1) last ON true
       WHERE (coalesce(last.amount_minor, 0), coalesce(last.currency, n.currency)) IS DISTINCT FROM (n.amount, n.currency)`,
      {
        tenant: run.tenant_id,
        channel: run.channel,
        run: run.id,
        rows: JSON.stringify(rows.slice(from, from + rowsAtOnce)),
      },
    );
  if (blocks === null) return;
  await db("chain_reads").insert({
    ...{ run_id: run.id, tenant_id: run.tenant_id, channel: run.channel },
    ...{ from_block: blocks.fromBlock.toString(), to_block: blocks.toBlock.toString() },
  });
}

/** What the channel keeps for itself, by currency: all fees of lines that stand, in minor units, − as a rule. */
export async function feesOf(
  db: Knex,
  { tenant_id, channel }: Pick<RunRow, "tenant_id" | "channel">,
): Promise<{ currency: string; amount: bigint }[]> {
  const { rows } = await db.raw<{ rows: { currency: string; amount: string }[] }>(
    `SELECT currency, sum(amount_minor)::text AS amount
     FROM (SELECT DISTINCT ON (line_no) * FROM channel_lines WHERE tenant_id = ? AND channel = ? ORDER BY line_no, id DESC) l
     WHERE l.is_fee GROUP BY 1`,
    [tenant_id, channel],
  );
  return rows.map(({ currency, amount }) => ({ currency, amount: BigInt(amount) }));
}
