import type { Knex } from "knex";
import { closeStepNames } from "#contracts/close-names.ts";
import { verifyStatements } from "../../../server/capabilities/account-statements/index.ts";
import { postCommissions, recomputeCommissions } from "../../../server/capabilities/agents/index.ts";
import { closeDays } from "../../../server/capabilities/day-close/index.ts";
import { verifyClosedDate } from "../../../server/capabilities/ledger/index.ts";
import { nodeProofCrypto } from "../../../server/node-proof-crypto.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { partnerRates } from "./agents.ts";
import type { Verdict } from "./invariants.ts";
import type { World } from "./world.ts";

/** Invariant G and what belongs to a closed date. */
export async function checkCloses(world: World, db: Knex): Promise<Verdict[]> {
  return [await closedOnce(world, db), await commissions(world, db), await twice(world, db)];
}

async function closedOnce({ calendar, people }: World, db: Knex): Promise<Verdict> {
  const { tenantId } = people;
  const broken: string[] = [];
  for (const day of calendar.ended) {
    const steps: string[] = await db("day_close_steps as s")
      .join("day_closes as c", "c.id", "s.close_id")
      .where({ "c.tenant_id": tenantId, "c.book_date": day, "s.state": "done" })
      .orderBy("s.step_no")
      .pluck("s.step");
    if (steps.join() !== closeStepNames.join()) broken.push(`${day} took the steps ${steps.join(", ")}`);
  }
  const last = calendar.ended.at(-1);
  if (last !== undefined)
    for (const { invariant, rows } of (await verifyClosedDate(db, { tenantId, bookDate: last })).broken)
      broken.push(`${last}: ${invariant}, ${rows.length} rows`);
  const { statements, faults } = await verifyStatements(db);
  broken.push(...faults.map(({ bookDate, accountId, says }) => `statement of ${accountId} of ${bookDate}: ${says}`));
  if (calendar.ended.length > 0 && statements === 0n) broken.push("no statement was made");
  const says =
    "Every date that ended took each step of its close once; its snapshot and statements are those of the journal.";
  return { invariant: "G closes", says, looked: calendar.ended.length, broken };
}

interface Waterfall {
  readonly fill_id: bigint;
  readonly fee: bigint;
  readonly house: bigint;
  readonly levels: readonly string[];
  /** First word of the code of the trader's agent: the line's. */
  readonly root: string;
}

/** The server's own recomputation, then what it must come to by arithmetic of the test's own. */
async function commissions({ calendar, people }: World, db: Knex): Promise<Verdict> {
  const recomputed = await recomputeCommissions(db);
  const broken = recomputed.differences.map(
    ({ fillId, stored, recomputed: must }) => `fill ${fillId}: stored ${stored}, recomputed ${must}`,
  );
  const { rows } = await db.raw<{ rows: Waterfall[] }>(
    `SELECT f.fill_id, x.fee_minor AS fee, f.house_minor AS house,
       array(SELECT c.amount_minor::text FROM commissions c WHERE c.fill_id = f.fill_id AND c.reverses IS NULL ORDER BY c.level) AS levels,
       (SELECT split_part(a.code, '-', 1) FROM accounts ac JOIN traders t ON t.id = ac.trader_id JOIN agents a ON a.id = t.agent_id
        WHERE ac.id = x.account_id) AS root
     FROM commission_fills f JOIN fills x ON x.id = f.fill_id`,
  );
  for (const row of rows) broken.push(...waterfallFaults(row));
  const { rows: missing } = await db.raw<{ rows: { id: bigint; day: string }[] }>(
    `SELECT x.id, book_date_of(x.filled_at)::text AS day FROM fills x JOIN traders t ON t.id = x.trader_id AND t.agent_id IS NOT NULL
       LEFT JOIN commission_fills f ON f.fill_id = x.id AND f.book_date = book_date_of(x.filled_at)
     WHERE x.tenant_id = ? AND book_date_of(x.filled_at)::text = ANY (?::text[]) AND f.fill_id IS NULL`,
    [people.tenantId, [...calendar.ended]],
  );
  broken.push(...missing.map(({ id, day }) => `fill ${id} of ${day} has no waterfall on that date`));
  const { rows: unpaid } = await db.raw<{ rows: { agent_id: string; earned: bigint; posted: bigint }[] }>(
    `SELECT c.agent_id, sum(c.amount_minor)::bigint AS earned, coalesce(max(b.posted), 0)::bigint AS posted
     FROM commissions c JOIN commission_days d ON (d.tenant_id, d.book_date) = (c.tenant_id, c.book_date) AND d.posted_at IS NOT NULL
       LEFT JOIN ledger_accounts l ON l.owner_id = c.agent_id AND l.kind = 'agent.commission' AND l.currency = c.currency
       LEFT JOIN balances b ON b.ledger_account_id = l.id
     GROUP BY 1 HAVING sum(c.amount_minor) <> coalesce(max(b.posted), 0)`,
  );
  broken.push(
    ...unpaid.map(({ agent_id: id, earned, posted }) => `agent ${id} earned ${earned} and was paid ${posted}`),
  );
  const says =
    "Commissions recomputed from scratch are those posted; levels and house are the fee of every fill of an agent's trader on a closed date.";
  return { invariant: "G", says, looked: rows.length, broken };
}

/** By the partner's own plan, a part of the fee each: the whole rounded down, each level within one cent of its share. */
function waterfallFaults({ fill_id: id, fee, house, levels, root }: Waterfall): string[] {
  const paid = levels.reduce((sum, amount) => sum + BigInt(amount), 0n);
  if (paid + house !== fee) return [`fill ${id}: levels ${paid} and house ${house} are not the fee ${fee}`];
  if (root !== "north") return [];
  const hundredths = partnerRates.map((rate) => fee * BigInt(rate));
  const whole = hundredths.reduce((sum, part) => sum + part, 0n) / 100n;
  if (paid !== whole) return [`fill ${id} paid ${paid} of ${fee}, not ${whole}`];
  return hundredths.flatMap((part, at) => {
    const off = BigInt(levels[at] ?? "0") * 100n - part;
    return off > -100n && off < 100n ? [] : [`fill ${id}: level ${at + 1} got ${levels[at]} of ${fee}`];
  });
}

/** A close run again, and its commissions computed and posted again, leave every row as it was. */
async function twice(world: World, owner: Knex): Promise<Verdict> {
  const { calendar, people, foundation } = world;
  const db = connectDatabase({
    ...{ url: foundation.appUrl(), applicationName: "looking", poolMax: 4, statementTimeoutMs: 60_000 },
  });
  const transact = transactor(db);
  const never = (): never => {
    throw new Error("a date that is closed was sealed again");
  };
  try {
    const before = await storedByCloses(owner);
    await closeDays({
      ...{
        db,
        transact,
        announce: () => {},
        sealBooks: never,
        crypto: nodeProofCrypto,
        asked: { channels: [], chains: [] },
      },
      onOutcome: () => {},
      onError: (error) => {
        throw error;
      },
    });
    for (const day of calendar.ended) await postCommissions({ db, transact })(people.tenantId, day);
    const after = await storedByCloses(owner);
    const changed = [...before].filter(([table, digest]) => after.get(table) !== digest);
    const says = "A close that is run again changes nothing.";
    const broken = changed.map(([table]) => `${table} changed when the close was run again`);
    return { invariant: "G twice", says, looked: calendar.ended.length, broken };
  } finally {
    await db.destroy();
  }
}

const closeTables = [
  ...[
    "day_close_steps",
    "balance_daily",
    "account_statements",
    "commission_fills",
    "commissions",
    "commission_payouts",
  ],
  "transfers",
];

async function storedByCloses(db: Knex): Promise<ReadonlyMap<string, string>> {
  const all = await Promise.all(
    closeTables.map(async (table) => {
      const { rows } = await db.raw(
        "SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS digest FROM ?? t",
        [table],
      );
      return [table, rows[0].digest as string] as const;
    }),
  );
  return new Map(all);
}
