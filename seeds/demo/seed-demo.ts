import { randomBytes } from "node:crypto";
import type { Knex } from "knex";
import type { Book } from "#contracts/names.ts";
import { assert, type Result } from "#core/result.ts";
import { minorUnits } from "#core/units.ts";
import * as accounts from "../../server/capabilities/accounts/index.ts";
import { type Identity, identity } from "../../server/capabilities/identity/index.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { type Actor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { keyIdOf, readPartnerToken } from "../../server/platform/security/partner-token.ts";
import { argon2Passwords } from "../../server/platform/security/passwords.ts";
import { totpStep } from "../../server/platform/security/totp.ts";
import { type DemoPartner, type DemoStaff, type DemoTrader, demoFunds, partners, staff } from "./cast.ts";
import type { Credentials } from "./credentials-file.ts";
import { makePlans } from "./plans.ts";

/** The commands the demo is made with: the same that the server runs. */
interface Commands {
  readonly db: Knex;
  readonly actor: Actor;
  readonly deps: accounts.AccountsDeps;
  readonly identity: Identity;
  /** What an earlier seed wrote, so that its passwords stay. */
  readonly before: Credentials | null;
  readonly tell: (line: string) => void;
}

/**
 * Makes the demo's partners, agents, traders, accounts, funds, commission plans and staff, each only if it is not there, and returns how to log
 * in. A person whose password is not known any more (the file was lost) gets a new one.
 */
export async function makeDemo(
  db: Knex,
  options: { actor: Actor; port: number; before: Credentials | null; tell: (line: string) => void },
): Promise<Credentials> {
  const { actor, port, before, tell } = options;
  const passwords = argon2Passwords();
  const deps = { transact: transactor(db), announce: () => {}, hashPassword: passwords.hash };
  const commands: Commands = {
    db,
    actor,
    deps,
    before,
    tell,
    identity: identity({
      ...deps,
      db,
      clock: systemClock,
      passwords,
      totpStep,
      partnerTokens: { keyIdOf, read: readPartnerToken },
      audiences: [],
      registerPartnerTrader: accounts.registerPartnerTrader(deps),
    }),
  };
  const made: Credentials = { staff: {} as Credentials["staff"], traders: [], partners: [] };
  const agentIds = new Map<string, { tenantId: number; agentId: string }>();
  for (const [place, partner] of partners.entries()) {
    // The first partner's pages are also this server's own, /demo/ among them.
    const origins = [...(place === 0 ? originsAt(port) : []), ...originsAt(port + 1 + place)];
    const own = originsAt(port + 1 + place)[0] ?? "";
    const partnerLogin = await makePartner(commands, partner, origins, own);
    made.partners.push(partnerLogin);
    await makeAgents(commands, partner, partnerLogin.id, agentIds);
    for (const trader of partner.traders)
      made.traders.push(await makeTrader(commands, partner, trader, partnerLogin.id, agentIds));
  }
  await makePlans(db, commands);
  for (const member of staff) made.staff[member.role] = await makeStaff(commands, member, agentIds);
  return made;
}

const originsAt = (port: number): string[] => [`http://localhost:${port}`, `http://127.0.0.1:${port}`];

async function makePartner(
  { db, actor, deps, before, tell }: Commands,
  partner: DemoPartner,
  origins: readonly string[],
  origin: string,
): Promise<Credentials["partners"][number]> {
  const found = await db("partners").where({ code: partner.code }).first("id", "origins");
  if (found === undefined) {
    const created = granted(await accounts.createPartner(deps)(actor, { ...partner, origins }));
    tell(`partner ${partner.name}`);
    return { id: created.id, origin, keyId: created.keyId, privateKeyPem: created.privateKeyPem };
  }
  // Started on another port, the demo's pages come from there.
  const missing = origins.filter((one) => !found.origins.includes(one));
  if (missing.length > 0) {
    granted(await accounts.allowOrigins(deps)(actor, found.id, missing));
    tell(`origins of ${partner.name}: ${missing.join(", ")}`);
  }
  const known = before?.partners.find((one) => one.id === found.id);
  const isLive =
    known !== undefined && (await db("partner_keys").where({ id: known.keyId, state: "active" }).first("id"));
  if (known !== undefined && isLive) return { ...known, origin };
  tell(`a new key of ${partner.name}`);
  return { id: found.id, origin, ...granted(await accounts.addPartnerKey(deps)(actor, found.id)) };
}

async function makeAgents(
  { db, actor, deps, tell }: Commands,
  partner: DemoPartner,
  tenantId: number,
  agentIds: Map<string, { tenantId: number; agentId: string }>,
): Promise<void> {
  for (const { code, name, parent } of partner.agents) {
    const found = await db("agents").where({ tenant_id: tenantId, code }).first("id");
    const parentId = agentIds.get(`${partner.code}/${parent}`)?.agentId;
    const above = parentId === undefined ? {} : { parentId };
    const id = found?.id ?? granted(await accounts.createAgent(deps)(actor, { tenantId, code, name, ...above })).id;
    if (found === undefined) tell(`agent ${name}`);
    agentIds.set(`${partner.code}/${code}`, { tenantId, agentId: id });
  }
}

async function makeTrader(
  commands: Commands,
  partner: DemoPartner,
  trader: DemoTrader,
  tenantId: number,
  agentIds: Map<string, { tenantId: number; agentId: string }>,
): Promise<Credentials["traders"][number]> {
  const { db, actor, deps, before, tell } = commands;
  const { name, email, locale } = trader;
  const found = await db("traders").whereRaw("lower(email) = ?", [email]).first("id");
  const known = before?.traders.find((one) => one.email === email)?.password;
  const password = found !== undefined && known !== undefined ? known : newPassword();
  let id: string | undefined = found?.id;
  if (id === undefined) {
    const agentId = agentIds.get(`${partner.code}/${trader.agent}`)?.agentId;
    const below = agentId === undefined ? {} : { agentId };
    id = granted(await accounts.registerTrader(deps)(actor, { tenantId, name, email, locale, password, ...below })).id;
    tell(`trader ${name}, a live and a demo account`);
  } else if (known === undefined) {
    granted(await commands.identity.setPassword(actor, "trader", id, password));
    tell(`a new password of ${name}`);
  }
  const accountId = await makeAccount(commands, id, "live", trader.live);
  const demoAccountId = await makeAccount(commands, id, "demo", demoFunds);
  return { email, password, accountId, demoAccountId };
}

/** Opens and funds an account; the funding is keyed by the account, so that a seed that was cut off goes on. */
async function makeAccount(
  { db, actor, deps }: Commands,
  traderId: string,
  book: Book,
  amount: bigint,
): Promise<string> {
  const found = await db("accounts").where({ trader_id: traderId, book, currency: "USD" }).first("id");
  const accountId: string =
    found?.id ?? granted(await accounts.openAccount(deps)(actor, { traderId, book, currency: "USD" })).id;
  const funded = await accounts.fundAccount(deps)(actor, {
    accountId,
    amount: minorUnits(amount),
    reason: "opening funds of the demo",
    requestId: accountId,
  });
  // Reused: an earlier release of the demo has funded it with another amount. What is there stays.
  if (!funded.ok && funded.refusal !== "REQUEST_ID_REUSED") granted(funded);
  return accountId;
}

async function makeStaff(
  { db, actor, identity, before, tell }: Commands,
  { role, name, email, agent }: DemoStaff,
  agentIds: Map<string, { tenantId: number; agentId: string }>,
): Promise<{ email: string; password: string }> {
  const found = await db("staff").whereRaw("lower(email) = ?", [email]).first("id");
  const known = before?.staff[role]?.email === email ? before.staff[role].password : undefined;
  if (found !== undefined && known !== undefined) return { email, password: known };
  const password = newPassword();
  if (found !== undefined) {
    granted(await identity.setPassword(actor, "staff", found.id, password));
    tell(`a new password of ${name}`);
    return { email, password };
  }
  const bound = agent === undefined ? { tenantId: null } : agentIds.get(agent.join("/"));
  assert(bound !== undefined, `the demo has no agent ${String(agent)}`);
  granted(await identity.createStaff(actor, { ...bound, role, name, email, password }));
  tell(`staff ${name} (${role})`);
  return { email, password };
}

const newPassword = (): string => randomBytes(15).toString("base64url");

function granted<Value>(result: Result<Value, string>): Value {
  assert(result.ok, `the demo seed was refused: ${result.ok ? "" : result.refusal}`);
  return result.value;
}
