import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commissionModels } from "#contracts/commission-names.ts";
import { type DemoOptions, seedDemo } from "../../seeds/index.ts";
import { verifyBooks } from "../../server/capabilities/ledger/index.ts";
import { argon2Passwords } from "../../server/platform/security/passwords.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { changeRiskLine } from "../support/risk-lines.ts";

let db: TestDatabase;
let dataDir: string;
let said: string[] = [];
const file = () => path.join(dataDir, "credentials.json");
const read = () => JSON.parse(readFileSync(file(), "utf8"));
const seed = async (given: Partial<DemoOptions> = {}) => {
  said = [];
  await seedDemo({ databaseUrl: db.appUrl, dataDir, port: 8080, say: (line) => said.push(line), ...given });
};

beforeAll(async () => {
  db = await testDatabase();
  dataDir = mkdtempSync(path.join(os.tmpdir(), "truewick-seed-"));
  await seed();
});
afterAll(async () => {
  rmSync(dataDir, { recursive: true });
  await db.drop();
});

test("the file of logins is its owner's alone and has a login for every role, trader and partner", () => {
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  const { staff, traders, partners } = read();
  expect(Object.keys(staff).sort()).toEqual(["admin", "agent", "finance", "risk", "support"]);
  expect(traders).toHaveLength(7);
  expect(partners.map((partner: { origin: string }) => partner.origin)).toEqual([
    "http://localhost:8081",
    "http://localhost:8082",
  ]);
  const passwords = [...Object.values<{ password: string }>(staff), ...traders].map((login) => login.password);
  expect(new Set(passwords).size).toBe(12);
});

test("the passwords in it are those in the database", async () => {
  const { staff, traders } = read();
  const hashes = [
    [staff.admin, await db.app("staff").where({ email: staff.admin.email }).first("password_hash")],
    [traders[0], await db.app("traders").where({ email: traders[0].email }).first("password_hash")],
  ];
  for (const [login, row] of hashes)
    expect(await argon2Passwords().matches(row.password_hash, login.password)).toBe(true);
});

test("its accounts are the trader's, live and demo, with money on them", async () => {
  const { email, accountId, demoAccountId } = read().traders[0];
  const rows = await db
    .app("accounts as a")
    .join("traders as t", "t.id", "a.trader_id")
    .join("balances as b", "b.ledger_account_id", "a.ledger_account_id")
    .where("t.email", email)
    .orderBy("a.book", "desc")
    .select("a.id", "a.book", "b.posted");
  expect(rows).toEqual([
    { id: accountId, book: "live", posted: 2_500_000n },
    { id: demoAccountId, book: "demo", posted: 10_000_000n },
  ]);
});

test("the agent tree has three levels and the agent's login stands at its top", async () => {
  const lines = await db.app("agents").where({ code: "north-city-1" }).select("line");
  expect(lines[0].line).toHaveLength(3);
  const agent = await db.app("staff").where({ role: "agent" }).first("agent_id", "tenant_id");
  expect(agent.agent_id).toBe(lines[0].line[0]);
});

test("the books balance, and all money came by transfers with a reason", async () => {
  expect(await verifyBooks(db.app)).toEqual([]);
  expect(await db.app("transfers").distinct("code", "memo").orderBy("code")).toEqual([
    { code: 1, memo: "opening funds of the demo" },
    { code: 40, memo: "opening funds of the demo" },
  ]);
});

test("every change has its audit row", async () => {
  const counted = await db.app("audit_log").groupBy("resource", "action").count("* as n").select("resource", "action");
  const found = Object.fromEntries(counted.map((row) => [`${row.resource} ${row.action}`, row.n]));
  expect(found).toMatchObject({
    "partners create": 2n,
    "partners add-key": 2n,
    "agents create": 5n,
    "traders create": 7n,
    "accounts create": 14n,
    "accounts fund": 14n,
    "staff create": 5n,
    "commission-plans create": 6n,
    "commission-assignments create": 4n,
  });
});

test("there is a commission plan of each model, and the three-level line of the demo uses one", async () => {
  expect((await db.app("commission_plans").pluck("model")).sort()).toEqual([...commissionModels].sort());
  const used = await db
    .app("commission_assignments as u")
    .join("commission_plans as p", "p.id", "u.plan_id")
    .leftJoin("agents as a", "a.id", "u.agent_id")
    .orderBy("p.model")
    .select("p.model", "a.code");
  expect(used).toEqual([
    { model: "difference", code: "north-city-1" },
    { model: "per-lot", code: "south" },
    { model: "ratio", code: null },
    { model: "spread-share", code: "lead" },
  ]);
});

test("run again it changes nothing", async () => {
  const before = readFileSync(file(), "utf8");
  const transfers = await db.app("transfers").count("* as n");
  await seed();
  expect(said).toEqual([`  the demo is complete; logins: ${file()}`]);
  expect(readFileSync(file(), "utf8")).toBe(before);
  expect(await db.app("transfers").count("* as n")).toEqual(transfers);
});

test("what the operator has changed stays", async () => {
  await db.app("instruments").where({ id: "MES" }).update({ trade_mode: "close-only" });
  const line = await db.app("risk_limits").where({ scope: "default" }).first("id");
  await changeRiskLine(db.app, line.id, { maxLotsPerOrder: "1" });
  await seed();
  expect(await db.app("instruments").where({ id: "MES" }).first("trade_mode")).toEqual({ trade_mode: "close-only" });
  expect(await db.app("admin_risk_limits").where({ id: line.id }).pluck("max_lots_per_order")).toEqual([1n]);
});

test("on another port its pages are allowed there too", async () => {
  await seed({ port: 9090 });
  const { origins } = await db.app("partners").where({ code: "harbour" }).first("origins");
  expect(origins).toEqual(
    expect.arrayContaining(["http://localhost:8080", "http://localhost:9090", "http://127.0.0.1:9091"]),
  );
  expect(read().partners[0].origin).toBe("http://localhost:9091");
  await seed();
});

test("a lost or broken file gives new passwords and keys, which work", async () => {
  const before = read();
  for (const lose of [() => rmSync(file()), () => writeFileSync(file(), "{")]) {
    lose();
    await seed();
  }
  const after = read();
  expect(after.staff.admin.password).not.toBe(before.staff.admin.password);
  expect(after.partners[0].keyId).not.toBe(before.partners[0].keyId);
  expect(after.traders.map((trader: { accountId: string }) => trader.accountId)).toEqual(
    before.traders.map((trader: { accountId: string }) => trader.accountId),
  );
  const { password_hash } = await db.app("staff").where({ role: "admin" }).first("password_hash");
  expect(await argon2Passwords().matches(password_hash, after.staff.admin.password)).toBe(true);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});
