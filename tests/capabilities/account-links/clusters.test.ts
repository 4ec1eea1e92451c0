import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { setMainAccount } from "../../../server/capabilities/account-links/index.ts";
import { openAccount } from "../../../server/capabilities/accounts/index.ts";
import { readHistories } from "../../../server/capabilities/agents/commission-histories.store.ts";
import { findJudged } from "../../../server/capabilities/trading/judged-together.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";
import { aLink, ann, confirmAll, decide } from "./support.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house?.close());

const open = (options = {}): Promise<TestAccount> => house.openAccount(0n, options);
const some = (count: number): Promise<TestAccount[]> => Promise.all(Array.from({ length: count }, () => open()));
const matesOf = async ({ accountId }: TestAccount): Promise<readonly string[]> =>
  (await findJudged(house.db.app, [accountId])).matesOf(accountId);
const traderOf = ({ trader }: TestAccount): string => trader.traderId;
const idsOf = (...accounts: TestAccount[]): string[] => accounts.map(({ accountId }) => accountId).sort();
const link = (one: TestAccount, other: TestAccount, score?: number): Promise<string> =>
  aLink(house.db, traderOf(one), traderOf(other), score);
const linkState = async (id: string): Promise<unknown> =>
  (await house.db.app("account_links").where({ id }).first("state")).state;
const clusterOf = (one: TestAccount): Promise<{ cluster_id: string; is_main: boolean } | undefined> =>
  house.db
    .app("linked_traders")
    .where({ trader_id: traderOf(one) })
    .first();

test("live accounts are mates of live ones and demo accounts of demo ones, also where a trader has both", async () => {
  const [one, other] = [await open(), await open()];
  const deps = { transact: transactor(house.db.app), announce: () => {}, hashPassword: () => Promise.resolve("") };
  const demoOf = async (account: TestAccount): Promise<string> => {
    const opened = await openAccount(deps)(ann, { traderId: traderOf(account), book: "demo", currency: "USD" });
    if (!opened.ok) throw new Error(opened.refusal);
    return opened.value.id;
  };
  const [demo, otherDemo] = [await demoOf(one), await demoOf(other)];
  const before = await findJudged(house.db.app, [one.accountId, demo]);
  expect([before.matesOf(one.accountId), before.matesOf(demo)]).toEqual([[], []]);
  await decide(house.db, await link(one, other), "confirmed");
  const { matesOf: mates } = await findJudged(house.db.app, [one.accountId, demo, demo]);
  expect([mates(one.accountId), mates(demo)]).toEqual([[other.accountId], [otherDemo]]);
});

test("only a confirmed link makes accounts mates, from the next question on, in both directions", async () => {
  const [one, other] = await some(2);
  if (!one || !other) throw new Error("no accounts");
  const id = await link(one, other);
  expect(await matesOf(one)).toEqual([]);
  for (const state of ["household", "dismissed"] as const) {
    expect(await decide(house.db, id, state)).toMatchObject({ ok: true });
    expect(await matesOf(one)).toEqual([]);
  }
  await decide(house.db, id, "confirmed");
  expect(await matesOf(one)).toEqual(idsOf(other));
  expect(await matesOf(other)).toEqual(idsOf(one));
  await decide(house.db, id, "open");
  expect(await matesOf(one)).toEqual([]);
});

test("confirmed links join across: A with B and B with C make one cluster of three", async () => {
  const [a, b, c, demo] = await Promise.all([open(), open(), open(), open({ book: "demo" })]);
  for (const [one, other] of [
    [a, b],
    [b, c],
    [c, demo],
  ] as const)
    await decide(house.db, await link(one, other, 0.6), "confirmed");
  expect(await matesOf(a)).toEqual(idsOf(b, c));
  expect(await matesOf(demo)).toEqual([]);
  const both = await findJudged(house.db.app, idsOf(a, c));
  expect(both.matesOf(c.accountId)).toEqual(idsOf(a, b));
});

test("what contradicts a decision is refused and changes nothing", async () => {
  const [a, b, c] = await some(3);
  if (!a || !b || !c) throw new Error("no accounts");
  const [ab, bc, ac] = [await link(a, b), await link(b, c), await link(a, c)];
  await decide(house.db, ac, "dismissed");
  await decide(house.db, ab, "confirmed");
  expect(await decide(house.db, bc, "confirmed")).toEqual({ ok: false, refusal: "LINK_CONTRADICTS" });
  expect([await linkState(bc), await matesOf(c)]).toEqual(["open", []]);
  await decide(house.db, ac, "open");
  expect(await decide(house.db, bc, "confirmed")).toMatchObject({ ok: true });
  expect(await decide(house.db, ac, "household")).toEqual({ ok: false, refusal: "LINK_CONTRADICTS" });
  expect(await decide(house.db, ab, "confirmed")).toEqual({ ok: false, refusal: "LINK_DECIDED_SO" });
});

test("taking one link back splits the cluster again; the main account stays with its part", async () => {
  const [a, b, c] = await some(3);
  if (!a || !b || !c) throw new Error("no accounts");
  const bc = await link(b, c);
  await decide(house.db, await link(a, b), "confirmed");
  await decide(house.db, bc, "confirmed");
  const main = { id: bc, traderId: traderOf(c), reason: "the older one" };
  await transactor(house.db.app)(ann, (work) => setMainAccount(work, () => {}, main));
  expect([await clusterOf(a), await clusterOf(c)]).toMatchObject([{ is_main: false }, { is_main: true }]);
  await decide(house.db, bc, "dismissed");
  expect([await matesOf(a), await matesOf(c), await clusterOf(c)]).toEqual([idsOf(b), [], undefined]);
  expect([(await clusterOf(a))?.is_main, (await clusterOf(b))?.is_main].filter(Boolean)).toEqual([true]);
});

test("a whole group is confirmed at once: its strong open links, not what was kept apart", async () => {
  const [a, b, c, d] = await some(4);
  if (!a || !b || !c || !d) throw new Error("no accounts");
  const ab = await link(a, b);
  await link(b, c);
  const cd = await link(c, d);
  await decide(house.db, cd, "household");
  await decide(house.db, ab, "dismissed");
  await decide(house.db, ab, "open");
  expect(await confirmAll(house.db, ab)).toMatchObject({ ok: true });
  expect([await matesOf(a), await matesOf(d)]).toEqual([idsOf(b, c), []]);
  expect(await confirmAll(house.db, ab)).toEqual({ ok: false, refusal: "NOTHING_TO_CONFIRM" });
});

test("every decision is kept with its score, and the audit log says who and why", async () => {
  const [a, b] = await some(2);
  if (!a || !b) throw new Error("no accounts");
  const id = await link(a, b, 0.85);
  await decide(house.db, id, "household");
  await decide(house.db, id, "confirmed");
  const { trader_a, trader_b } = await house.db.app("account_links").where({ id }).first();
  const told = await house.db.app("account_link_decisions").where({ trader_a, trader_b }).orderBy("id");
  expect(told.map(({ state, score, decided_by }) => [state, Number(score), decided_by])).toEqual([
    ["household", 0.85, "Ann"],
    ["confirmed", 0.85, "Ann"],
  ]);
  const log = await house.db.app("audit_log").where({ object_id: id }).orderBy("id").select("action", "reason");
  expect(log.map(({ action }) => action)).toEqual(["household", "confirm"]);
  await expect(house.db.app("account_links").where({ id }).delete()).rejects.toThrow("was decided and stays");
});

test("one person with an agent's own account is his own account too, whichever is found out first", async () => {
  const { app } = house.db;
  const [agent] = await app("agents").insert({ tenant_id: house.tenantId, code: "root", name: "Root" }).returning("id");
  const [himself, client, later] = await some(3);
  if (!himself || !client || !later) throw new Error("no accounts");
  const own = { tenant_id: house.tenantId, agent_id: agent.id, why: "by-staff" };
  const ownOf = (): Promise<string[]> =>
    app("agent_own_traders").where({ agent_id: agent.id, why: "linked" }).pluck("trader_id");
  await decide(house.db, await link(client, later), "confirmed");
  await app("agent_own_traders").insert({ ...own, trader_id: traderOf(himself) });
  expect(await ownOf()).toEqual([]);
  const withHimself = await link(himself, client);
  await decide(house.db, withHimself, "confirmed");
  expect((await ownOf()).sort()).toEqual([traderOf(client), traderOf(later)].sort());
  const isOwnNow = async (account: TestAccount): Promise<boolean> => {
    const { own } = await readHistories(app, house.tenantId);
    const histories = own.get(traderOf(account)) ?? [];
    return histories.some((one) => one.agentId === agent.id && one.isOwn.at(-1)?.value === true);
  };
  const all = async (): Promise<boolean[]> => [await isOwnNow(himself), await isOwnNow(client), await isOwnNow(later)];
  expect(await all()).toEqual([true, true, true]);
  await decide(house.db, withHimself, "dismissed");
  expect(await all()).toEqual([true, false, false]);
  await decide(house.db, withHimself, "confirmed");
  expect(await all()).toEqual([true, true, true]);
  await app("agent_own_traders").insert({ ...own, trader_id: traderOf(client) });
  await decide(house.db, withHimself, "open");
  expect(await all()).toEqual([true, true, true]);
});
