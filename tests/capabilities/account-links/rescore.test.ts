import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  forgetSightings,
  noteSighting,
  rescoreAll,
  rescoreTrader,
  type Sighting,
} from "../../../server/capabilities/account-links/index.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { type TestDesk, testDesk } from "../../support/trading.ts";
import { decide } from "./support.ts";

let house: TestDesk;
beforeAll(async () => {
  house = await testDesk();
});
afterAll(() => house?.close());

const deps = () => ({ db: house.db.app, readDb: house.db.reads, transact: transactor(house.db.app) });
const trader = async (email: string | null = null): Promise<string> => {
  const [row] = await house.db
    .app("traders")
    .insert({ tenant_id: house.tenantId, name: "Some One", email })
    .returning("id");
  return row.id;
};
const aDevice = () => ({
  id: randomUUID(),
  fingerprint: randomUUID().replaceAll("-", ""),
  isLookalike: false,
  consentVersion: 1,
});
const home = { asn: 64_500, country: "DE", type: "residential" } as const;
const seen = (traderId: string, more: Partial<Sighting> = {}): Promise<void> =>
  noteSighting(house.db.app, { traderId, ip: null, network: home, device: null, ...more });
/** As if all that was seen until now had been so many days ago. */
const daysPass = async (days: number): Promise<void> => {
  await house.db.owner.raw(
    `BEGIN; ALTER TABLE sightings DISABLE TRIGGER sightings_no_update;
     UPDATE sightings SET at = at - make_interval(days => ${days});
     ALTER TABLE sightings ENABLE ALWAYS TRIGGER sightings_no_update;
     UPDATE link_values SET last_at = last_at - make_interval(days => ${days}); COMMIT`,
  );
};
interface Found {
  readonly score: number;
  readonly state: string;
  readonly group: string | null;
  readonly signals: readonly string[];
}
const linkOf = async (one: string, other: string): Promise<(Found & { id: string }) | null> => {
  const [trader_a, trader_b] = [one, other].sort();
  const row = await house.db.app("account_links").where({ trader_a, trader_b }).first();
  if (row === undefined) return null;
  const signals = row.evidence.map(({ signal }: { signal: string }) => signal);
  return { id: row.id, score: Number(row.score), state: row.state, group: row.group_id, signals };
};

test("two traders on one browser are found at once, and the whole rescoring finds the same", async () => {
  const [one, other, stranger] = [await trader(), await trader(), await trader()];
  const device = aDevice();
  await seen(one, { device, ip: "81.1.2.3" });
  await seen(other, { device, ip: "81.1.2.3" });
  await seen(stranger, { device: aDevice(), ip: "81.1.9.3" });
  await rescoreTrader(deps(), other);
  const found = await linkOf(one, other);
  // 1 − (1 − 0.9 × 0.7)(1 − 0.6 × 0.7)(1 − 0.4)
  expect(found).toMatchObject({ score: 0.8712, state: "open", signals: ["device", "device-network", "ip-close"] });
  expect(found?.group).toBe([one, other].sort()[0]);
  await rescoreAll(deps());
  expect(await linkOf(one, other)).toEqual(found);
  expect([await linkOf(one, stranger), await linkOf(other, stranger)]).toEqual([null, null]);
});

test("a second day counts, time fades, and a link that fades away is forgotten unless somebody decided it", async () => {
  const [one, other, third] = [await trader(), await trader(), await trader()];
  const device = aDevice();
  for (const who of [one, other, third])
    await seen(who, { device, ip: "100.64.0.9", network: { ...home, type: "mobile" } });
  await daysPass(1);
  for (const who of [one, other]) await seen(who, { device, ip: "100.64.0.9", network: { ...home, type: "mobile" } });
  await rescoreAll(deps());
  const fresh = await linkOf(one, other);
  // Three share it: 1 − (1 − 0.9 × 0.631)(1 − 0.3 × 0.631)(1 − 0.15 × 0.631 × 0.1)
  expect(fresh?.score).toBeCloseTo(0.6532, 3);
  expect((await linkOf(one, third)) === null).toBe(true);
  await decide(house.db, fresh?.id ?? "", "household");
  await daysPass(170);
  await rescoreAll(deps());
  const faded = await linkOf(one, other);
  expect([faded?.state, (faded?.score ?? 1) < 0.5]).toEqual(["household", true]);
});

test("mailboxes are compared as their owners read them, and a changed address is not remembered", async () => {
  const [one, other] = [await trader("nina.petrov@gmail.com"), await trader("NinaPetrov+two@googlemail.com")];
  await rescoreAll(deps());
  expect(await linkOf(one, other)).toMatchObject({ score: 0.7, signals: ["email"] });
  await house.db.app("traders").where({ id: other }).update({ email: "somebody@else.example" });
  await rescoreTrader(deps(), other);
  expect(await linkOf(one, other)).toBeNull();
});

test("one telephone is one person's, until it is another", async () => {
  const [one, other] = [await trader(), await trader()];
  await house.db.app("traders").whereIn("id", [one, other]).update({ phone: "+8613800138000" });
  await rescoreTrader(deps(), one);
  await rescoreTrader(deps(), other);
  expect(await linkOf(one, other)).toMatchObject({ score: 0.9, signals: ["phone"] });
  await house.db.app("traders").where({ id: one }).update({ phone: null });
  await rescoreAll(deps());
  expect(await linkOf(one, other)).toBeNull();
});

test("one bank account links three traders, also of two partners, whom then only the operator sees", async () => {
  const [partner] = await house.db.app("partners").insert({ code: "beta", name: "Beta" }).returning("id");
  const [foreign] = await house.db.app("traders").insert({ tenant_id: partner.id, name: "Far" }).returning("id");
  const [one, other] = [await trader(), await trader()];
  for (const [tenant_id, trader_id] of [
    [house.tenantId, one],
    [house.tenantId, other],
    [partner.id, foreign.id],
  ])
    await house.db.app("payout_targets").insert({
      ...{ id: randomUUID(), tenant_id, trader_id, channel: "bank", name: "X" },
      address: "DE89370400440532013000",
    });
  await rescoreTrader(deps(), foreign.id);
  await rescoreTrader(deps(), one);
  expect(await linkOf(one, other)).toMatchObject({ score: 0.5994, signals: ["payout"] });
  const rows = await house.db
    .app("account_links")
    .whereIn("trader_a", [one, other, foreign.id])
    .select("tenant_id", "evidence");
  expect(rows.map((row) => row.tenant_id).sort()).toEqual([house.tenantId, null, null].sort());
  expect(rows[0].evidence[0].shown).toBe("•••3000");
});

test("an address that 21 traders share joins nobody", async () => {
  const crowd = await Promise.all(Array.from({ length: 21 }, () => trader()));
  const device = aDevice();
  for (const who of crowd) await seen(who, { device, ip: "203.0.113.77" });
  await rescoreAll(deps());
  const { rows } = await house.db.app.raw("SELECT count(*)::int AS n FROM account_links WHERE trader_a = ANY (?)", [
    crowd,
  ]);
  expect(rows[0].n).toBe(0);
});

test("sightings cannot be changed or deleted but by their age, and a device needs its consent", async () => {
  const who = await trader();
  await seen(who, { device: aDevice(), ip: "198.51.100.1" });
  await expect(house.db.app("sightings").where({ trader_id: who }).delete()).rejects.toThrow("permission denied");
  await expect(house.db.owner("sightings").where({ trader_id: who }).update({ ip: null })).rejects.toThrow(
    "append-only",
  );
  await expect(
    house.db
      .app("sightings")
      .insert({ tenant_id: house.tenantId, trader_id: who, device_id: randomUUID(), network_type: "unknown" }),
  ).rejects.toThrow("sightings_device_by_consent");
  await daysPass(200);
  await seen(who, { ip: "198.51.100.1" });
  expect(await forgetSightings(house.db.app, 180)).toBeGreaterThan(0n);
  expect(await house.db.app("sightings").where({ trader_id: who }).pluck("device_id")).toEqual([null]);
  expect(await house.db.app("link_values").where({ trader_id: who }).pluck("signal")).toEqual(["ip"]);
  await expect(forgetSightings(house.db.app, 0)).rejects.toThrow("sightings of the last day are kept");
});
