import type { Knex } from "knex";
import { groupBy } from "#core/group-by.ts";
import { verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { verifyBookSeals, verifySeals } from "../../../server/capabilities/proofs/index.ts";
import { nodeProofCrypto } from "../../../server/node-proof-crypto.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { readKeptHeads } from "../../../server/platform/security/kept-heads.ts";
import { checkCloses } from "./check-close.ts";
import { checkModel } from "./check-model.ts";
import { checkMoney } from "./check-money.ts";
import { type Entry, outcomeOf } from "./journal.ts";
import type { Samples } from "./sampler.ts";
import { ends } from "./session.ts";
import type { World } from "./world.ts";

/** An invariant, how much was looked at for it, and what breaks it. */
export interface Verdict {
  readonly invariant: string;
  readonly says: string;
  readonly looked: number;
  readonly broken: readonly string[];
}

const showMax = 10;

/** All that can be checked once the installation is healed and drained. */
export async function checkInvariants(world: World, samples: Samples): Promise<Verdict[]> {
  const db = connectDatabase({
    url: world.foundation.ownerUrl(),
    applicationName: "looking",
    poolMax: 4,
    statementTimeoutMs: 120_000,
  });
  try {
    return [
      await clientsAndOrders(world, db),
      await nothingWaits(db),
      await books(db, samples),
      await legs(db),
      await checkModel(world, db),
      ...(await checkMoney(world, db)),
      ...(await checkCloses(world, db)),
      await audit(world, db),
      await officeAudit(world, db),
      await seals(world, db),
      await shown(world, db),
      ...atAllTimes(world),
    ].map((verdict) => ({ ...verdict, broken: verdict.broken.slice(0, showMax) }));
  } finally {
    await db.destroy();
  }
}

async function clientsAndOrders(world: World, db: Knex): Promise<Verdict> {
  const entries = world.journal.entries.filter(({ kind }) => kind === "order");
  const rows = await db("orders").select("id", "account_id", "client_order_id");
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const key = `${row.account_id} ${row.client_order_id}`;
    found.set(key, [...(found.get(key) ?? []), row.id]);
  }
  const broken = entries.flatMap((entry) => {
    const ids = found.get(`${entry.accountId} ${entry.clientId}`) ?? [];
    const outcome = outcomeOf(entry);
    const right = outcome === "ok" ? ids.length === 1 : outcome === "refused" ? ids.length === 0 : ids.length <= 1;
    const last = entry.attempts.at(-1);
    if (last?.outcome === "unknown" && !entry.givesUp)
      return [`${entry.clientId} (${entry.what}) never got an answer: ${last.says}`];
    const named = entry.orderId === null || ids.includes(entry.orderId);
    return right && named ? [] : [`${outcome} ${entry.clientId} (${entry.what}) has the orders [${ids.join(", ")}]`];
  });
  const says = "An order that was confirmed exists once, a refused one not, an unknown one at most once.";
  return { invariant: "A", says, looked: entries.length, broken };
}

async function nothingWaits(db: Knex): Promise<Verdict> {
  const due = await db("orders")
    .whereIn("state", ["accepted", "working"])
    .whereNotNull("due_seq")
    .select("id", "state", "accepted_at");
  const promised = await db("outbox").select("id", "job");
  const [row] = await db("orders").count();
  return {
    invariant: "B",
    says: "After healing, no order that is due waits and no job is only promised.",
    looked: Number(row?.count),
    broken: [
      ...due.map(({ id, state, accepted_at }) => `order ${id} is ${state} since ${accepted_at.toISOString()}`),
      ...promised.map(({ id, job }) => `outbox row ${id} (${job}) was never sent`),
    ],
  };
}

async function books(db: Knex, samples: Samples): Promise<Verdict> {
  const broken = (await verifyBooks(db)).map(({ invariant, rows }) => `${invariant}: ${said(rows)}`);
  const says = "The books balance, and no account had less than nothing available at any sampled time.";
  return { invariant: "C", says, looked: samples.taken(), broken: [...broken, ...samples.below] };
}

/** Counted afresh from transfers: what verifyBooks says of legs is the server's own view. */
async function legs(db: Knex): Promise<Verdict> {
  const { rows } = await db.raw(
    `SELECT f.id, f.fee_minor, f.realized_pnl_minor,
       count(t.*) FILTER (WHERE t.code = 11)::int AS fees, count(t.*) FILTER (WHERE t.code = 10)::int AS results
     FROM fills f LEFT JOIN transfers t ON t.group_id = f.group_id GROUP BY f.id`,
  );
  const broken = rows
    .filter(
      (row: { fee_minor: bigint; realized_pnl_minor: bigint; fees: number; results: number }) =>
        row.fees !== (row.fee_minor > 0n ? 1 : 0) || row.results !== (row.realized_pnl_minor === 0n ? 0 : 1),
    )
    .map((row: unknown) => `a fill without exactly its legs: ${said(row)}`);
  const { rows: twice } = await db.raw(
    `SELECT o.id, o.lots, o.filled_lots, count(f.*)::int AS fills FROM orders o LEFT JOIN fills f ON f.order_id = o.id
     GROUP BY o.id HAVING count(f.*) > 1 OR (o.state = 'filled') <> (count(f.*) = 1) AND o.filled_lots = 0`,
  );
  const says = "Each fill has its fee and its result once; an order has one fill, and a filled one has it.";
  const doubled = twice.map((row: unknown) => `fills of an order: ${said(row)}`);
  return { invariant: "D", says, looked: rows.length, broken: [...broken, ...doubled] };
}

async function audit(world: World, db: Knex): Promise<Verdict> {
  const entries = world.journal.entries.filter(({ kind }) => kind === "funding" || kind === "privileged");
  const rows = await db("audit_log").whereIn("action", ["fund", "set-trade-mode"]).select("reason");
  const times = new Map<string, number>();
  for (const { reason } of rows) times.set(reason, (times.get(reason) ?? 0) + 1);
  const broken = entries.flatMap((entry: Entry) => {
    const count = times.get(entry.clientId) ?? 0;
    const outcome = outcomeOf(entry);
    const right = outcome === "ok" ? count === 1 : outcome === "refused" ? count === 0 : count <= 1;
    return right ? [] : [`${outcome} ${entry.kind} ${entry.clientId} has ${count} audit rows`];
  });
  const says = "Each privileged action that was done has one audit row, one that was refused has none.";
  return { invariant: "H", says, looked: entries.length, broken };
}

/** What staff did with money: by whom and to what, as the audit log has it. */
async function officeAudit({ office }: World, db: Knex): Promise<Verdict> {
  const keyOf = (action: string, object: string, actor: string): string => `${action} ${object} ${actor}`;
  const rows = await db("audit_log")
    .whereIn("action", ["approve", "reject", "send", "confirm", "return", "review"])
    .select("action", "object_id", "actor_id");
  const times = new Map<string, number>();
  for (const { action, object_id: object, actor_id: actor } of rows) {
    const key = keyOf(action, object, actor);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  // What was refused may have been tried again later.
  const acts = groupBy(office.acts, ({ action, objectId, clerk }) => keyOf(action, objectId, clerk.id));
  const broken = [...acts].flatMap(([key, tries]) => {
    const count = times.get(key) ?? 0;
    const outcomes = tries.map(({ entry }) => outcomeOf(entry));
    const isDone = outcomes.includes("ok");
    const right = isDone ? count === 1 : outcomes.includes("unknown") ? count <= 1 : count === 0;
    return right ? [] : [`${outcomes.join(", ")} ${tries[0]?.entry.what} has ${count} audit rows`];
  });
  const says =
    "Each decision of staff about money that was done has one audit row of that person, one that was refused none.";
  return { invariant: "H money", says, looked: office.acts.length, broken };
}

async function seals({ foundation }: World, db: Knex): Promise<Verdict> {
  const quotes = await verifySeals(db, nodeProofCrypto);
  const books = await verifyBookSeals(db, nodeProofCrypto, readKeptHeads(foundation.dataDir));
  const says =
    "The sealed blocks of quotes, journal and audit log form chains, are signed, and hold the rows that are stored.";
  const looked = quotes.blocks + books.blocks;
  return { invariant: "H seals", says, looked, broken: [...quotes.faults, ...books.faults] };
}

async function shown(world: World, db: Knex): Promise<Verdict> {
  let looked = 0;
  const broken: string[] = [];
  for (const [at, { shown: seen }] of world.sessions.entries()) {
    const accountId = world.people.traders[at]?.accountId ?? "";
    const rows = await db("orders").where({ account_id: accountId }).whereIn("state", ends).select("id", "state");
    looked += rows.length;
    for (const { id, state } of rows)
      if (seen.states.get(id) !== state)
        broken.push(
          `order ${id} is ${state}; the client of trader ${at} was shown ${seen.states.get(id) ?? "nothing"}`,
        );
  }
  const says =
    "Every trader's client was shown the end of each of his orders, by event or by snapshot after a reconnect.";
  return { invariant: "I", says, looked, broken };
}

/** Such a worker takes no jobs and cannot mend it: it ends, and its supervisor starts it again. */
const asDesigned = /Redis answers, but has given no job and no sign/;

/** What holds all along. */
function atAllTimes(world: World): Verdict[] {
  const ends = world.all.flatMap(({ process }) => process.unexpected);
  const broken = ends.filter((end) => !asDesigned.test(end));
  const says = "No process ended by itself, but for a worker whose connection to Redis was dead.";
  return [{ invariant: "processes", says, looked: world.all.length, broken }];
}

const said = (row: unknown): string =>
  JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? value.toString() : value)).slice(0, 400);
