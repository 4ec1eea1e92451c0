import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RequestHandler } from "express";
import { pino } from "pino";
import request from "supertest";
import type { StaffIdentity } from "#contracts/identity.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { loadResources } from "../../server/resources/index.ts";
import { openFundFlow } from "../../server/roles/fund-flow.ts";
import { aStaff, makeWorld, type World } from "../resources/support/world.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
let world: World;
let staff: StaffIdentity;
let ask: (as: StaffIdentity, of: string, id: string | number, more?: string) => Promise<request.Response>;

beforeAll(async () => {
  database = await testDatabase();
  world = await makeWorld(database.app, async () => "");
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.staff = staff;
    next();
  };
  const app = createApp({
    ...{ log: pino({ level: "silent" }), metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0 },
    routers: [{ path: "/api/admin", router: openFundFlow(database.reads, await loadResources(), loggedIn) }],
  });
  ask = async (as, of, id, more = "") => {
    staff = as;
    return request(app).get(`/api/admin/fund-flow?of=${of}&id=${id}${more}`);
  };
});
afterAll(() => database?.drop());

test("finance follows the money of each sort of subject", async () => {
  const { alpha } = world;
  const finance = aStaff("finance");
  for (const [of, id] of [
    ["trader", alpha.traders[0]],
    ["account", alpha.accounts[0]],
    ["agent", alpha.agents[0]],
    ["partner", alpha.id],
    ["house", alpha.id],
    ["ledger-account", 1],
  ] as const) {
    const reply = await ask(finance, of, id);
    expect([of, reply.status]).toEqual([of, 200]);
    expect(reply.body.books.length).toBeGreaterThan(0);
    expect(reply.get("Cache-Control")).toBe("no-store");
  }
});

test("an agent follows his own line and nothing else, and is not told what staff noted", async () => {
  const { alpha, beta } = world;
  const [root, below] = alpha.agents;
  const agent = aStaff("agent", { tenantId: alpha.id, agentId: below });
  for (const [of, id, status] of [
    ["agent", below, 200],
    ["trader", alpha.traders[1], 200],
    ["account", alpha.accounts[1], 200],
    ["agent", root, 404],
    ["trader", alpha.traders[0], 404],
    ["trader", alpha.traders[2], 404],
    ["agent", beta.agents[0], 404],
    ["partner", alpha.id, 403],
    ["house", alpha.id, 403],
    ["ledger-account", 1, 403],
  ] as const)
    expect([of, id, (await ask(agent, of, id)).status]).toEqual([of, id, status]);
  const told = await ask(agent, "agent", below);
  expect(told.text).not.toMatch(/bob/i);
  const memos = told.body.rows.map(({ memo }: { memo: unknown }) => memo);
  expect(new Set(memos)).toEqual(new Set([null]));
});

test("a partner's finance sees that partner's money only; support sees none", async () => {
  const { alpha, beta } = world;
  const finance = aStaff("finance", { tenantId: alpha.id });
  expect((await ask(finance, "house", alpha.id)).status).toBe(200);
  expect((await ask(finance, "house", beta.id)).status).toBe(404);
  expect((await ask(finance, "trader", beta.traders[0])).status).toBe(404);
  expect((await ask(aStaff("support"), "trader", alpha.traders[0])).status).toBe(403);
});

test("what is malformed is named, and a page of another reading is refused", async () => {
  const [trader] = world.alpha.traders;
  const finance = aStaff("finance");
  for (const [of, id, more, field] of [
    ["trader", "1", "", "id"],
    ["house", trader, "", "id"],
    ["everybody", trader, "", "of"],
    ["trader", trader, "&from=2026-02-30", "from"],
    ["trader", trader, "&from=2026-02-02&to=2026-02-01", "to"],
    ["trader", trader, "&limit=201", "limit"],
    ["trader", trader, "&code=gift", "code"],
    ["trader", trader, "&colour=red", "colour"],
  ] as const) {
    const reply = await ask(finance, of, id, more);
    expect([more, reply.status, Object.keys(reply.body.errors ?? {})]).toEqual([more, 422, [field]]);
  }
  expect((await ask(finance, "trader", trader, "&after=abc")).body).toMatchObject({ status: 422, code: "BAD_CURSOR" });
  expect((await ask(finance, "trader", trader, "&currency=JPY")).body).toMatchObject({ code: "NO_SUCH_PURSE" });
});
