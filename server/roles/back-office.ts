import { Router } from "express";
import type { Knex } from "knex";
import { createAgent, createPartner, openAccount, registerTrader } from "../capabilities/accounts/index.ts";
import { createInstrument, updateInstrument, updateStaff } from "../capabilities/administration/index.ts";
import { assignPlan, createPlan, type NewAssignment, type NewPlan } from "../capabilities/agents/index.ts";
import { createContract, updateContract } from "../capabilities/contracts/index.ts";
import { type NewExport, requestExport } from "../capabilities/exports/index.ts";
import { type NewAdjustment, requestAdjustment } from "../capabilities/funding/index.ts";
import { verifyBooks } from "../capabilities/ledger/index.ts";
import { correctTick, type NewTickCorrection } from "../capabilities/market-data/index.ts";
import { askRun, type Reconciled } from "../capabilities/reconciliation/index.ts";
import { booksCheck, dashboard, orderStory, writeJournal } from "../capabilities/reports/index.ts";
import { type NewKillSwitch, throwKillSwitch } from "../capabilities/risk/index.ts";
import { createChannel, gatherPayouts, updateChannel } from "../capabilities/withdrawals/index.ts";
import { dashboardRoutes } from "../platform/http/dashboard-routes.ts";
import { journalRoutes } from "../platform/http/journal-routes.ts";
import { requireStaff } from "../platform/http/require.ts";
import {
  type AdminPorts,
  actorOf,
  adminRoutes,
  attachmentRoutes,
  checkSchema,
  demandReadable,
  joined,
  loadResources,
  type Resources,
  type WriteRefusal,
  type Writers,
} from "../resources/index.ts";
import { agentPages } from "./agent-pages.ts";
import { backOfficeCommands } from "./back-office-commands.ts";
import { refusedAt } from "./back-office-refusals.ts";
import { payoutFiles } from "./bank-payouts.ts";
import { unsignedPayouts } from "./chain-payouts.ts";
import { openExports } from "./exports.ts";
import { openStress } from "./exposure.ts";
import { openFundFlow } from "./fund-flow.ts";
import { openLineStatements } from "./line-statements.ts";
import { openRiskChangePages } from "./risk-change-pages.ts";
import { riskChangesWriter } from "./risk-changes.ts";
import { openRiskPages } from "./risk-pages.ts";
import { riskLimitsWriter } from "./risk-writers.ts";
import type { Shared } from "./shared.ts";
import { statementRouter } from "./statements.ts";

/** The back office's API from the declarations. Refuses to start when they do not fit each other or the database. */
export async function backOffice(
  shared: Shared,
): Promise<{ resources: Resources; routers: Router[]; uploads: Router }> {
  const resources = await loadResources();
  await checkSchema(shared.db, resources);
  const { readDb, clock, quotes, catalog, log } = shared;
  const guard = requireStaff(shared.identity);
  const books = booksCheck({
    verify: () => verifyBooks(readDb),
    clock,
    onError: (error) => log.error({ err: error }, "checking the books failed"),
  });
  const figures = dashboardRoutes({
    requireStaff: guard,
    dashboard: dashboard({ db: readDb, clock, books, quotes, catalog }),
  });
  const ports: AdminPorts = {
    ...{ resources, readDb, transact: shared.transact, requireStaff: guard },
    writers: backOfficeWriters(shared),
    commands: backOfficeCommands(shared),
    stories: backOfficeStories(readDb),
    publishChanged: (resource, id) => shared.bus.publish({ kind: "changed", resource, id }),
  };
  const money = [
    openFundFlow(readDb, resources, guard),
    openExports(shared, resources, guard),
    openLineStatements(shared, resources, guard),
    unsignedPayouts(shared, resources, guard),
    payoutFiles(shared, resources, guard),
  ];
  const pages = [
    figures,
    openRiskPages(shared, resources, guard),
    openRiskChangePages({ ...shared, db: readDb }, resources, guard),
    openStress({ ...shared, db: readDb }, guard),
    ...agentPages(readDb, guard),
    journals(shared, resources),
  ];
  const routers = [...pages, ...money, adminRoutes(ports)];
  const uploads = Router().use(attachmentRoutes(ports), statementRouter(shared, resources));
  return { resources, routers, uploads };
}

/** The books of a partner as a file that other programs recompute. */
function journals({ identity, readDb, transact }: Shared, resources: Resources): Router {
  const demandPartner = demandReadable(readDb, resources, "partners", "export");
  return journalRoutes({
    requireStaff: requireStaff(identity),
    demandPartner: async (staff, id, request, response) => {
      await demandPartner(staff, id);
      await transact(actorOf(staff, request, response), async ({ audit }) =>
        audit({
          ...{ action: "export", resource: "partners", objectId: id, tenantId: Number(id) },
          after: { file: "journal", ...request.query },
        }),
      );
    },
    write: (asked, open) => writeJournal(readDb, asked, open),
  });
}

export interface BackOfficeShared extends Pick<Shared, "accountsDeps" | "identityWithin" | "readDb"> {
  readonly bus: Pick<Shared["bus"], "publish">;
  readonly quotes: Pick<Shared["quotes"], "latestTradable">;
  readonly payments: Pick<Shared["payments"], "chains">;
}

/** What is told about a record step by step, for resources that are declared with a story. */
export const backOfficeStories = (readDb: Knex): AdminPorts["stories"] => ({ orders: orderStory(readDb) });

/** Which capability writes what plain SQL must not. Fields arrive checked by the declaration. */
export function backOfficeWriters({ accountsDeps, bus, identityWithin }: BackOfficeShared): Writers {
  const within = (work: Parameters<typeof joined>[0]) => ({ ...accountsDeps, transact: joined(work) });
  return {
    partners: {
      create: async (work, actor, input) => {
        const partner = { origins: [], ...input } as unknown as Parameters<ReturnType<typeof createPartner>>[1];
        const made = await createPartner(within(work))(actor, partner);
        if (!made.ok) return refusedAt(made.refusal);
        const { id, keyId, privateKeyPem } = made.value;
        return { ok: true, value: { id, shownOnce: { keyId, privateKeyPem } } };
      },
    },
    agents: { create: (work, actor, input) => told(createAgent(within(work))(actor, given(input))) },
    traders: { create: (work, actor, input) => told(registerTrader(within(work))(actor, given(input))) },
    accounts: { create: (work, actor, input) => told(openAccount(within(work))(actor, given(input))) },
    instruments: {
      create: (work, actor, input) => toldAt(createInstrument(work, actor, input)),
      update: (work, actor, update) => toldAt(updateInstrument(work, actor, update)),
    },
    contracts: {
      create: (work, _actor, input) => toldAt(createContract(work, input)),
      update: (work, _actor, update) => toldAt(updateContract(work, update)),
    },
    adjustments: {
      create: (work, actor, input) => toldAt(requestAdjustment(work, actor, given<NewAdjustment>(input))),
    },
    "payout-batches": {
      create: (work, actor, input) => toldAt(gatherPayouts(work, actor, given<{ bankAccountId: string }>(input))),
    },
    exports: { create: (work, actor, input) => toldAt(requestExport(work, actor, given<NewExport>(input))) },
    "reconciliation-runs": { create: (work, actor, input) => toldAt(askRun(work, actor, given<Reconciled>(input))) },
    "payment-channels": {
      create: (work, _actor, input) => toldAt(createChannel(work, given(input))),
      update: (work, _actor, update) => toldAt(updateChannel(work, update)),
    },
    "commission-plans": {
      create: (work, actor, input) => toldAt(createPlan(work, actor, given<NewPlan>(input))),
    },
    "commission-assignments": {
      create: (work, actor, input) => toldAt(assignPlan(work, actor, given<NewAssignment>(input))),
    },
    "risk-limits": riskLimitsWriter,
    "risk-changes": riskChangesWriter,
    "tick-corrections": {
      create: (work, actor, input) => toldAt(correctTick(work, bus.publish, actor, given<NewTickCorrection>(input))),
    },
    "kill-switches": {
      create: (work, actor, input) => toldAt(throwKillSwitch(work, actor, given<NewKillSwitch>(input))),
    },
    staff: {
      create: (work, actor, input) =>
        told(identityWithin(joined(work)).createStaff(actor, { tenantId: null, ...given<object>(input) } as never)),
      update: (work, actor, { id, changes, current }) => {
        const tenantId = typeof current.tenantId === "number" ? current.tenantId : null;
        return told(updateStaff(work, bus.publish, actor, { id, tenantId, changes, current }));
      },
    },
  };
}

type Answer<Value, Refusal> = { ok: true; value: Value } | { ok: false; refusal: Refusal };

/** Checked fields as a command's input: without the nulls, which its optional members do not know. */
const given = <Command>(input: Readonly<Record<string, unknown>>): Command =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Command;

async function told<Value>(answer: Promise<Answer<Value, string>>): Promise<Answer<Value, WriteRefusal>> {
  const result = await answer;
  return result.ok ? result : refusedAt(result.refusal);
}

async function toldAt<Value>(
  answer: Promise<Answer<Value, { code: string; field?: string }>>,
): Promise<Answer<Value, WriteRefusal>> {
  const result = await answer;
  return result.ok ? result : refusedAt(result.refusal.code, result.refusal.field);
}
