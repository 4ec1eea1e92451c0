import { randomUUID } from "node:crypto";
import { lossSlots } from "#contracts/loss-names.ts";
import { decideOrder } from "#core/order.ts";
import { readSettings, type WrittenSettings } from "#core/risk-settings.ts";
import { effectiveSettings, type RiskLine } from "#core/risk-table.ts";
import { aContext, anIntent } from "../../core/trading-builders.ts";
import { clearRiskTable, putRiskLine } from "../../support/risk-lines.ts";
import { type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { absoluteRow, type BenchContext, type Benchmark, median, type Row, ratioRow, seeded } from "../row.ts";
import { makeTraders } from "../traders.ts";
import { booksNote, deskLoad } from "./desk-load.ts";

/** Each gives some ten orders a minute then, which is much for a person: with fewer their recent orders would be what is measured. */
const accountCount = 20_000;
/** Every tenth trader has a line of his own. */
const ownLines = 10;
const rounds = 4;
const roundMs = 5_000;
/** A new table is read and worked out once for each trader; that is no part of what an order costs. */
const warmMs = 6_000;
const evaluations = 20_000;
const mostMicros = 50;

const lossRule = {
  ...{ amount: "1000000.00", unit: "money", base: "balance-at-reset", measure: "equity" },
  ...{ resetTime: "17:00", resetZone: "America/Chicago", action: "flatten-until-reset" },
};

/** Every setting there is, each so wide that nothing is refused. */
const everything: WrittenSettings = {
  ...{ maxLotsPerOrder: "40", maxPositionLots: "9000000", maxLongLots: "9000000", maxShortLots: "9000000" },
  ...{ maxGrossLots: "9000000", maxClassLots: "9000000", maxTotalLots: "9000000", maxOrderExposure: "900000000" },
  ...{ maxExposure: "900000000000", maxClassExposure: "900000000000", maxTotalExposure: "900000000000" },
  ...{ maxMarginUsed: "900000000000", marginPercent: 101, maxInstruments: 100, maxWorkingOrders: 400 },
  ...{ maxOrdersPerMinute: 1_000, repeatOrderSeconds: 0, minHoldingSeconds: 0, maxSlippageTicks: 1_000 },
  ...{ isStopLossMandatory: false, allowed: ["equity-index"], flattenTime: "16:55 America/Chicago" },
  tradingWindows: ["sun-sat 00:00-24:00 UTC"],
  ...{ dailyLossAlert: { ...lossRule, action: "alert" }, dailyLoss: lossRule },
  ...{
    weeklyLossAlert: { ...lossRule, resetWeekday: 0, action: "alert" },
    weeklyLoss: { ...lossRule, resetWeekday: 0 },
  },
  trailingDrawdown: { ...lossRule, trailing: "end-of-day", action: "flatten-until-lifted" },
  ...{ dailyProfit: lossRule, weeklyProfit: { ...lossRule, resetWeekday: 0 } },
};
const caps: WrittenSettings = {
  ...{ partnerMaxLots: "9000000", partnerMaxExposure: "900000000000" },
  ...{ houseMaxLots: "9000000", houseMaxExposure: "900000000000" },
};

/** What the risk table costs: one decision in the core, and orders taken and settled with it and without, in turns. */
export const risk: Benchmark = {
  rows: ["risk-eval", "risk-accept"],
  run: async (context) => [evaluation(), await acceptance(context)],
};

const scopes = ["default", "partner", "agent", "group", "trader"] as const;
const subject = { tenantId: 1, traderId: "t", groupId: "g", agentLine: ["a"] };

/** Looks every setting up through five levels, where only the widest has them all, and decides an order by them. */
function evaluation(): Row {
  const read = readSettings({ ...everything, ...caps });
  if (!read.ok) throw new Error(`the settings of the benchmark are wrong: ${JSON.stringify(read.refusal)}`);
  const of = { tenantId: 1, agentId: "a", groupId: "g", traderId: "t", instrumentId: null, assetClass: null };
  const lines = scopes.map(
    (scope): RiskLine => ({
      ...of,
      ...{ limitId: scope, version: 1, scope, name: null },
      settings: scope === "default" ? read.value : { maxLotsPerOrder: 40n },
    }),
  );
  const about = { id: "MES", assetClass: "equity-index" };
  const intent = anIntent("buy", 1n);
  const context = aContext({ balance: 10n ** 9n });
  const bare = microsOf(() => decideOrder(intent, context));
  const micros = microsOf(() => {
    const settings = effectiveSettings(lines, subject, about);
    return decideOrder(intent, { ...context, settings });
  });
  const note = `${Object.keys({ ...everything, ...caps }).length} settings over 5 levels; without a table ${bare.toFixed(1)} us`;
  const met = micros < mostMicros;
  const row = { name: "risk-eval", value: micros, unit: "us", target: `< ${mostMicros} us`, stretch: "", met, note };
  return { ...absoluteRow(row), baseline: bare, ratio: micros / bare };
}

/** Median of some runs, microseconds for each call; every call must accept. */
function microsOf(decide: () => { readonly ok: boolean }): number {
  const run = (): number => {
    const begun = performance.now();
    for (let done = 0; done < evaluations; done++)
      if (!decide().ok) throw new Error("the benchmark's order was refused");
    return ((performance.now() - begun) * 1_000) / evaluations;
  };
  run();
  return median([run(), run(), run()]);
}

async function acceptance(context: BenchContext): Promise<Row> {
  const house = await testDesk();
  try {
    house.market.quote("MES", "5000.00", "5000.25");
    house.market.quote("MNQ", "18000.00", "18000.25");
    const made = await makeTraders(house.db, accountCount);
    const accounts = made.map(
      ({ traderId, accountId }): TestAccount => ({ accountId, trader: identityOf(house, traderId, accountId) }),
    );
    const load = { accounts, instruments: ["MES", "MNQ"], random: seeded(context.seed), forMs: roundMs };
    await deskLoad(house, { ...load, forMs: 2_000 });
    await countLosses(house);
    await house.db.owner.raw("VACUUM ANALYZE");
    const [without, full]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      without.push(await deskLoad(house, load));
      await fill(house);
      await deskLoad(house, { ...load, forMs: warmMs });
      full.push(await deskLoad(house, load));
      await clearRiskTable(house.db.owner);
    }
    context.say(`without ${told(without)}, with all of the table ${told(full)} orders/s`);
    const note = `against no table at all, in turns; ${await booksNote(house)}`;
    const baseline = median(without);
    return ratioRow({
      name: "risk-accept",
      unit: "orders/s",
      rounds: full,
      baseline,
      target: 0.85,
      stretch: 0.95,
      note,
    });
  } finally {
    await house.close();
  }
}

const identityOf = ({ tenantId }: TestDesk, traderId: string, accountId: string): TestAccount["trader"] => ({
  ...{ traderId, tenantId, name: "trader", accountIds: [accountId] },
  expiresAt: new Date(Date.now() + 86_400_000),
});

/** As the loss watch leaves an account with a position: what each rule is counted from. */
async function countLosses({ db }: TestDesk): Promise<void> {
  await db.owner.raw(
    `INSERT INTO loss_states (account_id, slot, counted_since, balance_at_reset, equity_at_reset, peak, start, seen_transfer)
     SELECT a.id, s.slot, clock_timestamp(), 0, 0, 0, 0, (SELECT max(id) FROM transfers)
     FROM accounts a CROSS JOIN unnest(?::text[]) AS s (slot) ORDER BY a.id`,
    [[...lossSlots]],
  );
}

const told = (figures: readonly number[]): string => figures.map((figure) => figure.toFixed(0)).join(", ");

/** A line of everybody with all settings, and one of each trader. */
async function fill({ db, tenantId }: TestDesk): Promise<void> {
  const { owner } = db;
  const line = await owner("risk_limits").where({ scope: "default" }).first("id");
  if (line === undefined) {
    await putRiskLine(owner, { scope: "default" }, { ...everything, ...caps });
    const traders: { id: string }[] = await owner("traders")
      .select("id")
      .orderBy("id")
      .limit(accountCount / ownLines);
    const rows = traders.map(({ id }) => ({ id: randomUUID(), scope: "trader", tenant_id: tenantId, trader_id: id }));
    await owner.batchInsert("risk_limits", rows, 500);
    await owner.batchInsert(
      "risk_limit_versions",
      rows.map(({ id }) => ({
        ...{ limit_id: id, version: 1, settings: JSON.stringify({ maxLotsPerOrder: "30" }), author: "bench" },
      })),
      500,
    );
  } else {
    await owner.raw(
      `INSERT INTO risk_limit_versions (limit_id, version, settings, author)
       SELECT l.id, l.version + 1, v.settings, 'bench' FROM risk_limits l JOIN risk_limit_versions v ON v.limit_id = l.id AND v.version = 1`,
    );
    await owner.raw("UPDATE risk_limits SET version = version + 1");
  }
  await owner.raw("ANALYZE risk_limits, risk_limit_versions");
}
