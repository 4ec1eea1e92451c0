import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import type { StaffRole } from "#contracts/names.ts";
import { assert } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import {
  type AccountsDeps,
  createAgent,
  createPartner,
  fundAccount,
  openAccount,
  registerTrader,
} from "../../../server/capabilities/accounts/index.ts";
import { createInstrument } from "../../../server/capabilities/administration/index.ts";
import { systemActor, type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { aCell } from "../../core/loss-builders.ts";
import { putRiskLine } from "../../support/risk-lines.ts";
import { makeCommissions } from "./commissions.ts";
import { makeMinute } from "./minute.ts";
import { makeMoneyRows } from "./money-rows.ts";
import { makeTrade } from "./trades.ts";

/** One partner with an agent line of two, a trader below each agent and one below none, each with a funded account. */
export interface PartnerWorld {
  readonly id: number;
  readonly agents: readonly [root: string, below: string];
  readonly traders: readonly [ofRoot: string, ofBelow: string, ofNobody: string];
  readonly accounts: readonly [ofRoot: string, ofBelow: string, ofNobody: string];
}

export interface World {
  readonly alpha: PartnerWorld;
  readonly beta: PartnerWorld;
}

/** What a new instrument is declared with in the tests: CME's MES. */
export const mes = {
  id: "MES",
  name: "Micro E-mini S&P 500",
  assetClass: "equity-index",
  exchange: "CME",
  calendarId: "cme-test",
  currency: "USD",
  tickSize: "0.25",
  priceDecimals: 2,
  multiplier: "5",
  tickValue: "1.25",
  lotStep: "1",
  minLots: "1",
  maxLotsPerOrder: "50",
  initialMargin: "2400.00",
  maintenanceMargin: "2200.00",
  feePerSide: "0.62",
};

/** Two partners alike, made by the real commands; orders, fills and positions as trading would leave them. */
export async function makeWorld(db: Knex, hashPassword: AccountsDeps["hashPassword"]): Promise<World> {
  const transact = transactor(db);
  await db("session_calendars").insert({
    id: "cme-test",
    name: "CME test",
    zone: "America/Chicago",
    trade_date_cut: "17:00",
    sessions: JSON.stringify([
      {
        validFrom: "2013-01-01",
        validTo: null,
        open: { weekday: 0, time: "17:00" },
        close: { weekday: 5, time: "16:00" },
      },
    ]),
  });
  await transact(systemActor, async (work) => {
    assert((await createInstrument(work, systemActor, mes)).ok, "MES was refused");
  });
  await putRiskLine(db, { scope: "default" }, { maxLotsPerOrder: "50" });
  const change = { id: randomUUID(), name: "Quieter", reason: "a test", author_id: randomUUID(), author: "Ann" };
  await db("risk_changes").insert(change);
  const line = { scope: "default", instrument_id: "MES", seen_version: 0, before: {}, settings: { maxLongLots: "5" } };
  await db("risk_change_lines").insert({ id: randomUUID(), change_id: change.id, ...line });
  const period = { from_at: "2026-11-01T00:00:00Z", to_at: "2026-11-02T00:00:00Z", book: "demo", lines: "[]" };
  const asked = { id: randomUUID(), change_id: change.id, asked_by_id: randomUUID(), asked_by: "Ann" };
  await db("risk_rehearsals").insert({ ...asked, ...period, state: "failed", failure: "a test" });
  await db("contracts").insert({
    instrument_id: "MES",
    code: "MESZ8",
    first_trade_at: "2020-01-01",
    last_trade_at: "2088-12-17",
    expiry_action: "roll",
  });
  await db("settlement_marks").insert({
    instrument_id: "MES",
    trade_date: "2026-11-20",
    cut_at: "2026-11-20T23:00:00Z",
    rule: "mid",
    rule_version: 1,
    terms_version: 1,
    daily_settlement: "none",
    price_ticks: 21_001,
    quote_seq: 7,
    quote_bid_ticks: 21_000,
    quote_ask_ticks: 21_001,
    quote_received_at: "2026-11-20T22:59:59Z",
  });
  await makeMinute(db);
  const deps: AccountsDeps = { transact, announce: () => {}, hashPassword };
  return { alpha: await makePartner(db, deps, transact, "alpha"), beta: await makePartner(db, deps, transact, "beta") };
}

async function makePartner(db: Knex, deps: AccountsDeps, transact: Transact, code: string): Promise<PartnerWorld> {
  const partner = await createPartner(deps)(systemActor, { code, name: `Partner ${code}`, origins: [] });
  assert(partner.ok, "a partner was refused");
  const tenantId = partner.value.id;
  const agent = async (name: string, parentId?: string): Promise<string> => {
    const made = await createAgent(deps)(systemActor, {
      tenantId,
      code: name,
      name: `Agent ${name}`,
      email: `${name}@${code}.example`,
      ...(parentId === undefined ? {} : { parentId }),
    });
    assert(made.ok, "an agent was refused");
    return made.value.id;
  };
  const root = await agent("root");
  const below = await agent("below", root);
  const trader = async (name: string, agentId?: string): Promise<string> => {
    const made = await registerTrader(deps)(systemActor, {
      tenantId,
      name,
      email: `${name}@${code}.example`,
      ...(agentId === undefined ? {} : { agentId }),
    });
    assert(made.ok, "a trader was refused");
    return made.value.id;
  };
  const traders = [await trader("ann", root), await trader("bob", below), await trader("cem")] as const;
  const account = async (traderId: string): Promise<string> => {
    const opened = await openAccount(deps)(systemActor, { traderId, book: "demo", currency: "USD" });
    assert(opened.ok, "an account was refused");
    const { id } = opened.value;
    const funded = await fundAccount(deps)(systemActor, {
      accountId: id,
      amount: minorUnits(1_000_050n),
      reason: "test",
    });
    assert(funded.ok, "a deposit was refused");
    const { orderId } = await makeTrade(db, { tenantId, traderId, accountId: id });
    await db("failed_settlements").insert({ order_id: orderId, last_error: "Error: it failed once\n    at a line" });
    return id;
  };
  const accounts = [await account(traders[0]), await account(traders[1]), await account(traders[2])] as const;
  await db("margin_events").insert({
    ...{
      tenant_id: tenantId,
      trader_id: traders[0],
      account_id: accounts[0],
      book: "demo",
      currency: "USD",
      currency_scale: 2,
    },
    ...{
      kind: "stage",
      stage_before: "ok",
      stage_after: "margin-call",
      equity_minor: 99,
      required_minor: 100,
      quotes: "{}",
    },
  });
  for (const [place, accountId] of accounts.entries())
    await db("loss_breaches").insert({
      ...{ id: randomUUID(), tenant_id: tenantId, trader_id: traders[place], account_id: accountId, book: "demo" },
      ...{
        currency: "USD",
        currency_scale: 2,
        slot: "daily-loss",
        action: "flatten-until-lifted",
        at: "2026-11-20T15:00:00Z",
      },
      ...{ counted_since: "2026-11-19T23:00:00Z", base_minor: 100_000, limit_minor: 5_000, edge_minor: 95_000 },
      ...{ measured_minor: 94_900, source: "default", rule_version: 1, quotes: "{}", rule: JSON.stringify(aCell()) },
    });
  await db("trader_groups").insert({
    ...{ tenant_id: tenantId, name: `Group of ${code}` },
    ...{ margin_call_percent: 100, reduce_only_percent: 80, stop_out_percent: 50 },
  });
  await putRiskLine(db, { scope: "partner", tenant_id: tenantId }, { maxPositionLots: "20" });
  await db("kill_switches").insert({
    scope: "partner",
    tenant_id: tenantId,
    mode: "close-only",
    reason: "a rest",
    thrown_by: "Ann",
  });
  await makeMoneyRows(db, { tenantId, traderId: traders[0], accountId: accounts[0] });
  await makeCommissions(db, transact, { tenantId, agents: [below, root], accountId: accounts[1] });
  await transact({ ...systemActor, tenantId }, async ({ audit }) =>
    audit({ action: "look", resource: "partners", objectId: String(tenantId) }),
  );
  await db("staff").insert({ tenant_id: tenantId, email: `desk@${code}.example`, name: "Desk", role: "admin" });
  return { id: tenantId, agents: [root, below], traders, accounts };
}

/** Somebody of the back office, for tests. */
export function aStaff(role: StaffRole, given: Partial<StaffIdentity> = {}): StaffIdentity {
  return {
    staffId: randomUUID(),
    email: `${role}@operator.example`,
    name: `The ${role}`,
    role,
    locale: "en",
    tenantId: null,
    agentId: null,
    ...given,
  };
}
