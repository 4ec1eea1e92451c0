import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Desk, openDesk } from "./support/desk.ts";
import { type Sender, senderOf } from "./support/sender.ts";
import { aStaff, mes } from "./support/world.ts";

/** Contract terms as versions: what may change, what it leaves as it was, and which field is at fault. */
const admin = aStaff("admin");

let desk: Desk;
let send: Sender["send"];
let read: Sender["read"];
beforeAll(async () => {
  desk = await openDesk();
  ({ send, read } = senderOf(desk, admin));
});
afterAll(() => desk?.close());
beforeEach(() => {
  desk.announced.length = 0;
});

test("changed contract terms become a new version; orders keep the one they were accepted under", async () => {
  const before = await read("/instruments/MES");
  const [status, after] = await send("PUT", "/instruments/MES", {
    initialMargin: "2500.00",
    version: before.version,
  });
  expect([status, after.termsVersion, after.initialMargin, after.feePerSide]).toEqual([200, 2, "2500.00", "0.62"]);
  expect(
    await desk.database
      .owner("instrument_terms")
      .where({ instrument_id: "MES" })
      .orderBy("terms_version")
      .select("initial_margin_minor", "created_by"),
  ).toEqual([
    { initial_margin_minor: 240_000n, created_by: "system" },
    { initial_margin_minor: 250_000n, created_by: admin.name },
  ]);
  const { data } = await desk
    .provider(admin)
    .getList("orders", { pagination: { page: 1, perPage: 1 }, sort: { field: "id", order: "ASC" }, filter: {} });
  expect(data[0]?.termsVersion).toBe(1);
  expect(desk.announced).toEqual([{ kind: "changed", resource: "instruments", id: "MES" }]);
});

test("a new name makes no new terms", async () => {
  const before = await read("/instruments/MES");
  const [, after] = await send("PUT", "/instruments/MES", { name: "MES again", version: before.version });
  expect([after.name, after.termsVersion]).toEqual(["MES again", before.termsVersion]);
});

test.each([
  ["tickValue", { tickValue: "1.30" }],
  ["tickValue", { multiplier: "10" }],
  ["tickSize", { ...mes, id: "AAA", tickSize: "0.125", tickValue: "0.62" }],
  ["tickValue", { ...mes, id: "AAA", tickSize: "0.001", priceDecimals: 3, tickValue: "0.005" }],
  ["maintenanceMargin", { maintenanceMargin: "9999.00" }],
  ["feePerSide", { feePerSide: "0.625" }],
  ["minLots", { lotStep: "3", minLots: "2" }],
  ["tickSize", { tickSize: "0.50", tickValue: "2.50" }],
  ["tickValue", { multiplier: "10", tickValue: "2.50" }],
  ["id", { ...mes }],
  ["currency", { ...mes, id: "AAA", currency: "XXX" }],
  ["calendarId", { ...mes, id: "AAA", calendarId: "nowhere" }],
])("wrong terms are refused at %s: %j", async (field, body) => {
  const { version } = await read("/instruments/MES");
  const isNew = "id" in body;
  const [status, { errors = {} }] = isNew
    ? await send("POST", "/instruments", body)
    : await send("PUT", "/instruments/MES", { ...body, version });
  expect([status, Object.keys(errors)]).toEqual([422, [field]]);
  expect((await read("/instruments/MES")).version).toBe(version);
});
