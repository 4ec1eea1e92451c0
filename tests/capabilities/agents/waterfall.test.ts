import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commissionModels } from "#contracts/commission-names.ts";
import type { SharedFill, WaterfallReply } from "#contracts/waterfall-api.ts";
import { assert } from "#core/result.ts";
import { clawBack, fillWaterfall, moveAgent, type WaterfallViewer } from "../../../server/capabilities/agents/index.ts";
import type { TestAccount } from "../../support/trading.ts";
import { type CommissionHouse, commissionHouse, finance } from "./support.ts";

let agents: CommissionHouse;
let top: string;
let low: string;
let beside: string;
let account: TestAccount;

beforeAll(async () => {
  agents = await commissionHouse();
  top = await agents.agent("top");
  low = await agents.agent("low", top);
  beside = await agents.agent("beside");
  account = await agents.house.openAccount(50_000_000n, { agentId: low });
  await agents.assign(
    await agents.plan("ratio", { rate1: "30", rate2: "20", rate3: "10", cap: "5", isCappedAtFee: true }),
  );
});
afterAll(() => agents?.house.close());

const operator: WaterfallViewer = { role: "finance", tenantId: null, agentId: null };
const staffOf = (agentId: string | null): WaterfallViewer => ({
  role: "agent",
  tenantId: agents.house.tenantId,
  agentId,
});
const seenBy = (viewer: WaterfallViewer, fill: bigint): Promise<WaterfallReply | null> =>
  fillWaterfall(agents.house.db.app, viewer, fill);
const shared = async (viewer: WaterfallViewer, fill: bigint): Promise<SharedFill> => {
  const reply = await seenBy(viewer, fill);
  assert(reply !== null && reply.state !== "none", `nothing is shared of fill ${fill}`);
  return reply;
};
const cents = (money: string): number => Math.round(Number(money) * 100);
const closeAndPost = async () => agents.post(agents.house.tenantId, await agents.closeDay());

test("it names every level with its rate and amount, the missing ones too, and the house's rest", async () => {
  const fill = await agents.trade(account, 10n);
  const expected = await shared(operator, fill);
  expect(expected).toEqual({
    ...{ state: "expected", bookDate: await agents.today(), lots: "10", currency: "USD" },
    ...{ plan: { name: expect.any(String), version: 1, model: "ratio" }, cap: "5.00", isCappedAtFee: true },
    ...{ fee: "6.20", basisOf: "fee", basis: "6.20" },
    levels: [
      { ...{ level: 1, agentId: low, agentName: "Agent low" }, ...{ rate: "30", amount: "1.86", why: null } },
      { ...{ level: 2, agentId: top, agentName: "Agent top" }, ...{ rate: "20", amount: "1.24", why: null } },
      { ...{ level: 3, agentId: null, agentName: null }, ...{ rate: "10", amount: "0.00", why: "no-agent" } },
    ].map((level) => ({ ...level, isBeyond: false, takenBack: null })),
    house: "3.10",
  });
  await closeAndPost();
  expect(await shared(operator, fill)).toEqual({ ...expected, state: "computed" });
});

describe("levels and house are the basis, to the cent", () => {
  test.each(commissionModels)("%s, expected and computed alike", async (model) => {
    const [upper, lower] = [await agents.agent(`u-${model}`), undefined];
    const his = await agents.agent(`l-${model}`, upper ?? lower);
    await agents.assign(await agents.plan(model, { rate1: "33.33", rate2: "16.67", rate3: "1.01" }), upper);
    const fill = await agents.trade(await agents.house.openAccount(9_000_000n, { agentId: his }), 7n);
    const expected = await shared(operator, fill);
    await closeAndPost();
    const computed = await shared(operator, fill);
    expect(computed).toEqual({ ...expected, state: "computed" });
    const total = computed.levels.reduce((sum, { amount }) => sum + cents(amount), cents(computed.house));
    expect(total).toBe(cents(computed.basis));
    expect(computed.levels.map(({ agentName }) => agentName)).toEqual([`Agent l-${model}`, `Agent u-${model}`, null]);
  });
});

describe("an agent's staff", () => {
  test("open the fills of their line; who is above them is not named, what he gets is", async () => {
    const fill = await agents.trade(account, 10n);
    expect((await shared(staffOf(low), fill)).levels).toMatchObject([
      { agentId: low, agentName: "Agent low", isBeyond: false, amount: "1.86" },
      { agentId: null, agentName: null, isBeyond: true, rate: "20", amount: "1.24" },
      { agentId: null, agentName: null, isBeyond: false, why: "no-agent" },
    ]);
    expect((await shared(staffOf(top), fill)).levels.map(({ agentName }) => agentName)).toEqual([
      "Agent low",
      "Agent top",
      null,
    ]);
  });

  test("open no fill of another line, of another partner, or without an agent of their own", async () => {
    const fill = await agents.trade(account);
    expect(await seenBy(staffOf(beside), fill)).toBeNull();
    expect(await seenBy(staffOf(null), fill)).toBeNull();
    expect(await seenBy({ ...staffOf(low), tenantId: agents.house.tenantId + 1 }, fill)).toBeNull();
    expect(await seenBy({ ...operator, tenantId: agents.house.tenantId + 1 }, fill)).toBeNull();
    expect(await seenBy(operator, fill + 1_000_000n)).toBeNull();
  });

  test("still open what they earned before an agent was moved away, and nothing that came after", async () => {
    const [left, right] = [await agents.agent("left"), await agents.agent("right")];
    const moved = await agents.agent("moved", left);
    const his = await agents.house.openAccount(5_000_000n, { agentId: moved });
    const before = await agents.trade(his, 10n);
    await closeAndPost();
    const move = { agentId: moved, parentId: right, reason: "sold" };
    expect(await agents.run((work) => moveAgent(work, finance, move))).toEqual({ ok: true, value: null });
    const after = await agents.trade(his, 10n);
    await closeAndPost();
    expect((await shared(staffOf(left), before)).levels).toMatchObject([
      { agentName: null, isBeyond: true },
      { agentName: "Agent left", amount: "1.24" },
      { why: "no-agent" },
    ]);
    expect(await seenBy(staffOf(left), after)).toBeNull();
    expect((await shared(staffOf(right), after)).levels[1]).toMatchObject({ agentName: "Agent right", amount: "1.24" });
  });
});

test("what was taken back stands beside what was given", async () => {
  const fill = await agents.trade(account, 10n);
  await closeAndPost();
  const claw = { of: { fillId: fill.toString() }, reasonCode: "chargeback", note: "card was stolen" } as const;
  expect(await agents.run((work) => clawBack(work, finance, claw))).toEqual({ ok: true, value: { rows: 2 } });
  expect((await shared(operator, fill)).levels).toMatchObject([
    { amount: "1.86", takenBack: "1.86" },
    { amount: "1.24", takenBack: "1.24" },
    { amount: "0.00", takenBack: null },
  ]);
});

test("a trader without an agent shares nothing, and says so", async () => {
  const fill = await agents.trade(await agents.house.openAccount(1_000_000n));
  expect(await seenBy(operator, fill)).toEqual({ state: "none", why: "no-agent" });
  expect(await seenBy(staffOf(low), fill)).toBeNull();
});
