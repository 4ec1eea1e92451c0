import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { StaffIdentity } from "#contracts/identity.ts";
import { assert } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import { fundAccount, openAccount } from "../../server/capabilities/accounts/index.ts";
import { systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { loadResources } from "../../server/resources/index.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { makeTrade } from "./support/trades.ts";
import { aStaff } from "./support/world.ts";

/**
 * The wall between agent lines, on every resource that an agent may read: its staff see their own line and below; rows of an agent
 * beside, above, and of traders without an agent are not there, whichever way they are asked for.
 */
const resources = await loadResources();
const readable = [...resources.values()].filter(({ declaration }) => declaration.operations.list?.includes("agent"));
const narrowed = readable.filter(({ declaration }) => declaration.scope.shared !== true).map(({ name }) => name);

let desk: Desk;
let below: StaffIdentity;
/** Everybody whose rows `below` may see. */
let ours: Set<unknown>;

beforeAll(async () => {
  desk = await openDesk();
  const { id, agents, traders } = desk.world.alpha;
  below = aStaff("agent", { tenantId: id, agentId: agents[1] });
  ours = new Set([agents[1], traders[1]]);
  await lineBeside(id);
  await marginEvent(id, traders[1], desk.world.alpha.accounts[1]);
});
afterAll(() => desk?.close());

/** An agent of the same partner with a trader, who has traded and earned him something. */
async function lineBeside(tenantId: number): Promise<void> {
  const { app, owner } = desk.database;
  const [agent] = await app("agents")
    .insert({ tenant_id: tenantId, code: "beside", name: "Agent beside", email: "beside@alpha.example" })
    .returning("id");
  const [trader] = await app("traders")
    .insert({ tenant_id: tenantId, name: "Dee", email: "dee@alpha.example", agent_id: agent.id })
    .returning("id");
  const deps = { transact: transactor(app), announce: () => {}, hashPassword: () => Promise.resolve("") };
  const opened = await openAccount(deps)(systemActor, { traderId: trader.id, book: "demo", currency: "USD" });
  assert(opened.ok, "an account was refused");
  const funding = { accountId: opened.value.id, amount: minorUnits(1_000_000n), reason: "test" };
  assert((await fundAccount(deps)(systemActor, funding)).ok, "a deposit was refused");
  const { orderId } = await makeTrade(app, { tenantId, traderId: trader.id, accountId: opened.value.id });
  await marginEvent(tenantId, trader.id, opened.value.id);
  const fill = await owner("fills").where({ order_id: orderId }).first("id");
  const earned = {
    tenant_id: tenantId,
    book_date: "2026-11-20",
    agent_id: agent.id,
    currency: "USD",
    currency_scale: 2,
  };
  await app("commission_fills").insert({
    ...{ fill_id: fill.id.toString(), tenant_id: tenantId, book_date: "2026-11-20" },
    ...{ basis_of: "fee", basis_minor: 124, house_minor: 100 },
  });
  await app("commissions").insert({ ...earned, fill_id: fill.id.toString(), level: 1, rate: 1, amount_minor: 24 });
  const group = app.raw("commission_group(?, '2026-11-20', ?, 'USD')", [tenantId, agent.id]);
  await app("commission_payouts").insert({ ...earned, id: group, earned_minor: 24, clawed_back_minor: 0 });
}

async function marginEvent(tenantId: number, traderId: string, accountId: string): Promise<void> {
  await desk.database.app("margin_events").insert({
    ...{ tenant_id: tenantId, trader_id: traderId, account_id: accountId, book: "demo", currency: "USD" },
    ...{ currency_scale: 2, kind: "stage", stage_before: "ok", stage_after: "margin-call" },
    ...{ equity_minor: 99, required_minor: 100, quotes: "{}" },
  });
}

type Row = { id: string | number; [field: string]: unknown };

async function list(staff: StaffIdentity, name: string, filter: object = {}): Promise<Row[]> {
  const response = await desk.request(
    staff,
    `/${name}?range=[0,199]&filter=${encodeURIComponent(JSON.stringify(filter))}`,
  );
  expect([name, filter, response.status]).toEqual([name, filter, 200]);
  return (await response.json()) as Row[];
}

const ownerOf = (name: string, row: Row): unknown => {
  if (name === "agents" || name === "traders") return row.id;
  return row.agentId ?? row.traderId;
};

test("these are the resources that an agent's staff read, and each is tried below or is the same for everyone", () => {
  expect(narrowed.sort()).toEqual([
    ...[
      "accounts",
      "agents",
      "commission-payouts",
      "commissions",
      "fills",
      "margin-events",
      "orders",
      "positions",
      "risk-breaches",
    ],
    "traders",
  ]);
  const others = readable.map(({ name }) => name).filter((name) => !narrowed.includes(name));
  expect(others.sort()).toEqual(["instruments", "session-calendars"]);
});

describe.each(narrowed)("%s", (name) => {
  const split = async (): Promise<{ seen: Row[]; foreign: Row[] }> => {
    const seen = await list(below, name);
    const ids = new Set(seen.map(({ id }) => id));
    const all = await list(aStaff("admin"), name, { tenantId: desk.world.alpha.id });
    return { seen, foreign: all.filter(({ id }) => !ids.has(id)) };
  };

  test("a list holds the own line's rows, all of them and no other", async () => {
    const { seen, foreign } = await split();
    expect(seen.length).toBeGreaterThan(0);
    for (const row of seen) expect(ours).toContain(ownerOf(name, row));
    // Above and beside at the least.
    expect(new Set(foreign.map((row) => ownerOf(name, row))).size).toBeGreaterThanOrEqual(2);
    for (const row of foreign) expect(ours).not.toContain(ownerOf(name, row));
  });

  test("a row of another line answers as one that does not exist: by id, ids, filter, story and export", async () => {
    const { foreign } = await split();
    const missing = typeof foreign[0]?.id === "string" && foreign[0].id.length === 36 ? below.staffId : "999999999";
    const bodyOf = async (path: string) => {
      const response = await desk.request(below, path);
      return [response.status, { ...((await response.json()) as object), traceId: "", instance: "" }];
    };
    const unknown = await bodyOf(`/${name}/${missing}`);
    expect(unknown[0]).toBe(404);
    for (const { id } of foreign) expect(await bodyOf(`/${name}/${id}`)).toEqual(unknown);
    expect(await list(below, name, { id: foreign.map(({ id }) => id) })).toEqual([]);
    for (const field of ["agentId", "traderId"])
      for (const row of foreign)
        if (resources.get(name)?.declaration.filters?.includes(field))
          expect((await list(below, name, { [field]: row[field] })).filter(({ id }) => id === row.id)).toEqual([]);
    if (resources.get(name)?.declaration.story === true)
      for (const { id } of foreign) expect((await desk.request(below, `/${name}/${id}/story`)).status).toBe(404);
    const exported = await desk.request(below, `/${name}/export.csv`);
    const mayExport = resources.get(name)?.declaration.operations.export?.includes("agent") === true;
    expect(exported.status).toBe(mayExport ? 200 : 403);
    const lines = (await exported.text()).trim().split(/\r?\n/);
    if (mayExport) expect(lines).toHaveLength(1 + (await list(below, name)).length);
  });
});

test("addresses are masked for an agent's staff, of traders and of agents below", async () => {
  const root = aStaff("agent", { tenantId: desk.world.alpha.id, agentId: desk.world.alpha.agents[0] });
  const emails = [...(await list(root, "traders")), ...(await list(root, "agents"))].map(({ email }) => email);
  expect(emails.sort()).toEqual([
    "a•••@alpha.example",
    "b•••@alpha.example",
    "b•••@alpha.example",
    "r•••@alpha.example",
  ]);
  const search = await desk.request(root, `/traders?filter=${encodeURIComponent('{"email":"bob@alpha.example"}')}`);
  expect(search.status).toBe(400);
});

test("no trader's name or address is in anything an agent's staff are answered; house staff read the names", async () => {
  const said = async (staff: StaffIdentity): Promise<string> => {
    const texts: string[] = [];
    for (const name of narrowed) {
      const rows = await list(staff, name, name === "agents" ? {} : { tenantId: desk.world.alpha.id });
      expect([name, rows.length > 0]).toEqual([name, true]);
      const paths = rows.map(({ id }) => `/${name}/${id}`);
      const stories = resources.get(name)?.declaration.story === true ? paths.map((path) => `${path}/story`) : [];
      const waterfalls = name === "fills" ? paths.map((path) => `${path}/waterfall`) : [];
      for (const path of [...paths, ...stories, ...waterfalls, `/${name}/export.csv`])
        texts.push(await (await desk.request(staff, path)).text());
      texts.push(JSON.stringify(rows));
    }
    return texts.join("\n");
  };
  const personal = /"(ann|bob)"|(ann|bob)@/;
  expect(await said(aStaff("risk"))).toMatch(personal);
  const agents = await said(below);
  expect(agents).not.toMatch(personal);
  expect(agents).toContain('"b•••"');
});

test.each([
  ["traders", 'filter={"name":"bob"}'],
  ["traders", 'filter={"name_like":"b"}'],
  ["traders", 'sort=["name","ASC"]'],
  ["accounts", 'filter={"traderName":"bob"}'],
  ["accounts", 'filter={"q":"bob"}'],
  ["accounts", 'sort=["traderName","ASC"]'],
])("an agent's staff can't ask %s whose name it is: %s", async (name, query) => {
  const path = `/${name}?${encodeURI(query)}`;
  expect((await desk.request(below, path)).status).toBe(400);
  expect((await desk.request(aStaff("support"), path)).status).toBe(200);
});

test("a search among traders finds an agent's staff only the partner's references", async () => {
  expect(await list(below, "traders", { q: "bob" })).toEqual([]);
  const own = desk.world.alpha.traders[1];
  await desk.database.owner("traders").where({ id: own }).update({ external_ref: "P-4711" });
  expect((await list(below, "traders", { q: "4711" })).map(({ id }) => id)).toEqual([own]);
  expect(await list(aStaff("support"), "traders", { q: "bob", tenantId: desk.world.alpha.id })).toHaveLength(1);
});

test("after a move the rows go with the agent: the new line sees them, the old one no more", async () => {
  const { id, agents, traders } = desk.world.alpha;
  const beside = (await list(aStaff("admin"), "agents", { tenantId: id })).find(({ code }) => code === "beside");
  const staffOf = (agentId: unknown) => aStaff("agent", { tenantId: id, agentId: String(agentId) });
  const tradersOf = async (agentId: unknown) => new Set((await list(staffOf(agentId), "traders")).map((row) => row.id));
  expect(await tradersOf(agents[0])).toContain(traders[1]);
  const body = JSON.stringify({ parentId: beside?.id, reason: "sold" });
  const moved = await desk.request(aStaff("admin"), `/agents/${agents[1]}/commands/move`, { method: "POST", body });
  expect(moved.status).toBe(200);
  expect(await tradersOf(agents[0])).toEqual(new Set([traders[0]]));
  expect(await tradersOf(beside?.id)).toContain(traders[1]);
  const history = await list(aStaff("admin"), "agent-moves", { agentId: agents[1] });
  expect(history.map(({ parentId, movedBy, reason }) => [parentId, movedBy, reason])).toEqual([
    [beside?.id, "The admin", "sold"],
    [agents[0], expect.anything(), null],
  ]);
});
