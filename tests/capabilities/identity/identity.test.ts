import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { sweepSessions } from "../../../server/capabilities/identity/index.ts";
import { systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { argon2Passwords } from "../../../server/platform/security/passwords.ts";
import {
  aPartner,
  aStaff,
  aTrader,
  granted,
  password,
  type TestHouse,
  testClock,
  testHouse,
} from "../../support/house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

const nowhere = { ip: null, userAgent: null, traceId: null };
const tokenOf = async (email: string): Promise<string> =>
  granted(await house.identity.loginTrader({ email, password }, nowhere)).accessToken;

describe("who a token belongs to is remembered for two seconds", () => {
  const disableQuietly = (id: string) => house.db.owner("traders").where({ id }).update({ state: "disabled" });

  test("so a change behind the server's back is seen after them", async () => {
    const { id, email } = await aTrader(house, (await aPartner(house)).id);
    const token = await tokenOf(email);
    expect((await house.identity.traderOf(token))?.traderId).toBe(id);
    await disableQuietly(id);
    house.clock.move({ seconds: 2 });
    expect(await house.identity.traderOf(token)).toBeNull();
  });

  test.each([
    [
      "the person's sessions ended",
      (id: string) => ({ kind: "session-ended", subjectKind: "trader", subjectId: id, code: "x" }) as const,
    ],
    ["traders changed", (id: string) => ({ kind: "changed", resource: "traders", id }) as const],
    ["partners changed", () => ({ kind: "changed", resource: "partners", id: null }) as const],
  ])("and dropped at once when another process says that %s", async (_what, announcement) => {
    const { id, email } = await aTrader(house, (await aPartner(house)).id);
    const token = await tokenOf(email);
    expect(await house.identity.traderOf(token)).not.toBeNull();
    await disableQuietly(id);
    house.identity.hear(announcement(id));
    expect(await house.identity.traderOf(token)).toBeNull();
  });

  test("a burst of questions about one token asks the database once", async () => {
    const { email } = await aTrader(house, (await aPartner(house)).id);
    const token = await tokenOf(email);
    const asking = jest.spyOn(house.db.app.client, "acquireConnection");
    const answers = await Promise.all(Array.from({ length: 20 }, () => house.identity.traderOf(token)));
    const asked = asking.mock.calls.length;
    asking.mockRestore();
    expect([asked, answers.filter((answer) => answer !== null).length]).toEqual([1, 20]);
  });

  test("questions about many tokens at one moment are one query, and each gets its own answer", async () => {
    const partner = await aPartner(house);
    const people = await Promise.all(Array.from({ length: 5 }, () => aTrader(house, partner.id)));
    const tokens = await Promise.all(people.map(({ email }) => tokenOf(email)));
    const asking = jest.spyOn(house.db.app.client, "acquireConnection");
    const answers = await Promise.all([...tokens, "no-such-token"].map((token) => house.identity.traderOf(token)));
    const asked = asking.mock.calls.length;
    asking.mockRestore();
    expect(asked).toBe(1);
    expect(answers.map((answer) => answer?.traderId)).toEqual([...people.map(({ id }) => id), undefined]);
  });

  test("an answer that was under way when the sessions ended is not kept", async () => {
    const { id, email } = await aTrader(house, (await aPartner(house)).id);
    const token = await tokenOf(email);
    const underWay = house.identity.traderOf(token);
    granted(await house.identity.setPersonState(systemActor, "trader", id, "disabled"));
    await underWay;
    expect(await house.identity.traderOf(token)).toBeNull();
  });

  test("a new account is there at once for a new login, and after them for an old one", async () => {
    const { id, email } = await aTrader(house, (await aPartner(house)).id);
    const token = await tokenOf(email);
    expect((await house.identity.traderOf(token))?.accountIds).toEqual([]);
    const opened = granted(
      await house.accounts.openAccount(systemActor, { traderId: id, book: "live", currency: "USD" }),
    );
    house.clock.move({ seconds: 2 });
    expect((await house.identity.traderOf(token))?.accountIds).toEqual([opened.id]);
  });
});

test("an open socket that rechecks its session does not keep it alive", async () => {
  const { email } = await aStaff(house);
  const { token } = granted(await house.identity.loginStaff({ email, password }, nowhere));
  for (let minute = 0; minute < 15; minute++) {
    expect((await house.identity.peekStaff(token))?.email).toBe(email);
    house.clock.move({ minutes: 1 });
  }
  expect(await house.identity.peekStaff(token)).toBeNull();
});

test("sessions are swept a month after their end, those that live are not", async () => {
  const { id, email } = await aTrader(house, (await aPartner(house)).id);
  await house.identity.logout(await tokenOf(email));
  await tokenOf(email);
  const left = () => house.db.app("sessions").where({ subject_id: id });
  await sweepSessions({ db: house.db.app, clock: testClock() });
  expect(await left()).toHaveLength(2);
  house.clock.move({ minutes: 31 * 24 * 60 });
  const token = await tokenOf(email);
  await sweepSessions({ db: house.db.app, clock: house.clock });
  expect(await left()).toHaveLength(1);
  expect(await house.identity.traderOf(token)).not.toBeNull();
});

describe("staff", () => {
  const member = { tenantId: null, role: "risk", email: "r@example.com", name: "Rita Risk", password } as const;
  const create = async (given: object, actor = systemActor) => {
    const result = await house.identity.createStaff(actor, { ...member, ...given });
    return result.ok ? "created" : result.refusal;
  };

  test("role agent has an agent of the same partner, and no other role has one", async () => {
    const [mine, other] = [await aPartner(house), await aPartner(house)];
    const agent = granted(await house.accounts.createAgent(systemActor, { tenantId: mine.id, code: "a", name: "A" }));
    const bound = { tenantId: mine.id, agentId: agent.id };
    expect(await create({ role: "agent" })).toBe("ROLE_AND_AGENT_DIFFER");
    expect(await create({ ...bound })).toBe("ROLE_AND_AGENT_DIFFER");
    expect(await create({ ...bound, role: "agent", tenantId: other.id })).toBe("UNKNOWN_AGENT");
    expect(await create({ ...bound, role: "agent" })).toBe("created");
  });

  test("staff of a partner make no staff of another partner, nor of the operator", async () => {
    const [mine, other] = [await aPartner(house), await aPartner(house)];
    const actor = { ...systemActor, tenantId: mine.id };
    expect(await create({ email: "1@example.com", tenantId: other.id }, actor)).toBe("UNKNOWN_PARTNER");
    expect(await create({ email: "2@example.com", tenantId: null }, actor)).toBe("UNKNOWN_PARTNER");
    expect(await create({ email: "3@example.com", tenantId: 999_999 })).toBe("UNKNOWN_PARTNER");
    expect(await create({ email: "4@example.com", tenantId: mine.id }, actor)).toBe("created");
    expect(await create({ email: "4@EXAMPLE.com", tenantId: mine.id }, actor)).toBe("EMAIL_TAKEN");
    expect(await create({ email: "5@example.com", password: "rita risk" })).toBe("PASSWORD_UNACCEPTABLE");
  });

  test("staff of a partner disable and re-key nobody else's people", async () => {
    const [mine, other] = [await aPartner(house), await aPartner(house)];
    const actor = { ...systemActor, tenantId: mine.id };
    const [boss, trader] = [await aStaff(house), await aTrader(house, other.id)];
    const attempts = [
      await house.identity.setPersonState(actor, "staff", boss.id, "disabled"),
      await house.identity.setPersonState(actor, "trader", trader.id, "disabled"),
      await house.identity.setPassword(actor, "staff", boss.id, "another good password"),
      await house.identity.createApiKey(actor, boss.id, "mine now"),
    ];
    expect(attempts.map((attempt) => (attempt.ok ? null : attempt.refusal))).toEqual([
      "UNKNOWN_PERSON",
      "UNKNOWN_PERSON",
      "UNKNOWN_PERSON",
      "UNKNOWN_STAFF",
    ]);
  });

  test("logins, disabling and new passwords stand in the audit log, secrets do not", async () => {
    const { id, email } = await aStaff(house);
    granted(
      await house.identity.loginStaff({ email, password }, { ip: "192.0.2.1", userAgent: "x", traceId: "trace-1" }),
    );
    granted(await house.identity.setPersonState(systemActor, "staff", id, "disabled"));
    granted(await house.identity.setPassword(systemActor, "staff", id, "another good password"));
    const rows = await house.db
      .app("audit_log")
      .where({ object_id: id })
      .orderBy("id")
      .select("action", "ip", "trace_id");
    expect(rows).toEqual([
      { action: "create", ip: null, trace_id: null },
      { action: "login", ip: "192.0.2.1", trace_id: "trace-1" },
      { action: "disable", ip: null, trace_id: null },
      { action: "set-password", ip: null, trace_id: null },
    ]);
    const { rows: leaks } = await house.db.owner.raw(
      "SELECT 1 FROM audit_log l WHERE l::text ~ 'argon2|good password|correct horse'",
    );
    expect(leaks).toEqual([]);
  });
});

describe("passwords", () => {
  test("a hash of weaker parameters is replaced at the next login, which goes on", async () => {
    const { id, email } = await aTrader(house, (await aPartner(house)).id);
    const { hash } = await import("@node-rs/argon2");
    const weak = await hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await house.db.owner("traders").where({ id }).update({ password_hash: weak });
    const token = await tokenOf(email);
    const { password_hash } = await house.db.app("traders").where({ id }).first("password_hash");
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await house.identity.traderOf(token)).not.toBeNull();
    await tokenOf(email);
  });

  test("S01 nobody's password takes as long to refuse as somebody's", async () => {
    const passwords = argon2Passwords();
    const stored = await passwords.hash(password);
    const timed = async (hash: string | null): Promise<number> => {
      const begun = performance.now();
      expect(await passwords.matches(hash, "wrong password")).toBe(false);
      return performance.now() - begun;
    };
    await timed(null);
    const [somebody, nobody]: [number[], number[]] = [[], []];
    for (let i = 0; i < 15; i++) {
      somebody.push(await timed(stored));
      nobody.push(await timed(null));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[7] ?? 0;
    // Without the dummy hash the ratio is about 1,000; a busy machine stays far below 2.
    expect(median(somebody) / median(nobody)).toBeLessThan(2);
    expect(median(nobody) / median(somebody)).toBeLessThan(2);
  });

  test("the password of the dummy hash opens nothing", async () => {
    expect(await argon2Passwords().matches(null, "the password of nobody")).toBe(false);
  });

  test("S68 more than 68 hashes at once are told to come back; the others are all done", async () => {
    const passwords = argon2Passwords();
    const all = await Promise.allSettled(Array.from({ length: 80 }, () => passwords.hash(password)));
    const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toHaveLength(12);
    expect(refused[0]).toMatchObject({ status: 503, code: "BUSY", headers: { "Retry-After": "1" } });
    expect(await passwords.hash(password)).toMatch(/^\$argon2id/);
  });
});
