import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Secret, TOTP } from "otpauth";
import request from "supertest";
import { systemActor } from "../../server/platform/db/unit-of-work.ts";
import { aPartner, aStaff, granted, password, type TestHouse, testHouse } from "../support/house.ts";

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

let address = 0;
/** Each login comes from an address of its own, unless a test is about addresses. */
const nextAddress = (): string => `10.0.${++address >> 8}.${address & 255}`;

const logIn = (body: object, headers: Record<string, string> = {}) =>
  request(house.app)
    .post("/api/admin/session")
    .set({ Host: "localhost", "X-Forwarded-For": nextAddress(), ...headers })
    .send(body);

const cookieIn = (response: request.Response): string => String(response.headers["set-cookie"]?.[0] ?? "");
const pairIn = (response: request.Response): string => cookieIn(response).split(";")[0] ?? "";
const ask = (cookie: string) => request(house.app).get("/api/admin/session").set({ Host: "localhost", Cookie: cookie });

describe("login", () => {
  test("answers who it is and sets a cookie that scripts cannot read", async () => {
    const { id, email } = await aStaff(house);
    const response = await logIn({ email: email.toUpperCase(), password });
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ staffId: id, email, role: "finance", tenantId: null, agentId: null });
    expect(cookieIn(response)).toMatch(/^truewick_staff=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await ask(pairIn(response))).body).toEqual(response.body);
  });

  test("S14 over https, and over plain http from elsewhere, the cookie is __Host- and Secure", async () => {
    const { email } = await aStaff(house);
    const elsewhere: Record<string, string>[] = [{ "X-Forwarded-Proto": "https" }, { Host: "desk.example.com" }];
    for (const headers of elsewhere) {
      const response = await logIn({ email, password }, headers);
      expect(cookieIn(response)).toMatch(
        /^__Host-truewick_staff=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      );
    }
  });

  test("over https the cookie without the prefix is not read", async () => {
    const { email } = await aStaff(house);
    const pair = pairIn(await logIn({ email, password }));
    expect((await ask(pair).set("X-Forwarded-Proto", "https")).status).toBe(401);
  });

  test("S14 each login has a new session, and the one before in the same browser ends", async () => {
    const { email } = await aStaff(house);
    const first = pairIn(await logIn({ email, password }));
    const second = pairIn(await logIn({ email, password }, { Cookie: first }));
    expect(second).not.toBe(first);
    expect((await ask(first)).status).toBe(401);
    expect((await ask(second)).status).toBe(200);
  });

  test("S01 unknown person, wrong password and disabled person get one answer", async () => {
    const [known, disabled] = [await aStaff(house), await aStaff(house)];
    granted(await house.identity.setPersonState(systemActor, "staff", disabled.id, "disabled"));
    const answers = await Promise.all([
      logIn({ email: "nobody@example.com", password }),
      logIn({ email: known.email, password: "wrong password" }),
      logIn({ email: disabled.email, password }),
    ]);
    const shown = answers.map(({ status, body, headers }) => ({ status, body, headers: { ...headers, date: "" } }));
    expect(shown[0]).toMatchObject({ status: 401, body: { code: "LOGIN_REFUSED" } });
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
  });

  test.each([
    [{ email: "a@example.com" }, "password"],
    [{ email: "no address", password: "x" }, "email"],
    [{ email: "a@example.com", password: "x", role: "admin" }, "role"],
    [{ email: "a@example.com", password: "x", totp: "12345" }, "totp"],
    [{ email: "a@example.com", password: ["x"] }, "password"],
    [{ email: "a@example.com", password: "x".repeat(129) }, "password"],
  ])("%j is malformed in %s", async (body, field) => {
    const response = await logIn(body);
    expect(response.status).toBe(422);
    expect(Object.keys(response.body.errors)).toEqual([field]);
  });
});

describe("one-time codes", () => {
  const secret = new Secret({ size: 20 });
  const codeAt = (seconds: number): string =>
    new TOTP({ secret }).generate({ timestamp: house.clock.now().getTime() + seconds * 1000 });
  const enrolled = async (): Promise<string> => {
    const { id, email } = await aStaff(house);
    await house.db.owner("staff").where({ id }).update({ totp_secret: secret.base32 });
    return email;
  };

  test("S07 the code is needed, counts once, and one step around now is allowed", async () => {
    const email = await enrolled();
    expect((await logIn({ email, password })).body.code).toBe("TOTP_REQUIRED");
    expect((await logIn({ email, password, totp: codeAt(-30) })).status).toBe(200);
    expect((await logIn({ email, password, totp: codeAt(-30) })).status).toBe(401);
    expect((await logIn({ email, password, totp: codeAt(0) })).status).toBe(200);
    expect((await logIn({ email, password, totp: codeAt(30) })).status).toBe(200);
    expect((await logIn({ email, password, totp: codeAt(0) })).status).toBe(401);
  });

  test("S07 a code two steps away is none", async () => {
    const email = await enrolled();
    for (const seconds of [-60, 60])
      expect((await logIn({ email, password, totp: codeAt(seconds) })).body.code).toBe("LOGIN_REFUSED");
  });

  test("of two logins with one code at once, one is let in", async () => {
    const email = await enrolled();
    const totp = codeAt(0);
    const answers = await Promise.all([1, 2, 3, 4].map(() => logIn({ email, password, totp })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401, 401]);
  });

  test("a right password without the code tells nothing to one who has the password wrong", async () => {
    expect((await logIn({ email: await enrolled(), password: "wrong password" })).body.code).toBe("LOGIN_REFUSED");
  });
});

describe("a session", () => {
  const session = async (): Promise<{ id: string; cookie: string }> => {
    const { id, email } = await aStaff(house);
    return { id, cookie: pairIn(await logIn({ email, password })) };
  };

  test("S15 ends after 15 minutes unused, not while it is used", async () => {
    const { cookie } = await session();
    for (let i = 0; i < 3; i++) {
      house.clock.move({ minutes: 14 });
      expect((await ask(cookie)).status).toBe(200);
    }
    house.clock.move({ minutes: 15, seconds: 1 });
    expect((await ask(cookie)).status).toBe(401);
  });

  test("S15 ends after 8 hours even if used", async () => {
    const { cookie } = await session();
    for (let i = 0; i < 47; i++) {
      house.clock.move({ minutes: 10 });
      expect((await ask(cookie)).status).toBe(200);
    }
    house.clock.move({ minutes: 10, seconds: 1 });
    expect((await ask(cookie)).status).toBe(401);
  });

  test("S11 ends at logout, and the others are told", async () => {
    const { id, cookie } = await session();
    expect((await ask(cookie)).status).toBe(200);
    const out = await request(house.app)
      .delete("/api/admin/session")
      .set({ Host: "localhost", Cookie: cookie, Origin: "http://localhost" });
    expect(out.status).toBe(204);
    expect(cookieIn(out)).toMatch(/^truewick_staff=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect((await ask(cookie)).status).toBe(401);
    expect(house.announced).toContainEqual({
      kind: "session-ended",
      subjectKind: "staff",
      subjectId: id,
      code: "LOGGED_OUT",
    });
  });

  test("S13 ends when the person is disabled, and does not come back when he is enabled", async () => {
    const { id, cookie } = await session();
    expect((await ask(cookie)).status).toBe(200);
    granted(await house.identity.setPersonState(systemActor, "staff", id, "disabled"));
    expect((await ask(cookie)).status).toBe(401);
    granted(await house.identity.setPersonState(systemActor, "staff", id, "active"));
    expect((await ask(cookie)).status).toBe(401);
  });

  test("S12 ends with a new password, the others' do not", async () => {
    const [mine, other] = [await session(), await session()];
    granted(await house.identity.setPassword(systemActor, "staff", mine.id, "another good password"));
    expect((await ask(mine.cookie)).status).toBe(401);
    expect((await ask(other.cookie)).status).toBe(200);
  });

  test("S28 ends with another role, even when the row was changed behind the server's back", async () => {
    const { id, cookie } = await session();
    await house.db.owner("staff").where({ id }).update({ role: "support" });
    expect((await ask(cookie)).status).toBe(401);
  });

  test("ends with the partner, for the partner's own staff", async () => {
    const { id: tenantId } = await aPartner(house);
    const { email } = await aStaff(house, { ...systemActor, tenantId });
    const cookie = pairIn(await logIn({ email, password }));
    expect((await ask(cookie)).body.tenantId).toBe(tenantId);
    await house.db.owner("partners").where({ id: tenantId }).update({ state: "disabled" });
    house.identity.hear({ kind: "changed", resource: "partners", id: String(tenantId) });
    expect((await ask(cookie)).status).toBe(401);
    expect((await logIn({ email, password })).status).toBe(401);
  });
});

describe("writes by cookie", () => {
  test.each([
    ["from a foreign page", { Origin: "https://evil.example" }],
    ["from a page of another port", { Origin: "http://localhost:9999" }],
    ["from a sandboxed page", { Origin: "null" }],
    ["without an origin", {}],
  ])("S59 %s are refused", async (_case, headers) => {
    const { email } = await aStaff(house);
    const cookie = pairIn(await logIn({ email, password }));
    const write = () => request(house.app).post("/staff").set({ Host: "localhost", Cookie: cookie });
    expect((await write().set(headers)).body.code).toBe("FOREIGN_ORIGIN");
    expect((await write().set("Origin", "http://localhost")).status).toBe(200);
    expect((await request(house.app).get("/staff").set({ Host: "localhost", Cookie: cookie })).status).toBe(200);
  });

  test("a foreign page cannot log a browser in", async () => {
    const { email } = await aStaff(house);
    expect((await logIn({ email, password }, { Origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("API keys", () => {
  test("stand for their person, need no origin, and die with revocation or with the person", async () => {
    const { id } = await aStaff(house);
    const [first, second] = [
      granted(await house.identity.createApiKey(systemActor, id, "nightly export")),
      granted(await house.identity.createApiKey(systemActor, id, "second")),
    ];
    const write = (key: string) => request(house.app).post("/staff").set("Authorization", `Bearer ${key}`);
    expect((await write(first.key)).body.staffId).toBe(id);
    await house.db.app("api_keys").where({ staff_id: id, name: "nightly export" }).update({ revoked_at: new Date() });
    house.clock.move({ seconds: 3 });
    expect((await write(first.key)).status).toBe(401);
    expect((await write(second.key)).status).toBe(200);
    granted(await house.identity.setPersonState(systemActor, "staff", id, "disabled"));
    expect((await write(second.key)).status).toBe(401);
  });

  test.each(["", "Bearer", "Bearer x", "Basic dXNlcjpwYXNz", `Bearer twk_${"A".repeat(43)}`])(
    "%j is none",
    async (value) => {
      expect((await request(house.app).get("/staff").set("Authorization", value)).status).toBe(401);
    },
  );
});
