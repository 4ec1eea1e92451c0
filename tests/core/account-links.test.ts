import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { linkSignals } from "#contracts/link-names.ts";
import { edgeOf, rarityOf, recencyOf, type SharedSignal, scorePair } from "#core/account-links.ts";
import { emailLetters, normalEmail, normalPhone } from "#core/link-values.ts";
import { signalRules } from "#core/link-weights.ts";
import { dayMs, minuteMs, type Scene, type Seen, scoresOf } from "../support/link-scene.ts";

const aSignal = (signal: SharedSignal["signal"], more: Partial<SharedSignal> = {}): SharedSignal => ({
  ...{ signal, sharers: 2, ageDays: 0, days: null, factor: 1, shown: "" },
  ...more,
});

test("rarity: 1 when two alone share a value, less the more others do, nothing from 21 on", () => {
  expect([1, 2, 3, 4, 5, 20, 21].map((n) => Math.round(rarityOf(n) * 1000) / 1000)).toEqual([
    0, 1, 0.631, 0.5, 0.431, 0.231, 0,
  ]);
});

test("recency halves with each half-life; what is no sighting does not grow old", () => {
  expect([0, 180, 360].map((days) => recencyOf(days, 180))).toEqual([1, 0.5, 0.25]);
  expect(recencyOf(10_000, null)).toBe(1);
});

test("points multiply weight, rarity, recency, regularity and factor, and each part is kept", () => {
  const device = aSignal("device", { sharers: 4, ageDays: 180, days: 1, shown: "b7••" });
  expect(scorePair([device])).toEqual({
    score: 0.1575,
    evidence: [{ ...device, weight: 0.9, rarity: 0.5, recency: 0.5, regularity: 0.7, points: 0.1575 }],
  });
});

test("signals add up as noisy-or: 0.9 and 0.4 come to 1 − 0.1 × 0.6", () => {
  expect(scorePair([aSignal("device"), aSignal("ip-close")]).score).toBe(0.94);
});

test("of several values of one signal, and of two that tell the same, the one that says most is counted", () => {
  const { score, evidence } = scorePair([
    aSignal("ip", { sharers: 2 }),
    aSignal("ip-close", { sharers: 3 }),
    aSignal("ip-close", { sharers: 2 }),
    aSignal("fingerprint"),
    aSignal("device-network", { factor: 0.3 }),
  ]);
  expect([score, evidence.map(({ signal }) => signal)]).toEqual([0.58, ["ip-close", "fingerprint"]]);
});

test("whatever only describes a person never makes a strong link, however much of it there is", () => {
  const describing = linkSignals.filter((signal) => !signalRules[signal].identifies);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...describing), { maxLength: 30 }), (signals) => {
      expect(edgeOf(scorePair(signals.map((signal) => aSignal(signal))).score)).not.toBe("strong");
    }),
  );
});

test("more in common never lowers a score", () => {
  const anySignal = fc.record({
    signal: fc.constantFrom(...linkSignals),
    ...{ sharers: fc.integer({ min: 2, max: 25 }), ageDays: fc.integer({ min: 0, max: 900 }) },
    ...{ days: fc.constantFrom(null, 1, 2), factor: fc.constantFrom(0.1, 0.3, 1), shown: fc.constant("") },
  });
  fc.assert(
    fc.property(fc.array(anySignal, { maxLength: 12 }), anySignal, (signals, more) => {
      expect(scorePair([...signals, more]).score).toBeGreaterThanOrEqual(scorePair(signals).score);
    }),
  );
});

test("an address is its mailbox: case, +tags and a host's unread dots do not hide it", () => {
  expect(["Nina.Petrov+2@GoogleMail.com", "ninapetrov@gmail.com"].map(normalEmail)).toEqual([
    "ninapetrov@gmail.com",
    "ninapetrov@gmail.com",
  ]);
  expect([normalEmail("a.b+x@firm.example"), normalEmail("@firm.example"), normalEmail("nobody")]).toEqual([
    "a.b@firm.example",
    null,
    null,
  ]);
  expect(["nina.petrov85@a.example", "NinaPetrov2@b.example", "li88@a.example"].map(emailLetters)).toEqual([
    "ninapetrov",
    "ninapetrov",
    null,
  ]);
});

test("a telephone number is its international form or none", () => {
  expect(["+86 138-0013-8000", "0049 (30) 123456", "030 123456", "+12"].map(normalPhone)).toEqual([
    "+8613800138000",
    "+4930123456",
    null,
    null,
  ]);
});

const now = 1_795_000_000_000;
/** Logins of each account on three days, from its own place in `of`. */
const regulars = (of: readonly Omit<Seen, "who" | "atMs">[]): Seen[] =>
  of.flatMap((place, who) => [1, 2, 3].map((day) => ({ ...place, who, atMs: now - day * dayMs + who * minuteMs })));
const scene = (accounts: number, seen: readonly Seen[], more: Partial<Scene> = {}): Scene => ({
  ...{ accounts, nowMs: now, seen },
  ...more,
});
const edges = (of: Scene): Record<string, string> =>
  Object.fromEntries(
    [...scoresOf(of)].map(([pair, { score }]) => [pair, edgeOf(score)]).filter(([, edge]) => edge !== "weak"),
  );
const home = { ip: "203.0.113.7", network: "residential" } as const;

test("a family of four behind one router, each with a phone of his own: no link", () => {
  const family = ["a", "b", "c", "d"].map((name) => ({ ...home, device: name, fingerprint: name }));
  expect(edges(scene(4, regulars(family)))).toEqual({});
});

test("two of a family with like addresses and phones of one model: a person looks at it, it is never strong", () => {
  const phones = ["a", "b"].map((device) => ({ ...home, device, fingerprint: "iphone", isLookalike: true }));
  const emails = ["chen.family1@a.example", "chenfamily2@b.example"];
  expect(edges(scene(2, regulars(phones), { emails }))).toEqual({ "0-1": "review" });
});

test("a dormitory of 300 behind one address: no link; nor in one of 15", () => {
  for (const people of [300, 15]) {
    const rooms = Array.from({ length: people }, (_, n) => ({ ...home, device: `d${n}`, fingerprint: `f${n}` }));
    expect(edges(scene(people, regulars(rooms)))).toEqual({});
  }
});

test("two equal phones in two networks: no link, whether of a kind that all look alike or not", () => {
  for (const isLookalike of [true, false]) {
    const phones = ["198.51.100.1", "203.0.113.9"].map((ip, n) => ({
      ...{ device: `d${n}`, fingerprint: "phone", isLookalike, ip, network: "mobile" as const },
    }));
    expect(edges(scene(2, regulars(phones)))).toEqual({});
  }
});

test("two equal phones behind one mobile address: no link", () => {
  const phones = ["a", "b"].map((device) => ({
    ...{ device, fingerprint: "phone", ip: "198.51.100.1", network: "mobile" as const },
  }));
  expect(edges(scene(2, regulars(phones)))).toEqual({});
});

test("an agent who registers six clients on his own phone: each is looked at with him, none is joined", () => {
  const own = regulars([{ ...home, device: "agent", fingerprint: "agent" }]);
  const clients = [1, 2, 3, 4, 5, 6].flatMap((who): Seen[] => [
    { ...home, who, device: "agent", fingerprint: "agent", atMs: now - 3 * dayMs + who * minuteMs },
    ...[1, 2].map((day) => ({
      ...{ who, device: `c${who}`, fingerprint: `c${who}`, atMs: now - day * dayMs },
      ...{ ip: `198.51.100.${who}`, network: "residential" as const },
    })),
  ]);
  const referrals = [1, 2, 3, 4, 5, 6].map((client) => [0, client] as const);
  expect(edges(scene(7, [...own, ...clients], { referrals }))).toEqual(
    Object.fromEntries([1, 2, 3, 4, 5, 6].map((client) => [`0-${client}`, "review"])),
  );
});

test("strangers behind one VPN exit: no link, few of them or many", () => {
  for (const people of [2, 12, 60]) {
    const users = Array.from({ length: people }, (_, n) => ({
      ...{ device: `d${n}`, fingerprint: `f${n}`, ip: "192.0.2.1", network: "hosting" as const },
    }));
    expect(edges(scene(people, regulars(users)))).toEqual({});
  }
});

test("two accounts on one browser are found: the first day for a person to look at, then strong", () => {
  const browser = { device: "one", fingerprint: "one", ip: "192.0.2.1", network: "unknown" as const };
  const today = [0, 1].map((who) => ({ ...browser, who, atMs: now - who * minuteMs }));
  expect(edges(scene(2, today))).toEqual({ "0-1": "review" });
  expect(edges(scene(2, regulars([browser, browser])))).toEqual({ "0-1": "strong" });
});

test("money that goes to one bank account is strong though nothing else is shared", () => {
  expect(edges(scene(3, [], { payouts: ["DE1", "DE1", "DE2"] }))).toEqual({ "0-1": "strong" });
});
