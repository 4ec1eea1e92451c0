import { randomUUID } from "node:crypto";
import {
  addPlanVersion,
  assignPlan,
  computeCommissions,
  createPlan,
  type NewPlan,
  postCommissions,
  recomputeCommissions,
  type WrittenTerms,
} from "../../../server/capabilities/agents/index.ts";
import { type Actor, systemActor, transactor, type Work } from "../../../server/platform/db/unit-of-work.ts";
import {
  acceptedId,
  anOrderRequest,
  brokenBooks,
  type TestAccount,
  type TestDesk,
  testDesk,
} from "../../support/trading.ts";

export const finance: Actor = { ...systemActor, kind: "staff", id: randomUUID(), name: "Fay", role: "finance" };

/** Agents and their plans over a desk. */
export interface AgentDesk {
  readonly run: <Answer>(command: (work: Work) => Promise<Answer>, actor?: Actor) => Promise<Answer>;
  readonly agent: (code: string, parentId?: string, email?: string) => Promise<string>;
  readonly plan: (model: NewPlan["model"], terms: Partial<WrittenTerms> & { rate1: string }) => Promise<string>;
  readonly version: (planId: string, terms: Partial<WrittenTerms> & { rate1: string }) => Promise<void>;
  readonly assign: (planId: string | null, agentId?: string) => Promise<void>;
  /** level -> [agent, amount, why] of a fill, and the house's share. */
  readonly waterfall: (fillId: bigint) => Promise<{ levels: [string, bigint, string | null][]; house: bigint } | null>;
  /** Booked commission of an agent in his ledger account. */
  readonly commissionOf: (agentId: string) => Promise<bigint>;
  /** Nothing may be wrong with the books, and all commissions recomputed must be those stored. */
  readonly faults: () => Promise<unknown[]>;
}

/** A desk with agents, whose book dates pass when a test says so. */
export interface CommissionHouse extends AgentDesk {
  readonly house: TestDesk;
  /** A filled market order; its fill. */
  readonly trade: (account: TestAccount, lots?: bigint) => Promise<bigint>;
  readonly today: () => Promise<string>;
  /** Ends the book date, closes it, and begins the next; the date that was closed. */
  readonly closeDay: () => Promise<string>;
  readonly compute: ReturnType<typeof computeCommissions>;
  readonly post: ReturnType<typeof postCommissions>;
}

export async function commissionHouse(): Promise<CommissionHouse> {
  const house = await testDesk();
  const { db, tenantId } = house;
  const transact = transactor(db.app);
  const deps = { db: db.app, transact };
  // Days that a test ends by hand: the book date of a moment is the last that had begun by then.
  await db.owner.raw(`
    CREATE TABLE test_days (began_at timestamptz NOT NULL, day date NOT NULL);
    GRANT SELECT ON test_days TO truewick_app;
    INSERT INTO test_days VALUES ('-infinity', book_date_of(clock_timestamp()));
    CREATE OR REPLACE FUNCTION book_date_of(at timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS
      'SELECT day FROM public.test_days WHERE began_at <= at ORDER BY began_at DESC LIMIT 1';
    CREATE OR REPLACE FUNCTION next_book_date(day date) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS
      'SELECT coalesce((SELECT min(t.day) FROM public.test_days t WHERE t.day > $1), $1 + 1)'`);
  const today = async (): Promise<string> => {
    const { rows } = await db.owner.raw("SELECT book_date_of(clock_timestamp())::text AS day");
    return rows[0].day;
  };
  const desk = house.anotherDesk();
  return {
    ...agentDesk(house),
    house,
    trade: async (account, lots = 1n) => {
      house.market.quote("MES", "5000.00", "5000.25");
      const orderId = acceptedId(await desk.place(account.trader, anOrderRequest(account, { lots: lots.toString() })));
      await house.settler()([orderId]);
      const fill = await db.app("fills").where({ order_id: orderId }).first("id");
      return fill.id;
    },
    today,
    closeDay: async () => {
      const closed = await today();
      await db.owner.raw("INSERT INTO test_days VALUES (clock_timestamp(), ?::date + 1)", [closed]);
      await db
        .owner("closed_books")
        .insert({ tenant_id: tenantId, closed_through: closed })
        .onConflict("tenant_id")
        .merge();
      return closed;
    },
    compute: computeCommissions(deps),
    post: postCommissions(deps),
  };
}

export function agentDesk({ db, tenantId }: TestDesk): AgentDesk {
  const transact = transactor(db.app);
  const run = <Answer>(command: (work: Work) => Promise<Answer>, actor = finance): Promise<Answer> =>
    transact(actor, command);
  const must = <Value>(answer: { ok: true; value: Value } | { ok: false; refusal: unknown }): Value => {
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
    return answer.value;
  };
  return {
    run,
    agent: async (code, parentId, email) => {
      const row = {
        tenant_id: tenantId,
        code,
        name: `Agent ${code}`,
        parent_id: parentId ?? null,
        email: email ?? null,
      };
      const [made] = await db.app("agents").insert(row).returning("id");
      return made.id;
    },
    plan: async (model, terms) =>
      must(
        await run((work) =>
          createPlan(work, finance, { tenantId, name: randomUUID(), model, note: "agreed", ...terms }),
        ),
      ).id,
    version: async (planId, terms) => {
      must(await run((work) => addPlanVersion(work, finance, planId, { note: "agreed anew", ...terms })));
    },
    assign: async (planId, agentId) => {
      const wanted = {
        tenantId,
        note: "agreed",
        ...(planId === null ? {} : { planId }),
        ...(agentId === undefined ? {} : { agentId }),
      };
      must(await run((work) => assignPlan(work, finance, wanted)));
    },
    waterfall: async (fillId) => {
      const fill = await db.app("commission_fills").where({ fill_id: fillId.toString() }).first();
      if (fill === undefined) return null;
      const rows = await db
        .app("commissions as c")
        .join("agents as a", "a.id", "c.agent_id")
        .where({ fill_id: fillId.toString(), reverses: null })
        .orderBy("level")
        .select("a.code", "c.amount_minor", "c.why");
      return { levels: rows.map((row) => [row.code, row.amount_minor, row.why]), house: fill.house_minor };
    },
    commissionOf: async (agentId) => {
      const row = await db
        .app("ledger_accounts as l")
        .join("balances as b", "b.ledger_account_id", "l.id")
        .where({ owner_id: agentId, kind: "agent.commission" })
        .first("posted");
      return row?.posted ?? 0n;
    },
    faults: async () => {
      const { differences } = await recomputeCommissions(db.app);
      return [...(await brokenBooks(db)), ...differences];
    },
  };
}
