import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type JWTHeaderParameters, SignJWT, UnsecuredJWT } from "jose";
import request from "supertest";
import { systemActor } from "../../server/platform/db/unit-of-work.ts";
import { aPartner, aTrader, audience, granted, type TestHouse, testHouse } from "../support/house.ts";

let house: TestHouse;
let partner: Awaited<ReturnType<typeof aPartner>>;
beforeAll(async () => {
  house = await testHouse();
  partner = await aPartner(house);
});
afterAll(() => house.close());

const logIn = (body: object) => request(house.app).post("/api/trading/session").send(body);
const ask = (token: string) => request(house.app).get("/trader").set("Authorization", `Bearer ${token}`);
const seconds = () => Math.floor(house.clock.now().getTime() / 1000);
let issued = 0;

interface Token {
  readonly claims?: Record<string, unknown>;
  readonly header?: Partial<JWTHeaderParameters>;
  readonly by?: { id: number; keyId: string; privateKeyPem: string };
}

function claimsOf({ claims = {}, by = partner }: Token) {
  const now = seconds();
  const all = {
    iss: String(by.id),
    aud: audience,
    sub: "customer-1",
    iat: now,
    exp: now + 60,
    jti: `jti-${++issued}`,
    ...claims,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
/** A token as the partner's backend signs it, with what a test changes in it. */
const token = (given: Token = {}): Promise<string> => {
  const { header = {}, by = partner } = given;
  return new SignJWT(claimsOf(given))
    .setProtectedHeader({ alg: "EdDSA", kid: by.keyId, ...header })
    .sign(createPrivateKey(by.privateKeyPem));
};

describe("by partner token", () => {
  test("a first login registers the partner's trader with a funded demo account; the next finds him", async () => {
    const sub = "new-customer";
    const first = await logIn({ partnerToken: await token({ claims: { sub, name: "Nina New" } }) });
    expect(first.status).toBe(200);
    expect(first.body.trader).toMatchObject({ name: "Nina New", email: null });
    expect(first.body.accounts).toMatchObject([{ book: "demo", currency: "USD" }]);
    const second = await logIn({ partnerToken: await token({ claims: { sub } }) });
    expect(second.body.trader).toEqual(first.body.trader);
    const funds = await house.db
      .app("balances as b")
      .join("accounts as a", "a.ledger_account_id", "b.ledger_account_id")
      .where("a.id", first.body.accounts[0].id)
      .first("b.posted");
    expect(funds.posted).toBe(1_000_000n);
  });

  test("ten first logins at once make one trader", async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => token({ claims: { sub: "in-a-hurry" } })));
    const answers = await Promise.all(tokens.map((partnerToken) => logIn({ partnerToken })));
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
    expect(new Set(answers.map((answer) => answer.body.trader.id)).size).toBe(1);
  });

  test("ES256 is accepted as well", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const by = {
      id: partner.id,
      keyId: "ec-key",
      privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    const public_key_pem = publicKey.export({ type: "spki", format: "pem" });
    await house.db.app("partner_keys").insert({ id: by.keyId, tenant_id: partner.id, public_key_pem });
    expect((await logIn({ partnerToken: await token({ by, header: { alg: "ES256" } }) })).status).toBe(200);
  });

  const refused = async (partnerToken: string): Promise<void> => {
    const { status, body } = await logIn({ partnerToken });
    expect({ status, code: body.code }).toEqual({ status: 401, code: "PARTNER_TOKEN_REFUSED" });
  };

  test("a subject, name or token id that cannot be stored is no valid claim", async () => {
    await refused(await token({ claims: { sub: "a\u0000b" } }));
    await refused(await token({ claims: { jti: "a\u0000b" } }));
    const named = await logIn({ partnerToken: await token({ claims: { sub: "odd-name", name: "a\ud800" } }) });
    expect([named.status, named.body.trader?.name]).toEqual([200, "odd-name"]);
  });

  test("S17 unsigned, or signed by HMAC with the public key as secret", async () => {
    await refused(new UnsecuredJWT(claimsOf({})).encode());
    const publicPem = createPublicKey(partner.privateKeyPem).export({ type: "spki", format: "pem" });
    const hmac = new SignJWT(claimsOf({})).setProtectedHeader({ alg: "HS256", kid: partner.keyId });
    await refused(await hmac.sign(new TextEncoder().encode(publicPem.toString())));
  });

  test("S17 another key: unknown id, another partner's, or one brought along in the header", async () => {
    const other = await aPartner(house);
    const jwk = createPublicKey(other.privateKeyPem).export({ format: "jwk" });
    await refused(await token({ header: { kid: "unknown" } }));
    await refused(await token({ header: { kid: undefined } }));
    await refused(await token({ header: { kid: other.keyId } }));
    await refused(await token({ by: { ...other, keyId: partner.keyId, id: partner.id } }));
    await refused(await token({ by: { ...other, keyId: partner.keyId, id: partner.id }, header: { jwk } }));
    await refused(
      await token({ by: { ...other, keyId: "x", id: partner.id }, header: { jku: "http://127.0.0.1:9/keys" } }),
    );
  });

  test.each<[string, (now: number) => Record<string, unknown>]>([
    ["expired", (now) => ({ iat: now - 70, exp: now - 10 })],
    ["not valid yet", (now) => ({ nbf: now + 30 })],
    ["issued ten minutes ago", (now) => ({ iat: now - 600, exp: now + 30 })],
    ["issued in the future", (now) => ({ iat: now + 60, exp: now + 90 })],
    ["without an end", () => ({ exp: undefined })],
    ["without a time of issue", () => ({ iat: undefined })],
    ["living longer than a minute", (now) => ({ exp: now + 61 })],
    ["for another service", () => ({ aud: "https://elsewhere.example" })],
    ["for nobody", () => ({ aud: undefined })],
    ["from another issuer", () => ({ iss: "999" })],
    ["without a subject", () => ({ sub: undefined })],
    ["with an empty subject", () => ({ sub: "" })],
    ["with a subject of 129 characters", () => ({ sub: "x".repeat(129) })],
    ["without an id", () => ({ jti: undefined })],
  ])("S18 a token %s", async (_case, claims) => {
    await refused(await token({ claims: claims(seconds()) }));
  });

  test("S18 a token used twice, at once or later", async () => {
    const once = await token();
    const answers = await Promise.all([1, 2, 3].map(() => logIn({ partnerToken: once })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401, 401]);
    await refused(once);
  });

  test("ids of dead tokens are forgotten, those of live ones are not", async () => {
    await logIn({ partnerToken: await token({ claims: { jti: "swept" } }) });
    house.clock.move({ minutes: 2 });
    await logIn({ partnerToken: await token({ claims: { jti: "kept" } }) });
    expect(await house.db.app("partner_token_uses").where({ tenant_id: partner.id }).pluck("jti")).toEqual(["kept"]);
  });

  test("S19 a subject of another partner is a trader of its own; claims of roles and e-mails give nothing", async () => {
    const other = await aPartner(house);
    const mine = await aTrader(house, partner.id);
    const claims = { sub: "shared-name", role: "operator", email: mine.email, tenantId: partner.id, accountIds: ["x"] };
    const [a, b] = [
      await logIn({ partnerToken: await token({ claims }) }),
      await logIn({ partnerToken: await token({ claims, by: other }) }),
    ];
    expect(a.body.trader.id).not.toBe(b.body.trader.id);
    expect(b.body.trader).toMatchObject({ email: null });
    const who = (await ask(b.body.accessToken)).body;
    expect(who).toMatchObject({ tenantId: other.id, accountIds: [b.body.accounts[0].id] });
    expect((await request(house.app).get("/staff").set("Authorization", `Bearer ${b.body.accessToken}`)).status).toBe(
      401,
    );
  });

  test("S20 a revoked key, a disabled partner, a disabled trader", async () => {
    const by = await aPartner(house);
    const first = await logIn({ partnerToken: await token({ by }) });
    granted(await house.identity.setPersonState(systemActor, "trader", first.body.trader.id, "disabled"));
    await refused(await token({ by }));
    granted(await house.identity.setPersonState(systemActor, "trader", first.body.trader.id, "active"));
    await house.db.owner("partners").where({ id: by.id }).update({ state: "disabled" });
    await refused(await token({ by }));
    await house.db.owner("partners").where({ id: by.id }).update({ state: "active" });
    expect((await logIn({ partnerToken: await token({ by }) })).status).toBe(200);
    granted(await house.accounts.revokePartnerKey(systemActor, by.id, by.keyId));
    await refused(await token({ by }));
  });

  test.each(["x", "a.b.c", "..", "eyJhbGciOiJFZERTQSJ9.e30.", "a".repeat(4096)])("rubbish: %s", async (text) => {
    await refused(text);
  });
});
