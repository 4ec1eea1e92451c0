import { type FundFlowReply, fundFlowRequest } from "#contracts/fund-flow.ts";
import { fundFlow } from "../../../server/capabilities/reports/index.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { aBook } from "../../support/ledger.ts";
import { absoluteRow, type Benchmark, median, type Row } from "../row.ts";

const movements = Number(process.env.BENCH_FLOW_ROWS ?? 1_000_000);
const movementsAtOnce = 250_000;
const accountCounts = [10, 1_000, 10_000];
const pageRows = 50;
const walked = 15;
const targetMs = 100;

/** Pages of a partner's fund flow after the first, which adds up the period: whatever lies below them, by how many accounts he has. */
export const fundFlowPages: Benchmark = {
  rows: ["fund-flow"],
  run: async ({ say }) => {
    const rows: Row[] = [];
    for (const accounts of accountCounts) rows.push(await measured(accounts, say));
    return rows;
  },
};

async function measured(accounts: number, say: (line: string) => void): Promise<Row> {
  const db = await testDatabase();
  try {
    const tenantId = await fill(db, accounts);
    const read = fundFlow(db.reads);
    const page = async (after: string | null): Promise<{ reply: FundFlowReply; ms: number }> => {
      const asked = {
        of: "partner",
        id: String(tenantId),
        limit: String(pageRows),
        ...(after === null ? {} : { after }),
      };
      const begun = performance.now();
      const reply = await read(fundFlowRequest.parse(asked), true);
      if (!reply.ok) throw new Error(reply.refusal);
      return { reply: reply.value, ms: performance.now() - begun };
    };
    const first = await page(null);
    const next = await walk(page, first.reply.next);
    const deep = await walk(page, atDepth(first.reply.next, Math.floor(movements * 0.2)));
    const worst = Math.max(next, deep);
    const told = `first page ${first.ms.toFixed(0)} ms, the next ${next.toFixed(1)}, four fifths down ${deep.toFixed(1)}`;
    say(`${accounts} accounts, ${movements} movements: ${told}`);
    return absoluteRow({
      ...{ name: "fund-flow", value: worst, unit: "ms", target: `< ${targetMs}`, stretch: "", met: worst < targetMs },
      note: `${accounts} accounts, ${movements} movements; ${told}`,
    });
  } finally {
    await db.drop();
  }
}

/** Median of the pages from one place on. */
async function walk(
  page: (after: string | null) => Promise<{ reply: FundFlowReply; ms: number }>,
  from: string | null,
): Promise<number> {
  const all: number[] = [];
  for (let at = from, seen = 0; seen < walked; seen += 1) {
    const { reply, ms } = await page(at);
    if (reply.rows.length !== pageRows) throw new Error(`a page has ${reply.rows.length} rows`);
    all.push(ms);
    at = reply.next;
  }
  return median(all);
}

/** The place just below a transfer's number: what the pages between would have led to, but for the balance. */
function atDepth(next: string | null, transfer: number): string {
  const place = JSON.parse(Buffer.from(next ?? "", "base64url").toString());
  return Buffer.from(JSON.stringify({ ...place, debit: String(transfer), credit: String(transfer) })).toString(
    "base64url",
  );
}

/** Of three movements two come and one goes, at so many of a partner's accounts in turns. */
async function fill({ app, owner }: TestDatabase, accounts: number): Promise<number> {
  const { tenantId, house } = await aBook(app);
  await owner.raw(
    `INSERT INTO ledger_accounts (tenant_id, book, kind, owner_id, currency, floor)
     SELECT ?, 'live', 'trader.cash', gen_random_uuid(), 'USD', 0 FROM generate_series(1, ?::int)`,
    [tenantId, accounts],
  );
  for (let done = 0; done < movements; done += movementsAtOnce)
    await owner.raw(
      `WITH own AS (SELECT array_agg(id ORDER BY id) AS ids FROM ledger_accounts WHERE tenant_id = ? AND kind = 'trader.cash')
       INSERT INTO transfers (tenant_id, book, currency, debit_account, credit_account, amount, code, group_id, leg)
       SELECT ?, 'live', 'USD', CASE WHEN n % 3 = 0 THEN ids[place] ELSE ?::bigint END, CASE WHEN n % 3 = 0 THEN ?::bigint ELSE ids[place] END,
         CASE WHEN n % 3 = 0 THEN 1 ELSE 1 + n % 500 END, 1, gen_random_uuid(), 0
       FROM own, generate_series(1, ?::int) n, LATERAL (SELECT 1 + n * 7919::bigint % ?::int AS place) p`,
      [tenantId, tenantId, `${house.fee}`, `${house.fee}`, Math.min(movementsAtOnce, movements - done), accounts],
    );
  await owner.raw("VACUUM ANALYZE");
  return tenantId;
}
