import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import request from "supertest";
import { systemActor } from "../../server/platform/db/unit-of-work.ts";
import { aPartner, aTrader, granted, password, type TestHouse, testHouse } from "../support/house.ts";

let house: TestHouse;
let partner: Awaited<ReturnType<typeof aPartner>>;
beforeAll(async () => {
  house = await testHouse();
  partner = await aPartner(house);
});
afterAll(() => house.close());

const logIn = (body: object) => request(house.app).post("/api/trading/session").send(body);
const ask = (token: string) => request(house.app).get("/trader").set("Authorization", `Bearer ${token}`);
describe("by e-mail and password", () => {
  test("answers a token, the trader and his accounts, live first", async () => {
    const { id, email } = await aTrader(house, partner.id);
    for (const book of ["demo", "live"] as const)
      granted(await house.accounts.openAccount(systemActor, { traderId: id, book, currency: "USD" }));
    const response = await logIn({ email, password });
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: new Date(house.clock.now().getTime() + 8 * 3_600_000).toISOString(),
      trader: { id, name: "Some One", email, locale: "en" },
      accounts: [
        { id: expect.any(String), book: "live", currency: "USD" },
        { id: expect.any(String), book: "demo", currency: "USD" },
      ],
    });
    const { body } = await ask(response.body.accessToken);
    expect(body).toMatchObject({ traderId: id, tenantId: partner.id });
    expect(body.accountIds).toEqual(response.body.accounts.map((account: { id: string }) => account.id));
  });

  test("S01 unknown, wrong, disabled and partner-only traders get one answer", async () => {
    const [known, disabled] = [await aTrader(house, partner.id), await aTrader(house, partner.id)];
    granted(await house.identity.setPersonState(systemActor, "trader", disabled.id, "disabled"));
    const answers = [
      await logIn({ email: "nobody@example.com", password }),
      await logIn({ email: known.email, password: "wrong password" }),
      await logIn({ email: disabled.email, password }),
    ];
    expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
      answers.map(() => ({ status: 401, body: { code: "LOGIN_REFUSED", message: expect.any(String) } })),
    );
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  });

  test("only the hash of a token is stored", async () => {
    const { email } = await aTrader(house, partner.id);
    const { accessToken } = (await logIn({ email, password })).body;
    const { rows } = await house.db.owner.raw("SELECT count(*) AS n FROM sessions s WHERE s::text LIKE ?", [
      `%${accessToken}%`,
    ]);
    expect(rows).toEqual([{ n: 0n }]);
  });

  test("S11 S13 S15 the token ends at logout, when the trader is disabled, and after 8 hours", async () => {
    const { id, email } = await aTrader(house, partner.id);
    const [first, second] = [
      (await logIn({ email, password })).body.accessToken,
      (await logIn({ email, password })).body.accessToken,
    ];
    expect((await ask(first)).status).toBe(200);
    await request(house.app).delete("/api/trading/session").set("Authorization", `Bearer ${first}`).expect(204);
    expect((await ask(first)).status).toBe(401);
    expect((await ask(second)).status).toBe(200);
    granted(await house.identity.setPersonState(systemActor, "trader", id, "disabled"));
    expect((await ask(second)).status).toBe(401);
    expect(house.announced).toContainEqual({
      kind: "session-ended",
      subjectKind: "trader",
      subjectId: id,
      code: "DISABLED",
    });
    granted(await house.identity.setPersonState(systemActor, "trader", id, "active"));
    const third = (await logIn({ email, password })).body.accessToken;
    house.clock.move({ minutes: 8 * 60 - 1 });
    expect((await ask(third)).status).toBe(200);
    house.clock.move({ minutes: 1 });
    expect((await ask(third)).status).toBe(401);
  });

  test("a trader's token is no staff session, and none is none", async () => {
    const { email } = await aTrader(house, partner.id);
    const { accessToken } = (await logIn({ email, password })).body;
    const staff = request(house.app).get("/staff").set("Authorization", `Bearer ${accessToken}`);
    expect((await staff).status).toBe(401);
    const none = await request(house.app).get("/trader");
    expect([none.status, none.headers["www-authenticate"]]).toEqual([401, "Bearer"]);
  });

  test.each([{}, { email: "a@example.com" }, { partnerToken: "" }, { partnerToken: "x", email: "a@example.com" }, []])(
    "%j is malformed",
    async (body) => {
      expect((await logIn(body)).status).toBe(422);
    },
  );
});
