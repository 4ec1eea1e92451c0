import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { minorUnits } from "#core/units.ts";
import { verifyBooks } from "../../../server/capabilities/ledger/index.ts";
import { type Actor, systemActor } from "../../../server/platform/db/unit-of-work.ts";
import { aPartner, aTrader, granted, password, type TestHouse, testHouse } from "../../support/house.ts";

let house: TestHouse;
let partnerId: number;
beforeAll(async () => {
  house = await testHouse();
  partnerId = (await aPartner(house)).id;
});
afterAll(() => house.close());

const refusal = async (result: Promise<{ ok: boolean; refusal?: unknown }>) => (await result).refusal;
const staffOf = (tenantId: number): Actor => ({
  ...systemActor,
  kind: "staff",
  id: randomUUID(),
  name: "someone",
  tenantId,
});
const audited = (objectId: string) =>
  house.db.app("audit_log").where({ object_id: objectId }).orderBy("id").pluck("action");

describe("partners", () => {
  test("come with a key whose private half is stored nowhere", async () => {
    const { id, keyId, privateKeyPem } = await aPartner(house);
    expect(privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const stored = await house.db.app("partner_keys").where({ tenant_id: id }).select("id", "public_key_pem");
    expect(stored).toEqual([{ id: keyId, public_key_pem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/) }]);
    const secret = privateKeyPem.split("\n")[1];
    const { rows } = await house.db.owner.raw("SELECT count(*) AS n FROM audit_log l WHERE l::text LIKE ?", [
      `%${secret}%`,
    ]);
    expect(rows).toEqual([{ n: 0n }]);
    expect(await audited(String(id))).toEqual(["add-key", "create"]);
  });

  test.each([
    "https://partner.example",
    "https://partner.example:8443",
    "http://localhost:3000",
    "http://127.0.0.1:3000",
  ])("%s is an origin", async (origin) => {
    expect((await aPartner(house, [origin])).id).toBeGreaterThan(0);
  });

  test.each([
    "https://partner.example/",
    "https://partner.example/page",
    "http://partner.example",
    "https://PARTNER.example",
    "https://*.example",
    "https://a@partner.example",
    "javascript:alert(1)",
    "null",
    "*",
    "",
  ])("%j is none", async (origin) => {
    const partner = { code: "no-such", name: "x", origins: [origin] };
    expect(await refusal(house.accounts.createPartner(systemActor, partner))).toBe("ORIGIN_INVALID");
  });

  test("have a code of their own", async () => {
    const partner = { code: "taken", name: "x", origins: [] };
    granted(await house.accounts.createPartner(systemActor, partner));
    expect(await refusal(house.accounts.createPartner(systemActor, partner))).toBe("PARTNER_CODE_TAKEN");
    expect(await refusal(house.accounts.createPartner(systemActor, { ...partner, code: "No Code" }))).toBe(
      "PARTNER_CODE_INVALID",
    );
  });
});

describe("agents", () => {
  test("stand in a tree of one partner", async () => {
    const other = await aPartner(house);
    const top = granted(
      await house.accounts.createAgent(systemActor, { tenantId: partnerId, code: "top", name: "Top" }),
    );
    const low = { tenantId: partnerId, parentId: top.id, code: "low", name: "Low" };
    const { id } = granted(await house.accounts.createAgent(systemActor, low));
    expect((await house.db.app("agents").where({ id }).first("line")).line).toEqual([top.id, id]);
    const make = (given: Partial<typeof low>, actor = systemActor) =>
      refusal(house.accounts.createAgent(actor, { ...low, ...given }));
    expect(await make({})).toBe("AGENT_CODE_TAKEN");
    expect(await make({ tenantId: other.id })).toBe("UNKNOWN_PARENT");
    expect(await make({ code: "x", parentId: randomUUID() })).toBe("UNKNOWN_PARENT");
    expect(await make({ tenantId: 999_999 })).toBe("UNKNOWN_PARTNER");
    expect(await make({ code: "x" }, staffOf(other.id))).toBe("UNKNOWN_PARTNER");
    expect(await make({ code: "bad code" })).toBe("AGENT_CODE_INVALID");
  });
});

describe("traders", () => {
  const register = (given: object) =>
    house.accounts.registerTrader(systemActor, { tenantId: partnerId, name: "Ada Marlow", ...given });

  test("have an e-mail of their own, whatever its case and partner, and a partner's id of their own", async () => {
    const other = await aPartner(house);
    granted(await register({ email: "ada@example.com", externalRef: "7" }));
    expect(await refusal(register({ email: "ADA@example.com", tenantId: other.id }))).toBe("EMAIL_TAKEN");
    expect(await refusal(register({ externalRef: "7" }))).toBe("EXTERNAL_REF_TAKEN");
    granted(await register({ externalRef: "7", tenantId: other.id }));
  });

  test("stand below an agent of their own partner", async () => {
    const other = await aPartner(house);
    const { id } = granted(
      await house.accounts.createAgent(systemActor, { tenantId: other.id, code: "elsewhere", name: "x" }),
    );
    expect(await refusal(register({ agentId: id }))).toBe("UNKNOWN_AGENT");
  });

  test.each(["short", "password123", "Truewick1", "ada.marlow1", "aaaaaaaaaaaa", "x".repeat(129)])(
    "do not get the password %j",
    async (weak) => {
      expect(await refusal(register({ email: "ada.marlow@example.com", password: weak }))).toBe(
        "PASSWORD_UNACCEPTABLE",
      );
    },
  );

  test.each(["correct horse battery", "🐎🔋🐎🔋🐎🔋🐎🔋", "   spaces   are fine", "z9".repeat(64)])(
    "may have %j",
    async (good) => {
      granted(await register({ email: `${randomUUID()}@example.com`, password: good }));
    },
  );

  test("S06 have their password as argon2id, and not in the audit log", async () => {
    const { id } = await aTrader(house, partnerId);
    const { password_hash } = await house.db.app("traders").where({ id }).first("password_hash");
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const { after } = await house.db.app("audit_log").where({ object_id: id }).first("after");
    expect(JSON.stringify(after)).not.toMatch(new RegExp(`hash|${password}`));
  });
});

describe("accounts", () => {
  const open = (traderId: string, book: "live" | "demo" = "live", currency = "USD", actor = systemActor) =>
    house.accounts.openAccount(actor, { traderId, book, currency });

  test("one for each trader, book and currency, each with its cash account that cannot go below zero", async () => {
    const { id } = await aTrader(house, partnerId);
    const live = granted(await open(id));
    granted(await open(id, "demo"));
    granted(await open(id, "live", "USDT"));
    expect(await refusal(open(id))).toBe("ACCOUNT_EXISTS");
    expect(await refusal(open(id, "live", "XXX"))).toBe("UNKNOWN_CURRENCY");
    expect(await refusal(open(randomUUID()))).toBe("UNKNOWN_TRADER");
    expect(await refusal(open(id, "demo", "EUR", staffOf((await aPartner(house)).id)))).toBe("UNKNOWN_TRADER");
    const cash = await house.db.app("ledger_accounts").where({ id: live.ledgerAccountId.toString() }).first();
    expect(cash).toMatchObject({ tenant_id: partnerId, book: "live", kind: "trader.cash", owner_id: id, floor: 0n });
  });

  test("ten openings at once make one account", async () => {
    const { id } = await aTrader(house, partnerId);
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(id)));
    expect(opened.filter((one) => one.ok)).toHaveLength(1);
  });
});

describe("funding", () => {
  const anAccount = async (book: "live" | "demo" = "live"): Promise<string> => {
    const { id } = await aTrader(house, partnerId);
    return granted(await house.accounts.openAccount(systemActor, { traderId: id, book, currency: "USD" })).id;
  };
  const fund = (
    accountId: string,
    amount: bigint,
    more: { reason?: string; requestId?: string } = {},
    actor = systemActor,
  ) =>
    house.accounts.fundAccount(actor, { accountId, amount: minorUnits(amount), reason: "a goodwill payment", ...more });
  const legsOf = (groupId: string) =>
    house.db
      .app("transfers as t")
      .join("ledger_accounts as d", "d.id", "t.debit_account")
      .join("ledger_accounts as c", "c.id", "t.credit_account")
      .where({ group_id: groupId })
      .select("t.code", "t.amount", "t.memo", "d.kind as from", "c.kind as to");

  test("a live account by hand is an adjustment against the house's equity, with its reason", async () => {
    const account = await anAccount();
    const paidIn = granted(await fund(account, 5_000n));
    expect(paidIn.balance).toBe(5_000n);
    expect(await legsOf(paidIn.groupId)).toEqual([
      { code: 40, amount: 5_000n, memo: "a goodwill payment", from: "equity.adjustment", to: "trader.cash" },
    ]);
    const takenOut = granted(await fund(account, -1_500n));
    expect(takenOut.balance).toBe(3_500n);
    expect(await legsOf(takenOut.groupId)).toMatchObject([{ code: 40, from: "trader.cash", to: "equity.adjustment" }]);
    expect(await audited(account)).toEqual(["create", "fund", "fund"]);
    const entry = await house.db.app("audit_log").where({ object_id: account }).orderBy("id", "desc").first();
    expect(entry.before).toEqual({ balance: "50.00", currency: "USD" });
    expect(entry.after).toMatchObject({ balance: "35.00", amount: "-15.00", currency: "USD", code: 40 });
    expect(house.announced).toContainEqual({ kind: "settled", accountId: account, orderIds: [] });
  });

  test("demo money comes from the demo book's bank", async () => {
    const paidIn = granted(await fund(await anAccount("demo"), 9n));
    expect(await legsOf(paidIn.groupId)).toMatchObject([
      { code: 1, amount: 9n, from: "clearing.bank", to: "trader.cash" },
    ]);
  });

  test("the same request moves money once, however often and fast it is sent; with other contents it is refused", async () => {
    const account = await anAccount();
    const requestId = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => fund(account, 100n, { requestId })));
    expect(new Set(answers.map((answer) => granted(answer).groupId)).size).toBe(1);
    expect(answers.map((answer) => granted(answer).balance)).toEqual(Array(10).fill(100n));
    expect(await refusal(fund(account, 101n, { requestId }))).toBe("REQUEST_ID_REUSED");
    expect(await refusal(fund(await anAccount(), 100n, { requestId }))).toBe("REQUEST_ID_REUSED");
  });

  test("no reason, no amount, no account, another partner's account, or more than there is: refused, nothing moved", async () => {
    const account = await anAccount();
    granted(await fund(account, 100n));
    const journal = await house.db.app("transfers").count("* as n");
    expect(await refusal(fund(account, 1n, { reason: "  " }))).toBe("REASON_REQUIRED");
    expect(await refusal(fund(account, 1n, { reason: "x".repeat(501) }))).toBe("REASON_REQUIRED");
    expect(await refusal(fund(account, 0n))).toBe("AMOUNT_ZERO");
    expect(await refusal(fund(randomUUID(), 1n))).toBe("UNKNOWN_ACCOUNT");
    expect(await refusal(fund(account, 1n, {}, staffOf((await aPartner(house)).id)))).toBe("UNKNOWN_ACCOUNT");
    expect(await refusal(fund(account, -101n))).toBe("INSUFFICIENT_FUNDS");
    expect(await house.db.app("transfers").count("* as n")).toEqual(journal);
  });

  test("of twenty withdrawals of everything at once, one succeeds", async () => {
    const account = await anAccount();
    granted(await fund(account, 100n));
    const answers = await Promise.all(Array.from({ length: 20 }, () => fund(account, -100n)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal])))).toEqual(
      new Set(["INSUFFICIENT_FUNDS"]),
    );
  });

  test("the books balance after it all", async () => {
    expect(await verifyBooks(house.db.app)).toEqual([]);
  });
});
