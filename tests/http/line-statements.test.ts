import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RequestHandler } from "express";
import { pino } from "pino";
import request from "supertest";
import type { StaffIdentity } from "#contracts/identity.ts";
import { transactor } from "../../server/platform/db/unit-of-work.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { loadResources } from "../../server/resources/index.ts";
import { openLineStatements } from "../../server/roles/line-statements.ts";
import { aStaff, makeWorld, type World } from "../resources/support/world.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
let world: World;
let staff: StaffIdentity;
let ask: (as: StaffIdentity, id: unknown, query?: string) => Promise<request.Response>;

beforeAll(async () => {
  database = await testDatabase();
  world = await makeWorld(database.app, async () => "");
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.staff = staff;
    next();
  };
  const shared = { readDb: database.reads, transact: transactor(database.app) };
  const app = createApp({
    ...{ log: pino({ level: "silent" }), metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0 },
    routers: [{ path: "/api/admin", router: openLineStatements(shared, await loadResources(), loggedIn) }],
  });
  ask = async (as, id, query = "") => {
    staff = as;
    return request(app).get(`/api/admin/agents/${id}/statements${query}`);
  };
});
afterAll(() => database?.drop());

const agentsIn = (reply: request.Response): string[] =>
  reply.text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",")[0] ?? "")
    .sort();

test("an agent's staff read the statements of their line, not of those above or of another partner", async () => {
  const { alpha, beta } = world;
  const [root, below] = alpha.agents;
  const ofRoot = await ask(aStaff("finance"), root);
  expect([ofRoot.status, ofRoot.get("Content-Type")]).toEqual([200, "text/csv; charset=utf-8"]);
  expect(agentsIn(ofRoot)).toContain(below);
  const agent = aStaff("agent", { tenantId: alpha.id, agentId: below });
  expect(agentsIn(await ask(agent, below))).toEqual([below]);
  for (const id of [root, beta.agents[0]]) expect((await ask(agent, id)).status).toBe(404);
  expect((await ask(aStaff("finance", { tenantId: beta.id }), root)).status).toBe(404);
  const noted = await database
    .owner("audit_log")
    .where({ resource: "agents", action: "export" })
    .orderBy("id")
    .select("object_id");
  expect(noted.map(({ object_id }) => object_id)).toEqual([root, below]);
});

test("what is malformed is named", async () => {
  const [root] = world.alpha.agents;
  const finance = aStaff("finance");
  expect((await ask(finance, "1")).status).toBe(422);
  for (const query of ["?from=2026-02-30", "?to=x", "?from=2026-02-02&to=2026-02-01", "?colour=red"])
    expect([query, (await ask(finance, root, query)).status]).toEqual([query, 422]);
});
