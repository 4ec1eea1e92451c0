import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { io, type Socket } from "socket.io-client";
import { brokenValues } from "./bad-input/broken-values.ts";
import { fixedFields } from "./bad-input/examples.ts";
import { type House, openHouse } from "./bad-input/house.ts";

/** The same over the socket: a no with a code and the field, and nothing is written. */
const timeoutMs = 120_000;
/** Below the messages a second that one socket may send. */
const perSocket = 15;

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, timeoutMs);
afterAll(() => house?.close(), timeoutMs);

interface Reply {
  readonly status?: number;
  readonly code?: string;
  readonly errors?: Record<string, string>;
}
type Case = readonly [what: string, request: unknown, field: string | null];

/** Sends them over sockets of their own, so that none is refused for its rate, and tells which answers were wrong. */
async function wrongAnswers(event: string, cases: readonly Case[]): Promise<string[]> {
  const wrong: string[] = [];
  for (let first = 0; first < cases.length; first += perSocket) {
    const socket: Socket = io(house.truewick.url, {
      ...{ transports: ["websocket"], forceNew: true, reconnection: false, auth: { accessToken: house.token } },
    });
    for (const [what, request, field] of cases.slice(first, first + perSocket)) {
      const reply: Reply = await socket.timeout(5_000).emitWithAck(event, request);
      const { status = 0, code, errors = {} } = reply;
      const isNo = status >= 400 && status < 500 && ![401, 429].includes(status) && typeof code === "string";
      const names = Object.keys(errors);
      const isNamed = field === null || names.some((name) => name === field || name.startsWith(`${field}.`));
      if (!isNo || !isNamed) wrong.push(`${what}: ${JSON.stringify(reply)}`);
    }
    socket.disconnect();
  }
  return wrong;
}

function casesOf(valid: Record<string, unknown>, route: string, more: readonly Case[] = []): Case[] {
  const fields = Object.entries(fixedFields[route] ?? {});
  const broken = fields.flatMap(([field, spec]) =>
    brokenValues(spec).map(([what, value]): Case => [`${field}: ${what}`, { ...valid, [field]: value }, field]),
  );
  const strange = ["nope", "toString", "__proto__"].map(
    (key): Case => [`the key ${key}`, JSON.parse(`${JSON.stringify(valid).slice(0, -1)},"${key}":1}`), key],
  );
  const whole = [null, 1, "text", [], [valid], {}].map((one): Case => [JSON.stringify(one), one, null]);
  return [...broken, ...strange, ...whole, ...more];
}

test("an order", async () => {
  const valid = {
    ...{ clientOrderId: randomUUID(), accountId: house.accountId, instrument: "MES", side: "buy", type: "market" },
    ...{ lots: "1", quotedPrice: "5000.25", maxSlippageTicks: 10_000 },
  };
  const before = await house.written();
  expect(await wrongAnswers("order", casesOf(valid, "post /api/trading/orders"))).toEqual([]);
  expect(await house.written()).toEqual(before);
}, 30_000);

test("a close", async () => {
  const valid = { clientOrderId: randomUUID(), positionId: randomUUID(), lots: "1" };
  const ids = ["", "x", 1, null, [randomUUID()]].map(
    (id): Case => [`positionId ${id}`, { ...valid, positionId: id }, "positionId"],
  );
  const before = await house.written();
  const route = "post /api/trading/positions/{id}/close";
  expect(await wrongAnswers("close", casesOf(valid, route, [...ids, ["nobody's position", valid, null]]))).toEqual([]);
  expect(await house.written()).toEqual(before);
}, 30_000);

test("a watch", async () => {
  const valid = { instruments: ["MES"], bars: [{ instrument: "MES", interval: "1m" }] };
  const many = (count: number) => Array.from({ length: count }, () => "MES");
  const instruments = [null, "MES", [1], [""], ["x".repeat(21)], ["NOPE"], ["toString"], ["MES\u0000"], many(51)];
  const bars = [null, {}, [1], [{ instrument: "MES" }], [{ instrument: "MES", interval: "2m" }]];
  const strangers = [[{ instrument: "NOPE", interval: "1m" }], [{ instrument: "MES", interval: "1m", more: 1 }]];
  const cases: Case[] = [
    ...instruments.map((value): Case => [`instruments ${value}`, { ...valid, instruments: value }, "instruments"]),
    ...[...bars, ...strangers].map(
      (value): Case => [`bars ${JSON.stringify(value)}`, { ...valid, bars: value }, "bars"],
    ),
    ...[null, 1, "x", [], {}].map((one): Case => [JSON.stringify(one), one, null]),
    ["an unknown key", { ...valid, nope: 1 }, "nope"],
  ];
  // A watch counts as several messages, so each has a socket of its own; and a trader has few sockets at once.
  for (const one of cases) expect(await wrongAnswers("watch", [one])).toEqual([]);
}, 30_000);

test("after all this the server has not logged one error", () => {
  expect(house.truewick.output()).not.toMatch(/"level":(50|60)|failed/);
});
