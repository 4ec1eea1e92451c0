import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { submissionEvents } from "#contracts/events.ts";
import { aGateway, aTrader, next, ownAccount, type TestGateway } from "../support/gateway.ts";

let server: TestGateway;
beforeEach(async () => {
  server = await aGateway();
});
afterEach(() => server.close());

const orderId = randomUUID();
const positionId = randomUUID();
const clientOrderId = "one";

/** What each event asks for, and what its command is told. */
const events: Readonly<Record<(typeof submissionEvents)[number], readonly [request: object, told: object]>> = {
  order: [
    {
      clientOrderId,
      accountId: ownAccount,
      instrument: "MES",
      side: "buy",
      type: "limit",
      limitPrice: "1.25",
      lots: "1",
    },
    { clientOrderId, type: "limit", limitPrice: "1.25" },
  ],
  close: [
    { clientOrderId, positionId },
    { clientOrderId, positionId },
  ],
  cancel: [{ orderId: orderId.toUpperCase() }, { orderId }],
  amend: [
    { orderId, lots: "2" },
    { orderId, lots: "2" },
  ],
  bracket: [
    { positionId, takeProfitPrice: null, stopLossPrice: "1.25" },
    { positionId, takeProfitPrice: null, stopLossPrice: "1.25" },
  ],
  reverse: [
    { clientOrderId, positionId },
    { clientOrderId, positionId },
  ],
  "cancel-all": [{ accountId: ownAccount }, { accountId: ownAccount }],
  flatten: [
    { clientOrderId, accountId: ownAccount, instrument: "MES" },
    { clientOrderId, instrument: "MES" },
  ],
};

test.each(submissionEvents)("the event %s reaches its command, and its answer is the ack", async (event) => {
  server.sessions.set("token", aTrader());
  const socket = server.connect({ auth: { accessToken: "token" } });
  await next(socket, "connect");
  const [request, told] = events[event];
  const answer = await socket.emitWithAck(event, request);
  expect([200, 202]).toContain(answer.status);
  expect(server.placed).toMatchObject([told]);
  const strange = await socket.emitWithAck(event, { ...request, nope: 1 });
  expect(strange).toMatchObject({ status: 422, code: "INVALID_REQUEST", errors: { nope: expect.any(String) } });
  expect(server.placed).toHaveLength(1);
});

test.each(submissionEvents)("a guest is told to log in at %s", async (event) => {
  const socket = server.connect();
  await next(socket, "connect");
  expect(await socket.emitWithAck(event, events[event][0])).toMatchObject({ status: 401, code: "NOT_LOGGED_IN" });
  expect(server.placed).toEqual([]);
});
