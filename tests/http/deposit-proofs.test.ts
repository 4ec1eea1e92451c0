import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import express, { type Express, type RequestHandler } from "express";
import { pino } from "pino";
import request from "supertest";
import { attachmentBytesMax, proofsMax } from "#contracts/attachments-api.ts";
import type { TraderIdentity } from "#contracts/identity.ts";
import { createApp } from "../../server/platform/http/app.ts";
import { cashierRoutes } from "../../server/platform/http/cashier-routes.ts";
import { depositProofRoutes } from "../../server/platform/http/deposit-proof-routes.ts";
import { limitWritesByTrader } from "../../server/platform/http/limit.ts";
import { createMetrics } from "../../server/platform/metrics.ts";
import { openCashier } from "../../server/roles/cashier.ts";
import { openDepositProofs } from "../../server/roles/deposit-proofs.ts";
import { type TestDeposits, testDeposits } from "../capabilities/deposits/support.ts";
import type { TestAccount } from "../support/trading.ts";

const pdf = Buffer.from("%PDF-1.7 a receipt");
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);

let cashier: TestDeposits;
let app: Express;
let account: TestAccount;
let who: TraderIdentity;
let left: number;
let depositId: string;

beforeAll(async () => {
  cashier = await testDeposits();
  const { house } = cashier;
  await house.db.app("payment_channels").insert({
    ...{ channel: "bank", currency: "USD", deposits_enabled: true, deposit_min_minor: 100 },
  });
  const loggedIn: RequestHandler = (_request, response, next) => {
    response.locals.trader = who;
    next();
  };
  const limit = limitWritesByTrader({
    take: async () => (left-- > 0 ? null : 30),
    giveBack: async () => {},
    forget: async () => {},
  });
  const shared = { transact: house.ports.transact, bus: { publish: house.ports.announce } };
  const cash = openCashier({
    ...{ ...shared, db: house.db.app, clock: house.ports.clock, payments: { channels: [], chains: [] } },
    quotes: { latestTradable: house.ports.market.latestTradable },
  });
  app = createApp({
    ...{ log: pino({ level: "silent" }), metrics: createMetrics(), allowedOrigin: () => false, trustProxyHops: 0 },
    uploads: [
      {
        path: "/api/trading",
        router: depositProofRoutes({ requireTrader: loggedIn, limit, add: openDepositProofs(shared) }),
      },
    ],
    routers: [{ path: "/api/trading", router: express.Router().use(loggedIn, cashierRoutes(cash)) }],
  });
});
afterAll(() => cashier?.close());
beforeEach(async () => {
  left = 100;
  account = await cashier.house.openAccount(0n);
  who = account.trader;
  depositId = await asked(account);
});

async function asked(of: TestAccount): Promise<string> {
  const answer = await cashier.request(of, "75.00", { channel: "bank" });
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.value.id;
}
const send = (bytes: Buffer | string, { id = depositId, name = "receipt.pdf", type = "application/pdf" } = {}) =>
  request(app)
    .post(`/api/trading/deposits/${id}/proofs?name=${encodeURIComponent(name)}`)
    .set("content-type", type)
    .send(bytes);
const kept = (id = depositId) =>
  cashier.house.db.app("attachments").where({ resource: "deposits", object_id: id }).orderBy("added_at");

test("a trader's proof of his transfer is kept with the deposit, under his name, and he is told how many he added", async () => {
  const answer = await send(pdf);
  expect([answer.status, answer.body.proof]).toMatchObject([
    201,
    { name: "receipt.pdf", mediaType: "application/pdf", size: pdf.length },
  ]);
  const [file] = await kept();
  expect(file).toMatchObject({ added_by_id: who.traderId, added_by: who.name, tenant_id: who.tenantId });
  expect(file.bytes.equals(pdf)).toBe(true);
  const listed = await request(app).get(`/api/trading/deposits?accountId=${account.accountId}`);
  expect(listed.body.deposits).toMatchObject([{ id: depositId, takesProof: true, proofs: 1 }]);
  const audit = await cashier.house.db.owner("audit_log").where({ object_id: depositId, action: "attach" }).first();
  expect(audit).toMatchObject({ actor_kind: "trader", resource: "deposits" });
  expect((await cashier.row(depositId)).state).toBe("waiting");
});

test("the same file twice, and five times at once, is one proof", async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(pdf)));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  expect(new Set(answers.map(({ body }) => body.proof.id)).size).toBe(1);
  expect(await kept()).toHaveLength(1);
});

describe("is refused, and nothing is kept:", () => {
  test("of another trader's deposit, and of one that there is not: both alike", async () => {
    const other = await asked(await cashier.house.openAccount(0n));
    for (const id of [other, randomUUID()]) {
      const { status, body } = await send(pdf, { id });
      expect([status, body.code]).toEqual([404, "UNKNOWN_DEPOSIT"]);
    }
    expect(await kept(other)).toEqual([]);
  });

  test("of a deposit that nobody waits for any more", async () => {
    await cashier.house.db.app("deposits").where({ id: depositId }).update({ state: "expired", next_poll_at: null });
    const { status, body } = await send(pdf);
    expect([status, body.code]).toEqual([409, "NOT_IN_THIS_STATE"]);
    const listed = await request(app).get(`/api/trading/deposits?accountId=${account.accountId}`);
    expect(listed.body.deposits).toMatchObject([{ id: depositId, takesProof: false, proofs: 0 }]);
  });

  test("of a deposit by another channel", async () => {
    const { id } = await cashier.requested(account, "75.00");
    expect((await send(pdf, { id })).body).toMatchObject({ status: 409, code: "NOT_A_TRANSFER" });
  });

  test.each([
    ["a page that says it is a PDF", "<html>", "application/pdf", 422, "FILE_TYPE_UNKNOWN"],
    ["an archive", "PK\u0003\u0004", "application/zip", 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["JSON", "{}", "application/json", 415, "UNSUPPORTED_MEDIA_TYPE"],
    ["nothing", "", "image/png", 422, "FILE_EMPTY"],
    [
      "a byte too many",
      Buffer.concat([pdf, Buffer.alloc(attachmentBytesMax)]),
      "application/pdf",
      413,
      "FILE_TOO_LARGE",
    ],
  ])("%s", async (_what, bytes, type, status, code) => {
    const answer = await send(bytes, { type });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await kept()).toEqual([]);
  });

  test.each([["a/b.pdf"], ["a\\b.pdf"], ['a"b.pdf'], ["a\u0000b.pdf"], [" "], ["x".repeat(121)]])(
    "under the name %j",
    async (name) => {
      const { status, body } = await send(pdf, { name });
      expect([status, Object.keys(body.errors)]).toEqual([422, ["name"]]);
    },
  );

  test("a sixth file, also when all come at once; what another person added does not count", async () => {
    const staffs = {
      resource: "deposits",
      object_id: depositId,
      name: "x.png",
      media_type: "image/png",
      size: png.length,
    };
    await cashier.house.db.app("attachments").insert({
      ...{ ...staffs, id: randomUUID(), tenant_id: who.tenantId, bytes: png, added_by: "Ann" },
      sha256: cashier.house.db.app.raw("sha256(?)", [png]),
    });
    const answers = await Promise.all(
      Array.from({ length: proofsMax + 3 }, (_, nth) => send(Buffer.concat([pdf, Buffer.from([nth])]))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(proofsMax);
    expect(answers.find(({ status }) => status !== 201)?.body).toMatchObject({ status: 422, code: "TOO_MANY_FILES" });
    expect(await kept()).toHaveLength(proofsMax + 1);
  });

  test("more than his share of requests: nothing of the file is read", async () => {
    left = 0;
    const answer = await send(pdf);
    expect([answer.status, answer.body.code, answer.headers["retry-after"]]).toEqual([429, "TOO_MANY_REQUESTS", "30"]);
    expect(await kept()).toEqual([]);
  });
});
