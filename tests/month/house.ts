import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Instrument } from "#core/instrument.ts";
import { minorUnits } from "#core/units.ts";
import { sealBooks } from "../../server/capabilities/proofs/index.ts";
import { lockAccounts } from "../../server/capabilities/trading/index.ts";
import { systemActor } from "../../server/platform/db/unit-of-work.ts";
import { seededRandom } from "../../server/platform/feeds/random.ts";
import { bookHeadsFile } from "../../server/platform/security/kept-heads.ts";
import { type AgentDesk, agentDesk } from "../capabilities/agents/support.ts";
import { testCards } from "../capabilities/deposits/card-support.ts";
import { person } from "../capabilities/deposits/support.ts";
import { exporterOf } from "../capabilities/exports/support.ts";
import { testCashier } from "../capabilities/withdrawals/support.ts";
import { mes, mesTerms } from "../core/trading-builders.ts";
import { orderFlow } from "../faults/order-flow.ts";
import { bookClock } from "../support/book-clock.ts";
import { testPayouts } from "../support/chain/payouts.ts";
import { testTron } from "../support/chain/tron-desk.ts";
import { aSigner } from "../support/proofs.ts";
import { mnq, type TestAccount, type TestDesk, testDesk } from "../support/trading.ts";
import { Facts } from "./facts.ts";

/** MES for accounts in USDT, six digits. */
const inTether: Instrument = {
  ...mes,
  id: "MUT",
  name: "Micro E-mini S&P 500 in USDT",
  terms: {
    ...mesTerms,
    ...{ currency: "USDT", currencyScale: 6, tickValue: minorUnits(1_250_000n), feePerSide: minorUnits(620_000n) },
    ...{ initialMargin: minorUnits(100_000_000n), maintenanceMargin: minorUnits(80_000_000n) },
  },
};

export interface Person {
  readonly account: TestAccount;
  readonly currency: "USD" | "USDT";
  /** Where he is paid to, in dollars. */
  readonly target: string | null;
}

export const [ann, ben, cem] = [person("Ann"), person("Ben"), person("Cem")];
const hourMs = 3_600_000;
const bankIban = "DE89370400440532013000";

/**
 * A house with everything that moves money, over one database: order flow through a queue with two workers (one an hour ahead), gateway,
 * cards, bank and two chains with their peers on loopback, agents, exports, and a calendar that is moved by hand.
 */
export async function monthHouse({ traders, seed }: { readonly traders: number; readonly seed: string }) {
  const house = await testDesk([mes, mnq, inTether]);
  const { db } = house;
  const clock = await bookClock(db);
  for (const month of ["2027-03-01", "2027-04-01"]) await db.owner.raw("SELECT ensure_transfer_partition(?)", [month]);
  await clock.set("2027-02-28 17:05");
  const flow = await orderFlow({ of: house, people: 0 });
  const workers = { even: await flow.startWorker(), ahead: await flow.startWorker({ clockOffMs: hourMs }) };
  const cards = await testCards(house);
  const cashier = await testCashier(house);
  const chain = await testPayouts({ of: house, finality: { confirmations: 2n } });
  await chain.look();
  const tron = await testTron({ of: house });
  tron.mine(3);
  await tron.look();
  const bankAccountId = await openBanks(house);
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "truewick-month-"));
  mkdirSync(path.join(dataDir, "exports"));
  const append = async (day: string, line: string): Promise<void> =>
    appendFileSync(path.join(dataDir, "exports", `${bookHeadsFile}-${day}.jsonl`), `${line}\n`);
  const seal = sealBooks({ db: db.app, signer: await aSigner(db.app), append });
  const agents = agentDesk(house);
  const lines = await hireAgents(agents);
  const exporter = exporterOf(house);
  const people: Person[] = [];
  const facts = new Facts();
  const random = seededRandom(seed);
  const month = {
    ...{
      house,
      clock,
      flow,
      workers,
      cards,
      cashier,
      chain,
      tron,
      agents,
      lines,
      exporter,
      people,
      facts,
      seal,
      dataDir,
    },
    bank: { id: bankAccountId, iban: bankIban, coming: [] as BankLine[], balance: 0n, statements: 0 },
    random,
    /** Payouts that were stopped, by the date's number. */
    heldSince: new Map<number, string>(),
    /** Any of them. */
    one: <Item>(of: readonly Item[]): Item => {
      const item = of[Math.floor(random.uniform() * of.length)];
      if (item === undefined) throw new Error("none to choose from");
      return item;
    },
    /** With play money of the house's, beside the others. */
    demos: [] as Person[],
    join: async (currency: Person["currency"], agentId?: string): Promise<Person> => {
      const account = await house.openAccount(0n, { currency, ...(agentId === undefined ? {} : { agentId }) });
      const target = currency === "USD" ? await cashier.oldTarget(account) : null;
      const joined: Person = { account, currency, target };
      people.push(joined);
      return joined;
    },
    /** What his open positions leave him to take out, at today's prices. */
    available: ({ account: { accountId } }: Person): Promise<bigint> =>
      chain.deps.transact(systemActor, async (work) => {
        const account = (await lockAccounts(work.db, [accountId])).get(accountId);
        if (account === undefined) throw new Error(`no account ${accountId}`);
        return (await chain.deps.availableOf(work.db, account)).available;
      }),
    close: async (): Promise<void> => {
      exporter.remove();
      await chain.close();
      await tron.close();
      await cards.close();
      await flow.stop();
      await house.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  for (let number = 0; number < traders; number++)
    await month.join(number % 4 === 3 ? "USDT" : "USD", number % 7 === 6 ? undefined : month.one(lines.all));
  for (const currency of ["USD", "USDT"] as const) {
    const account = await house.openAccount(0n, { currency, book: "demo" });
    const amount = currency === "USD" ? 1_000_000n : 10_000_000_000n;
    await house.fund(account, amount);
    facts.move(account, amount);
    month.demos.push({ account, currency, target: null });
  }
  return month;
}

export type Month = Awaited<ReturnType<typeof monthHouse>>;

/** A line that the bank will show in its next statement; + came in. */
export interface BankLine {
  readonly amount: bigint;
  readonly bankReference: string;
  readonly text: string;
}

/** What the operator allows, and the house's bank account. */
async function openBanks({ db, tenantId }: TestDesk): Promise<string> {
  const channel = (name: string) => db.app("payment_channels").where({ channel: name });
  await channel("bank").update({
    ...{ deposits_enabled: true, deposit_min_minor: 100, deposit_four_eyes_above_minor: 100_000 },
    ...{ day_count: null, cooling_hours: 24, auto_up_to_minor: 10_000, four_eyes_above_minor: 50_000 },
  });
  const id = randomUUID();
  await db.app("bank_accounts").insert({ id, tenant_id: tenantId, holder: "House", iban: bankIban, currency: "USD" });
  return id;
}

/** A line of four agents under each of six roots, each root with a plan of another model. */
async function hireAgents({ agent, plan, assign }: AgentDesk) {
  const plans = {
    ratio: await plan("ratio", { rate1: "30", rate2: "20", rate3: "10", exceptions: ["MNQ = 25, 15, 5"] }),
    difference: await plan("difference", { rate1: "20", rate2: "35", rate3: "45" }),
    "per-lot": await plan("per-lot", { rate1: "0.20", rate2: "0.10", rate3: "0.05", isCappedAtFee: true }),
    "spread-share": await plan("spread-share", { rate1: "30", rate2: "10" }),
    chain: await plan("chain", { rate1: "40", rate2: "25", rate3: "10" }),
    override: await plan("override", { rate1: "30", rate2: "10", rate3: "10" }),
  };
  const all: string[] = [];
  const roots: Record<string, string[]> = {};
  for (const [model, planId] of Object.entries(plans)) {
    const line: string[] = [];
    for (const level of ["a", "b", "c", "d"]) line.push(await agent(`${model}-${level}`, line.at(-1)));
    await assign(planId, line[0]);
    roots[model] = line;
    all.push(...line);
  }
  return { plans, all, roots };
}
