import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Desk, openDesk } from "./support/desk.ts";
import { type Sender, senderOf } from "./support/sender.ts";
import { aStaff } from "./support/world.ts";

const admin = aStaff("admin");

let desk: Desk;
let send: Sender["send"];
let read: Sender["read"];
beforeAll(async () => {
  desk = await openDesk();
  ({ send, read } = senderOf(desk, admin));
});
afterAll(() => desk?.close());

const dailyLoss = {
  ...{ amount: "500.00", unit: "money", base: "balance-at-reset", measure: "equity" },
  ...{ resetTime: "17:00", resetZone: "America/Chicago", action: "flatten-until-reset" },
};
const ofMes = { scope: "default", instrumentId: "MES" };

describe("a line of the risk table", () => {
  test("keeps every version with who, why and what it was before", async () => {
    const [, made] = await send("POST", "/risk-limits", { ...ofMes, maxLotsPerOrder: "5", reason: "a quiet start" });
    const change = { maxLongLots: "20", maxLotsPerOrder: null, reason: "they know it now", version: 1 };
    const [status, changed] = await send("PUT", `/risk-limits/${made.id}`, change);
    expect([status, changed.version, changed.maxLotsPerOrder, changed.maxLongLots]).toEqual([200, 2, null, "20"]);
    const versions = await desk.database.app("admin_risk_versions").where({ limit_id: made.id }).orderBy("version");
    expect(versions).toMatchObject([
      { version: 1, before: {}, settings: { maxLotsPerOrder: "5" }, reason: "a quiet start" },
      { version: 2, before: { maxLotsPerOrder: "5" }, settings: { maxLongLots: "20" }, reason: "they know it now" },
    ]);
    expect(versions[0].author).toBe(admin.name);
  });

  test("that is to hold later is shown with its day, and what holds until then stays in force", async () => {
    const [, made] = await send("POST", "/risk-limits", {
      scope: "default",
      assetClass: "energy",
      maxLotsPerOrder: "5",
    });
    const later = "2096-11-23T09:00:00.000Z";
    const change = { maxLotsPerOrder: "9", effectiveAt: later, version: 1 };
    const [status, changed] = await send("PUT", `/risk-limits/${made.id}`, change);
    expect([status, changed]).toMatchObject([
      200,
      { maxLotsPerOrder: "5", versionInForce: 1, version: 2, nextFrom: later },
    ]);
  });

  test("taken away is gone, and can be made again with the versions it had", async () => {
    const target = { scope: "default", assetClass: "metal" };
    const [, made] = await send("POST", "/risk-limits", { ...target, maxClassLots: "7" });
    expect((await send("DELETE", `/risk-limits/${made.id}`, {}))[0]).toBe(200);
    expect((await read(`/risk-limits/${made.id}`)).code).toBe("NOT_FOUND");
    const [status, again] = await send("POST", "/risk-limits", { ...target, maxClassLots: "8" });
    expect([status, again.id, again.version]).toEqual([201, made.id, 3]);
  });
});

describe("nonsense is refused by its field, and nothing is written", () => {
  const window = (text: string) => ({ tradingWindows: [text] });
  test.each<[field: string, settings: Record<string, unknown>]>([
    ["maxExposure", { maxExposure: "-1" }],
    ["marginPercent", { marginPercent: 99 }],
    ["maxLotsPerOrder", { maxLotsPerOrder: "0" }],
    ["tradingWindows", window("mon-fri 09:00-17:00 Europe/Nowhere")],
    ["tradingWindows", window("mon-fri 09:00-09:00 UTC")],
    ["tradingWindows", window("someday 09:00-10:00 UTC")],
    ["tradingWindows", { tradingWindows: ["mon-fri 09:00-17:00 UTC", "fri 16:00-18:00 UTC"] }],
    ["flattenTime", { flattenTime: "25:00 UTC" }],
    ["flattenTime", { flattenTime: "16:55 Mars/Base" }],
    ["dailyLoss", { dailyLoss: { ...dailyLoss, resetZone: "Mars/Base" } }],
    ["dailyLoss", { dailyLoss: { ...dailyLoss, amount: "-5" } }],
    ["dailyLoss.unit", { dailyLoss: { ...dailyLoss, unit: "pennies" } }],
    ["maxTotalLots", { instrumentId: "MES", maxTotalLots: "5" }],
    ["houseMaxLots", { scope: "partner", assetClass: "energy", houseMaxLots: "5" }],
    ["assetClass", { instrumentId: "MES", assetClass: "metal", maxLongLots: "5" }],
    ["maxLotsPerOrder", {}],
    ["scope", { scope: "self", maxLotsPerOrder: "5" }],
  ])("%s of %j", async (field, settings) => {
    const { id: tenantId, traders } = desk.world.alpha;
    const scope = settings.scope === "partner" ? { tenantId } : { scope: "trader", tenantId, traderId: traders[0] };
    const before = await desk.database.app("risk_limit_versions").count("* as n");
    const [status, { errors }] = await send("POST", "/risk-limits", { ...scope, ...settings });
    expect([status, Object.keys(errors ?? {})]).toEqual([422, [field]]);
    expect(await desk.database.app("risk_limit_versions").count("* as n")).toEqual(before);
  });

  test("a version cannot begin in the past", async () => {
    const body = {
      scope: "default",
      assetClass: "currency",
      maxClassLots: "3",
      effectiveAt: "2020-01-01T00:00:00.000Z",
    };
    const [status, { errors }] = await send("POST", "/risk-limits", body);
    expect([status, Object.keys(errors ?? {})]).toEqual([422, ["effectiveAt"]]);
  });
});

test("above the operator's threshold a loosening waits for a second person; tightening never does", async () => {
  const [, made] = await send("POST", "/risk-limits", { scope: "default", assetClass: "crypto", maxClassLots: "10" });
  const owner = desk.database.owner;
  await owner("risk_policy").update({ four_eyes_above_percent: 50 });
  const put = (maxClassLots: string | null, version: number) =>
    send("PUT", `/risk-limits/${made.id}`, { maxClassLots, version });
  expect((await put("15", 1))[0]).toBe(200);
  const [status, { code }] = await put("23", 2);
  expect([status, code]).toEqual([409, "FOUR_EYES_NEEDED"]);
  expect((await put("1", 2))[0]).toBe(200);
  expect((await send("DELETE", `/risk-limits/${made.id}`, {}))[1].code).toBe("FOUR_EYES_NEEDED");
  await owner("risk_policy").update({ four_eyes_above_percent: null });
});

test("loss rules are read back as they were written", async () => {
  const { id: tenantId } = desk.world.alpha;
  const line = { scope: "partner", tenantId, assetClass: null, maxTotalExposure: "250000.5" };
  const weeklyLoss = { ...dailyLoss, resetWeekday: 0 };
  const [status, made] = await send("POST", "/risk-limits", {
    ...line,
    instrumentId: null,
    assetClass: "currency",
    maxClassExposure: "1000.5",
    maxTotalExposure: null,
  });
  expect([status, made.maxClassExposure]).toEqual([201, "1000.5"]);
  const mine = await desk.database
    .app("admin_risk_limits")
    .where({ scope: "partner", tenant_id: tenantId, asset_class: null })
    .first("id", "version");
  const [changed, now] = await send("PUT", `/risk-limits/${mine.id}`, { dailyLoss, weeklyLoss, version: mine.version });
  expect([changed, now.dailyLoss, now.weeklyLoss]).toEqual([200, dailyLoss, weeklyLoss]);
});
