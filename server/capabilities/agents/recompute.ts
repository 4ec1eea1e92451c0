import type { Knex } from "knex";
import { type CommissionHistories, readHistories } from "./commission-histories.store.ts";
import { rowsOf } from "./commissions.store.ts";
import { type DecidedFill, decideFill } from "./decide-fill.ts";
import { type CommissionDay, fillRange, nextFills } from "./fill-facts.store.ts";

export interface Recomputed {
  /** Fills that were computed again from orders, histories and plans. */
  readonly fills: number;
  readonly differing: number;
  /** The first of them: what is stored and what it must be, as text. */
  readonly differences: readonly { readonly fillId: bigint; readonly stored: string; readonly recomputed: string }[];
}

const pageSize = 2_000;
const shownMax = 100;

/** Computes every commission of every computed date again from scratch and compares it with what is stored. One snapshot, reads only. */
export async function recomputeCommissions(db: Knex): Promise<Recomputed> {
  return db.transaction(
    async (trx) => {
      const days = await trx("commission_days")
        .whereNotNull("computed_at")
        .orderBy(["tenant_id", "book_date"])
        .select("tenant_id", trx.raw("book_date::text AS book_date"));
      const differences: { fillId: bigint; stored: string; recomputed: string }[] = [];
      let [fills, differing] = [0, 0];
      const histories = new Map<number, CommissionHistories>();
      for (const { tenant_id: tenantId, book_date: bookDate } of days) {
        const known = histories.get(tenantId) ?? (await readHistories(trx, tenantId));
        histories.set(tenantId, known);
        const before = fills;
        for await (const page of pagesOf(trx, { tenantId, bookDate })) {
          const found = await compare(
            trx,
            page.map((facts) => decideFill(known, facts)),
            bookDate,
          );
          fills += page.length;
          differing += found.length;
          differences.push(...found.slice(0, shownMax - differences.length));
        }
        const extra = await storedOn(trx, { tenantId, bookDate }, fills - before);
        differing += extra.length;
        differences.push(...extra);
      }
      return { fills, differing, differences };
    },
    { isolationLevel: "repeatable read", readOnly: true },
  );
}

/** Waterfalls that no fill of the date accounts for: told once for the date, by their number. */
async function storedOn(
  db: Knex,
  { tenantId, bookDate }: CommissionDay,
  fills: number,
): Promise<{ fillId: bigint; stored: string; recomputed: string }[]> {
  const row = await db("commission_fills")
    .where({ tenant_id: tenantId, book_date: bookDate })
    .count("* as rows")
    .max("fill_id as last")
    .first();
  const rows = BigInt(row?.rows ?? 0);
  if (rows <= BigInt(fills)) return [];
  return [
    { fillId: BigInt(row?.last ?? 0), stored: `${rows} waterfalls on ${bookDate}`, recomputed: `${fills} fills` },
  ];
}

async function* pagesOf(db: Knex, day: CommissionDay): AsyncGenerator<Awaited<ReturnType<typeof nextFills>>> {
  const range = await fillRange(db, day);
  if (range === null) return;
  for (let after = range.from - 1n; ; ) {
    const page = await nextFills(db, day, { after, to: range.to, limit: pageSize, undecidedOnly: false });
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.fillId;
  }
}

async function compare(
  db: Knex,
  decided: readonly DecidedFill[],
  bookDate: string,
): Promise<{ fillId: bigint; stored: string; recomputed: string }[]> {
  const { rows } = await db.raw<{ rows: { fill_id: bigint; stored: string }[] }>(
    `SELECT f.fill_id, concat_ws(' | ', concat_ws(' ', f.book_date, coalesce(f.plan_version_id::text, '-'), f.basis_of, f.basis_minor, f.house_minor),
       (SELECT string_agg(concat_ws(' ', c.level, c.agent_id, coalesce(c.plan_version_id::text, '-'), c.rate, c.amount_minor, coalesce(c.why, '-'),
          c.currency, c.book_date), ' | ' ORDER BY c.level, c.agent_id) FROM commissions c WHERE c.fill_id = f.fill_id AND c.reverses IS NULL)) AS stored
     FROM commission_fills f WHERE f.fill_id = ANY (?::bigint[])`,
    [decided.map(({ facts }) => facts.fillId.toString())],
  );
  const stored = new Map(rows.map((row) => [row.fill_id, row.stored]));
  return decided.flatMap((one) => {
    const [was, must] = [stored.get(one.facts.fillId) ?? "nothing", textOf(one, bookDate)];
    return was === must ? [] : [{ fillId: one.facts.fillId, stored: was, recomputed: must }];
  });
}

/** As the query above writes it. */
function textOf(decided: DecidedFill, bookDate: string): string {
  const { basisOf, basis, house } = decided.waterfall;
  const levels = rowsOf(decided).map(({ level, agentId, versionId, rate, amount, why, currency }) =>
    [level, agentId, versionId ?? "-", rate, amount, why ?? "-", currency, bookDate].join(" "),
  );
  return [[bookDate, decided.versionId ?? "-", basisOf, basis, house].join(" "), ...levels].join(" | ");
}
