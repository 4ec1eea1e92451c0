import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Socket } from "socket.io-client";
import type { ExposureAnswer, ExposureNews, ExposureRequest } from "#contracts/exposure.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type LiveExposure, liveExposure } from "../../../server/capabilities/exposure/index.ts";
import { aStaff } from "../../resources/support/world.ts";
import { aGateway, type TestGateway } from "../../support/gateway.ts";
import { memoryBus, silentLog } from "../../support/market.ts";
import type { TestAccount } from "../../support/trading.ts";
import { until } from "../../support/until.ts";
import { type BookDesk, bookDesk } from "./book-desk.ts";

const bus = memoryBus();
let book: BookDesk;
let live: LiveExposure;
let gateway: TestGateway;
let staff: StaffIdentity | null = null;
let account: TestAccount;
let otherTenant: number;

beforeAll(async () => {
  book = await bookDesk();
  account = await book.holding(100_000n, 2n);
  const [partner] = await book.house.db.app("partners").insert({ code: "other", name: "Other" }).returning("id");
  otherTenant = partner.id;
  live = liveExposure({ ...book.deps, bus, log: silentLog, beatMs: 20, lingerMs: 0 });
  gateway = await aGateway({
    desk: { authenticate: async () => staff, flow: async () => nothing, exposure: live.watch },
  });
});
afterEach(() => Promise.all([...sockets.splice(0)].map((socket) => socket.disconnect())));
afterAll(async () => {
  await gateway?.close();
  await live?.close();
  await book?.house.close();
});

const none = { accepted: 0, filled: 0, refused: 0 };
const nothing = { atMs: 0, perSecond: none, perMinute: none, exposure: [] };
const sockets: Socket[] = [];
const question: ExposureRequest = { view: 1, book: "live", by: "instrument", worst: "level" };

/** A socket of this person, with all that it was told. */
async function deskOf(as: StaffIdentity) {
  staff = as;
  const socket = gateway.connect({ path: "/desk" });
  sockets.push(socket);
  await new Promise<void>((connected) => socket.on("connect", connected));
  const news: ExposureNews[] = [];
  socket.on("exposure", (one: ExposureNews) => news.push(one));
  const ask = (request: object): Promise<ExposureAnswer> => socket.emitWithAck("exposure", request);
  const next = (isSo: (one: ExposureNews) => boolean): Promise<ExposureNews | undefined> =>
    until(
      async () => news.find(isSo),
      (found) => found !== undefined,
    );
  return { socket, news, ask, next };
}
const settled = ({ accountId }: TestAccount): void => bus.publish({ kind: "settled", accountId, orderIds: [] });

test("the whole comes first, then what changed by prices and positions, one after the other", async () => {
  const { news, ask, next } = await deskOf(aStaff("risk"));
  expect(await ask(question)).toEqual({ status: 200 });
  const first = await next(({ full }) => full);
  expect(first?.rows).toEqual([
    {
      ...{ key: "USD MES", group: "MES", currency: "USD", longLots: "2", shortLots: "0", netLots: "2", grossLots: "2" },
      ...{ notional: "50000.00", grossNotional: "50000.00", unrealized: "-2.50", margin: "200.00" },
      ...{ accounts: 1, workingOrders: 0, unpriced: 0 },
    },
  ]);
  expect(first?.worst).toMatchObject([
    {
      accountId: account.accountId,
      equity: "996.26",
      margin: "200.00",
      level: "498.1",
      unrealized: "-2.50",
      room: "1.79",
    },
  ]);
  book.house.market.quote("MES", "4990.00", "4990.25");
  expect((await next(({ rows }) => rows[0]?.unrealized === "-102.50"))?.full).toBe(false);
  const other = await book.holding(1_000_000n, -3n);
  settled(other);
  await next(({ rows }) => rows[0]?.shortLots === "3");
  await book.trade(account, 1n, "MNQ");
  settled(account);
  const added = await next(({ rows }) => rows.some(({ group }) => group === "MNQ"));
  expect(added?.rows.map(({ group }) => group)).toEqual(["MNQ"]);
  await book.trade(account, -1n, "MNQ");
  settled(account);
  expect((await next(({ gone }) => gone.length > 0))?.gone).toEqual(["USD MNQ"]);
  expect(news.map(({ seq }) => seq)).toEqual(news.map((_one, at) => (news[0]?.seq ?? 0) + at));
});

test("a partner's staff are told of their own accounts alone, whatever they ask for", async () => {
  const own = await deskOf(aStaff("admin", { tenantId: book.house.tenantId }));
  await own.ask({ ...question, by: "partner", tenantId: otherTenant });
  expect((await own.next(({ full }) => full))?.rows.map(({ group }) => group)).toEqual([String(book.house.tenantId)]);
  const other = await deskOf(aStaff("risk", { tenantId: otherTenant }));
  await other.ask({ ...question, tenantId: book.house.tenantId });
  expect(await other.next(({ full }) => full)).toMatchObject({ rows: [], totals: [], worst: [] });
});

test.each(["agent", "finance", "support"] as const)("%s are told nothing", async (role) => {
  const { ask } = await deskOf(aStaff(role));
  expect(await ask(question)).toMatchObject({ status: 403, code: "FORBIDDEN" });
});

test("another view takes the place of the one before, and who comes again gets the whole again", async () => {
  const { ask, next, news } = await deskOf(aStaff("risk"));
  await ask(question);
  await next(({ full, view }) => full && view === 1);
  await ask({ ...question, view: 2, by: "trader" });
  const traders = await next(({ full, view }) => full && view === 2);
  expect(traders?.rows.map(({ group, netLots }) => [group, netLots])).toContainEqual([account.trader.traderId, "2"]);
  book.house.market.quote("MES", "4980.00", "4980.25");
  await next(({ full, view }) => !full && view === 2);
  const last = news.findLastIndex(({ view }) => view === 1);
  expect(last).toBeLessThan(news.findIndex(({ view }) => view === 2));
  const again = await deskOf(aStaff("risk"));
  await again.ask(question);
  expect((await again.next(({ full }) => full))?.rows[0]?.grossLots).toBe("5");
});

test("an agent's line is added up at each of his levels, and follows a trader who is moved", async () => {
  const { db, tenantId } = book.house;
  const agent = async (code: string, parent: string | null): Promise<string> => {
    const made = { tenant_id: tenantId, parent_id: parent, code, name: code };
    return (await db.app("agents").insert(made).returning("id"))[0].id;
  };
  const top = await agent("top", null);
  const low = await agent("low", top);
  const member = await book.holding(1_000_000n, 4n, { agentId: low, book: "demo" });
  settled(member);
  const { ask, next } = await deskOf(aStaff("risk"));
  await ask({ ...question, book: "demo", by: "agent" });
  await next(({ rows }) => rows.some(({ group, longLots }) => group === top && longLots === "4"));
  await ask({ ...question, book: "demo", view: 2, by: "agent", agentId: top });
  expect((await next(({ full, view }) => full && view === 2))?.rows.map(({ group }) => group)).toEqual([low]);
  await db.app("traders").where({ id: member.trader.traderId }).update({ agent_id: top });
  bus.publish({ kind: "changed", resource: "traders", id: member.trader.traderId });
  expect((await next(({ view, gone }) => view === 2 && gone.length > 0))?.rows.map(({ group }) => group)).toEqual([""]);
});

test("what it was not told of is found by comparison with the database", async () => {
  const { ask, next } = await deskOf(aStaff("risk"));
  await ask(question);
  await next(({ full }) => full);
  await book.trade(account, 1n);
  await next(({ rows }) => rows[0]?.longLots === "3");
  await book.trade(account, 1n, "MNQ");
  await next(({ rows }) => rows.some(({ group }) => group === "MNQ"));
  const leaving = await book.house.openAccount(1_000_000n);
  await book.trade(leaving, -2n, "MNQ");
  const both = await next(({ rows }) => rows.some(({ group, accounts }) => group === "MNQ" && accounts === 2));
  await book.trade(leaving, 2n, "MNQ");
  await next(
    ({ rows, seq }) => seq > (both?.seq ?? 0) && rows.some(({ group, accounts }) => group === "MNQ" && accounts === 1),
  );
});

test.each<[field: string, more: object]>([
  ["by", { by: "colour" }],
  ["agentId", { agentId: "1" }],
  ["tenantId", { tenantId: -1 }],
  ["everything", { everything: true }],
])("a wrong %s is refused by its name", async (field, more) => {
  const { ask } = await deskOf(aStaff("risk"));
  expect(await ask({ ...question, ...more })).toMatchObject({ status: 422, errors: { [field]: expect.any(String) } });
});

test("a socket that asks for anything else is cut off", async () => {
  const { socket } = await deskOf(aStaff("risk"));
  const gone = new Promise((resolve) => socket.on("disconnect", resolve));
  socket.emit("order", {});
  expect(await gone).toBe("io server disconnect");
});

test("the book is let go when nobody watches", async () => {
  await until(
    async () => live.accounts(),
    (accounts) => accounts === 0,
  );
});
