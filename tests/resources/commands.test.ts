import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { argon2Passwords } from "../../server/platform/security/passwords.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { type Sender, senderOf } from "./support/sender.ts";
import { aStaff } from "./support/world.ts";

/** Every declared command does what its consequence says, and the audit log knows why. */
const admin = aStaff("admin");

let desk: Desk;
let send: Sender["send"];
let command: Sender["command"];
let lastAudit: Sender["lastAudit"];
beforeAll(async () => {
  desk = await openDesk();
  ({ send, command, lastAudit } = senderOf(desk, admin));
});
afterAll(() => desk?.close());
beforeEach(() => {
  desk.announced.length = 0;
});

test("an instrument is halted with a reason", async () => {
  const [status, after] = await command("/instruments/MES", "set-trade-mode", {
    tradeMode: "halted",
    reason: "Venue is down",
  });
  expect([status, after.tradeMode]).toEqual([200, "halted"]);
  expect(await lastAudit("instruments")).toMatchObject({
    action: "set-trade-mode",
    before: { tradeMode: "full" },
    after: { tradeMode: "halted" },
    reason: "Venue is down",
  });
  expect((await command("/instruments/MES", "set-trade-mode", { tradeMode: "halted" }))[1].errors).toEqual({
    reason: "is needed",
  });
});

test("a trader, a partner, an agent and a member of staff are disabled and enabled; their sessions end", async () => {
  const { alpha } = desk.world;
  const staff = await desk.database.owner("staff").where({ email: "desk@alpha.example" }).first("id");
  const session = (kind: string, id: string) =>
    desk.database.owner("sessions").insert({
      token_hash: Buffer.from(`${kind}${id}`),
      subject_kind: kind,
      subject_id: id,
      expires_at: "2099-01-01",
    });
  await session("trader", alpha.traders[0]);
  await session("trader", alpha.traders[1]);
  await session("staff", staff.id);
  const open = async () =>
    (await desk.database.owner("sessions").whereNull("revoked_at").orderBy("subject_id").select("subject_id")).length;
  for (const [path, left] of [
    [`/traders/${alpha.traders[0]}`, 2],
    [`/partners/${alpha.id}`, 0],
    [`/staff/${staff.id}`, 0],
    [`/agents/${alpha.agents[1]}`, 0],
  ] as const) {
    const [status, after] = await command(path, "disable", { reason: "Asked by the police" });
    expect([path, status, after.state, await open()]).toEqual([path, 200, "disabled", left]);
    expect(await lastAudit(path.split("/")[1] ?? "")).toMatchObject({
      action: "disable",
      reason: "Asked by the police",
    });
    expect((await command(path, "enable", { reason: "Cleared" }))[1].state).toBe("active");
  }
  const ended = desk.announced.filter(({ kind }) => kind === "session-ended");
  expect(ended.map((announcement) => "subjectId" in announcement && announcement.subjectId)).toEqual(
    expect.arrayContaining([alpha.traders[0], alpha.traders[1], staff.id]),
  );
});

test("a partner's key is added, told once, and revoked; another partner's key is out of reach", async () => {
  const { alpha, beta } = desk.world;
  const add = () =>
    send("POST", `/partners/${alpha.id}/commands/add-key`, { reason: "Yearly change" }, { "Idempotency-Key": "key" });
  const [status, added] = await add();
  expect([status, added.id, added.privateKeyPem]).toEqual([200, alpha.id, expect.stringMatching(/BEGIN PRIVATE KEY/)]);
  expect((await add())[1]).not.toHaveProperty("privateKeyPem");
  expect(await lastAudit("partners")).toMatchObject({ action: "add-key", reason: "Yearly change" });
  const { rows } = await desk.database.owner.raw(
    "SELECT string_agg(response::text, '') || (SELECT string_agg(concat(before, after), '') FROM audit_log) AS stored FROM idempotency_keys",
  );
  expect(rows[0].stored).not.toContain("PRIVATE KEY");

  const revoke = (partner: number) =>
    command(`/partners/${partner}`, "revoke-key", { keyId: added.keyId, reason: "Lost" });
  expect((await revoke(beta.id))[1].errors).toEqual({ keyId: "This partner has no such key in force." });
  expect((await revoke(alpha.id))[0]).toBe(200);
  expect((await revoke(alpha.id))[0]).toBe(422);
  const listed = (await (await desk.request(admin, `/partner-keys/${added.keyId}`)).json()) as object;
  expect(listed).toMatchObject({ tenantId: alpha.id, state: "revoked" });
  const staff = aStaff("admin", { tenantId: alpha.id });
  expect((await command(`/partners/${alpha.id}`, "add-key", { reason: "Own" }, staff))[0]).toBe(403);
});

test("an account is restricted to exits", async () => {
  const [id] = desk.world.beta.accounts;
  const [status, after] = await command(`/accounts/${id}`, "set-state", { state: "close-only", reason: "Complaint" });
  expect([status, after.state, after.version]).toEqual([200, "close-only", 2]);
});

test("a new password works, the old one does not, and one that is easily guessed is refused", async () => {
  const [, made] = await send("POST", "/staff", {
    name: "Kim",
    email: "kim@operator.example",
    role: "risk",
    password: "violet-harbor-91-kettle",
  });
  const hash = async () =>
    (await desk.database.owner("staff").where({ id: made.id }).first("password_hash")).password_hash;
  const { matches } = argon2Passwords();
  expect((await command(`/staff/${made.id}`, "reset-password", { password: "copper-meadow-17-violin" }))[0]).toBe(200);
  expect(await matches(await hash(), "copper-meadow-17-violin")).toBe(true);
  expect(await matches(await hash(), "violet-harbor-91-kettle")).toBe(false);
  expect((await command(`/staff/${made.id}`, "reset-password", { password: "password1" }))[1].errors).toHaveProperty(
    "password",
  );
});

test("nobody changes his own role, disables himself, or takes the last administrator's role", async () => {
  const [, other] = await send("POST", "/staff", {
    name: "Ada",
    email: "ada@operator.example",
    role: "admin",
    password: "violet-harbor-91-kettle",
  });
  const ada = aStaff("admin", { staffId: String(other.id) });
  expect((await send("PUT", `/staff/${other.id}`, { role: "risk", version: 1 }, {}, ada))[1].code).toBe("SELF");
  expect((await command(`/staff/${other.id}`, "disable", { reason: "x" }, ada))[1].code).toBe("SELF");
  expect((await send("PUT", `/staff/${other.id}`, { role: "risk", version: 1 }))[1].code).toBe("LAST_ADMIN");
});

test("a command said twice with one idempotency key is done once and answered twice", async () => {
  const path = `/accounts/${desk.world.beta.accounts[1]}/commands/set-state`;
  const say = () => send("POST", path, { state: "disabled", reason: "Twice" }, { "Idempotency-Key": "said-once" });
  const answers = await Promise.all([say(), say(), say()]);
  for (const answer of answers) expect(answer).toEqual([200, answers[0]?.[1]]);
  expect(await desk.database.owner("audit_log").where({ reason: "Twice" }).count({ n: "*" })).toEqual([{ n: 1n }]);
});
