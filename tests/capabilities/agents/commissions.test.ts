import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { moveAgent, noteOwnTrader, postCommissions } from "../../../server/capabilities/agents/index.ts";
import { type Transact, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { brokenBooks, type TestAccount } from "../../support/trading.ts";
import { type CommissionHouse, commissionHouse, finance } from "./support.ts";

let agents: CommissionHouse;
let top: string;
let middle: string;
let low: string;
let account: TestAccount;

beforeAll(async () => {
  agents = await commissionHouse();
  top = await agents.agent("top");
  middle = await agents.agent("middle", top);
  low = await agents.agent("low", middle);
  account = await agents.house.openAccount(10_000_000n, { agentId: low });
  await agents.assign(await agents.plan("ratio", { rate1: "30", rate2: "20", rate3: "10" }));
});
afterAll(() => agents?.house.close());

const owned = (table: string) => agents.house.db.owner(table);
const countOf = async (table: string): Promise<number> => Number((await owned(table).count("* as rows").first())?.rows);

describe("a day from fills to money", () => {
  test("the fee of each fill is shared among the line of its order, and paid on the next business day", async () => {
    const fill = await agents.trade(account, 10n);
    const alone = await agents.house.openAccount(1_000_000n);
    const unlined = await agents.trade(alone);
    const day = await agents.today();
    expect(await agents.compute(agents.house.tenantId, day)).toEqual({ ok: false, refusal: "BOOK_OPEN" });
    expect(await agents.post(agents.house.tenantId, day)).toEqual({ ok: false, refusal: "TOO_EARLY" });
    await agents.closeDay();

    expect(await agents.compute(agents.house.tenantId, day)).toEqual({
      ok: true,
      value: { fills: 1, isPosted: false },
    });
    expect(await agents.waterfall(fill)).toEqual({
      levels: [
        ["low", 186n, null],
        ["middle", 124n, null],
        ["top", 62n, null],
      ],
      house: 248n,
    });
    expect(await agents.waterfall(unlined)).toBeNull();
    expect(await agents.commissionOf(low)).toBe(0n);

    const posted = await agents.post(agents.house.tenantId, day);
    expect(posted).toEqual({ ok: true, value: { payouts: 3, paid: new Map([["USD", 372n]]) } });
    expect(await Promise.all([low, middle, top].map(agents.commissionOf))).toEqual([186n, 124n, 62n]);
    expect(await agents.faults()).toEqual([]);
  });

  test("computing and posting again, ten times at once, changes nothing", async () => {
    await agents.trade(account, 3n);
    const day = await agents.closeDay();
    const { tenantId } = agents.house;
    await Promise.all(Array.from({ length: 10 }, () => agents.compute(tenantId, day)));
    const answers = await Promise.all(Array.from({ length: 10 }, () => agents.post(tenantId, day)));
    const payouts = answers.map((answer) => (answer.ok ? answer.value.payouts : -1));
    expect(payouts.sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    const before = [await countOf("commissions"), await countOf("transfers")];
    expect(await agents.compute(tenantId, day)).toEqual({ ok: true, value: { fills: 0, isPosted: true } });
    expect(await agents.post(tenantId, day)).toEqual({ ok: true, value: { payouts: 0, paid: new Map() } });
    expect([await countOf("commissions"), await countOf("transfers")]).toEqual(before);
    expect(await agents.faults()).toEqual([]);
  });

  test("a run that dies at any step leaves nothing wrong, and the next one completes it", async () => {
    const fill = await agents.trade(account, 2n);
    const day = await agents.closeDay();
    const { db, tenantId } = agents.house;
    for (let steps = 0; ; steps++) {
      let left = steps;
      const transact: Transact = (actor, command) =>
        transactor(db.app)(actor, async (work) => {
          const answer = await command(work);
          if (left-- === 0) throw new Error("killed");
          return answer;
        });
      const run = postCommissions({ db: db.app, transact })(tenantId, day);
      if (
        await run.then(
          () => true,
          (error: Error) => error.message !== "killed",
        )
      )
        break;
      expect(await brokenBooks(db)).toEqual([]);
      expect(steps).toBeLessThan(20);
    }
    expect((await agents.waterfall(fill))?.house).toBe(50n);
    expect(await owned("commission_payouts").where({ book_date: day }).pluck("state")).toEqual([
      "paid",
      "paid",
      "paid",
    ]);
    expect(await agents.faults()).toEqual([]);
  });

  test("two traders of one agent earn him the sum of both fees' shares, not a running sum", async () => {
    const [one, two] = [await agents.agent("referrer"), await agents.plan("ratio", { rate1: "20" })];
    await agents.assign(two, one);
    const first = await agents.house.openAccount(5_000_000n, { agentId: one });
    const second = await agents.house.openAccount(5_000_000n, { agentId: one });
    await agents.trade(first, 10n);
    await agents.trade(second, 5n);
    const day = await agents.closeDay();
    await agents.post(agents.house.tenantId, day);
    expect(await agents.commissionOf(one)).toBe(124n + 62n);
  });
});

describe("frozen on the order", () => {
  test("a move or a new version after the order changes neither who earns nor how much", async () => {
    const [left, right] = [await agents.agent("left"), await agents.agent("right")];
    const moved = await agents.agent("moved", left);
    const plan = await agents.plan("ratio", { rate1: "10", rate2: "10" });
    await agents.assign(plan, left);
    await agents.assign(plan, right);
    const his = await agents.house.openAccount(5_000_000n, { agentId: moved });
    const before = await agents.trade(his, 10n);
    await agents.version(plan, { rate1: "20", rate2: "5" });
    const between = await agents.trade(his, 10n);
    const move = { agentId: moved, parentId: right, reason: "sold" };
    expect(await agents.run((work) => moveAgent(work, finance, move))).toEqual({ ok: true, value: null });
    const after = await agents.trade(his, 10n);
    await agents.house.db.app("traders").where({ id: his.trader.traderId }).update({ agent_id: right });
    const last = await agents.trade(his, 10n);

    const day = await agents.closeDay();
    await agents.compute(agents.house.tenantId, day);
    const levels = async (fill: bigint) =>
      (await agents.waterfall(fill))?.levels.map(([code, amount]) => [code, amount]);
    expect(await levels(before)).toEqual([
      ["moved", 62n],
      ["left", 62n],
    ]);
    expect(await levels(between)).toEqual([
      ["moved", 124n],
      ["left", 31n],
    ]);
    expect(await levels(after)).toEqual([
      ["moved", 124n],
      ["right", 31n],
    ]);
    expect(await levels(last)).toEqual([["right", 124n]]);
    expect(await agents.faults()).toEqual([]);
  });

  test("an order without a plan in force, or with a rate of nothing, earns nothing and says so", async () => {
    const lonely = await agents.agent("lonely");
    const his = await agents.house.openAccount(5_000_000n, { agentId: lonely });
    await agents.assign(null);
    const without = await agents.trade(his);
    const plan = await agents.plan("ratio", { rate1: "10" });
    await agents.assign(plan, lonely);
    await agents.version(plan, { rate1: "0" });
    const nothing = await agents.trade(his);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.waterfall(without)).toEqual({ levels: [["lonely", 0n, "no-plan"]], house: 62n });
    expect(await agents.waterfall(nothing)).toEqual({ levels: [["lonely", 0n, "no-rate"]], house: 62n });
    expect(await agents.faults()).toEqual([]);
  });

  test("nobody earns on himself: the same e-mail is found, a linked account is noted by staff from then on", async () => {
    const self = await agents.agent("self", undefined, "me@example.com");
    await agents.assign(await agents.plan("ratio", { rate1: "50" }), self);
    const same = await agents.house.openAccount(5_000_000n, { agentId: self });
    await agents.house.db.app("traders").where({ id: same.trader.traderId }).update({ email: "ME@example.com" });
    const linked = await agents.house.openAccount(5_000_000n, { agentId: self });
    const [own, early] = [await agents.trade(same), await agents.trade(linked)];
    const note = {
      agentId: self,
      tenantId: agents.house.tenantId,
      traderId: linked.trader.traderId,
      reason: "same card",
    };
    expect(await agents.run((work) => noteOwnTrader(work, note))).toEqual({ ok: true, value: null });
    const late = await agents.trade(linked);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.waterfall(own)).toEqual({ levels: [["self", 0n, "own-account"]], house: 62n });
    expect(await agents.waterfall(early)).toEqual({ levels: [["self", 31n, null]], house: 31n });
    expect(await agents.waterfall(late)).toEqual({ levels: [["self", 0n, "own-account"]], house: 62n });
    expect(await agents.faults()).toEqual([]);
  });

  test("per lot, agents may get more than the fee: the house pays the difference, unless the plan is capped", async () => {
    const [open, capped] = [await agents.agent("open"), await agents.agent("capped")];
    await agents.assign(await agents.plan("per-lot", { rate1: "2.00", exceptions: ["MNQ = 1"] }), open);
    await agents.assign(await agents.plan("per-lot", { rate1: "2.00", isCappedAtFee: true }), capped);
    const one = await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: open }), 10n);
    const two = await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: capped }), 10n);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.waterfall(one)).toEqual({ levels: [["open", 2_000n, null]], house: -1_380n });
    expect(await agents.waterfall(two)).toEqual({ levels: [["capped", 620n, null]], house: 0n });
    expect(await agents.faults()).toEqual([]);
  });

  test("a share of the spread is of what crossing half of it cost: 10 lots at a tick of 1.25 paid 6.25", async () => {
    const agent = await agents.agent("spread");
    await agents.assign(await agents.plan("spread-share", { rate1: "30" }), agent);
    const fill = await agents.trade(await agents.house.openAccount(5_000_000n, { agentId: agent }), 10n);
    await agents.post(agents.house.tenantId, await agents.closeDay());
    expect(await agents.waterfall(fill)).toEqual({ levels: [["spread", 187n, null]], house: 438n });
  });
});
