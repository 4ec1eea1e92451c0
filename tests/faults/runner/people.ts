import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import type { StaffRole } from "#contracts/names.ts";
import { minorUnits } from "#core/units.ts";
import * as accounts from "../../../server/capabilities/accounts/index.ts";
import { type Identity, identity } from "../../../server/capabilities/identity/index.ts";
import { addTarget } from "../../../server/capabilities/withdrawals/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { keyIdOf, readPartnerToken } from "../../../server/platform/security/partner-token.ts";
import { argon2Passwords } from "../../../server/platform/security/passwords.ts";
import { totpStep } from "../../../server/platform/security/totp.ts";
import { granted } from "../../support/house.ts";
import { hireAgents } from "./agents.ts";
import { openChannels } from "./channels.ts";
import type { Tether } from "./pay-chain.ts";

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly accountId: string;
  /** Where he is paid to. */
  readonly targetId: string;
  /** His account in USDT, and where money comes and goes by it, once he has asked; null: the run has no chain. */
  readonly tetherAccountId: string | null;
  readonly tether: Tether | null;
  /** What the account began with. */
  readonly cents: bigint;
}

/** A member of staff who works queues through the back office's API. */
export interface Clerk {
  readonly id: string;
  readonly name: string;
  readonly role: StaffRole;
  readonly key: string;
}

/** Who acts in a run: traders with live accounts, each under an agent or none, and staff. */
export interface People {
  readonly tenantId: number;
  readonly traders: readonly Person[];
  /** Who take part in nothing but the faults that need an account of their own. */
  readonly extras: readonly Person[];
  readonly staffKey: string;
  /** Two who review and decide, two who pay, each a person of his own. */
  readonly clerks: { readonly ann: Clerk; readonly ben: Clerk; readonly cem: Clerk; readonly dee: Clerk };
  /** Where the bank's statements are handed in. */
  readonly bankAccountId: string;
}

/** Any account that money can be sent to. */
const traderIban = "GB82WEST12345698765432";

/** Makes them by the server's own commands. Each trader's account begins with `cents`, each extra's with its own amount. */
export async function makePeople(
  db: Knex,
  {
    traders: count,
    hasChain,
    cents,
    extraCents,
  }: {
    readonly traders: number;
    readonly hasChain: boolean;
    readonly cents: bigint;
    readonly extraCents: readonly bigint[];
  },
): Promise<People> {
  const passwords = argon2Passwords();
  const deps = { transact: transactor(db), announce: () => {}, hashPassword: passwords.hash };
  const who = identity({
    ...deps,
    db,
    clock: systemClock,
    passwords,
    totpStep,
    partnerTokens: { keyIdOf, read: readPartnerToken },
    audiences: [],
    registerPartnerTrader: accounts.registerPartnerTrader(deps),
  });
  const { id: tenantId } = granted(
    await accounts.createPartner(deps)(systemActor, { code: "faults", name: "Faults", origins: [] }),
  );
  const bankAccountId = await openChannels(db, tenantId);
  const agents = await hireAgents(deps, tenantId);
  const traders: Person[] = [];
  for (let number = 0; number < count; number++) {
    const agentId = agents[number % (agents.length + 1)];
    traders.push(await makeTrader(deps, { tenantId, name: `trader-${number}`, cents, agentId, hasTether: hasChain }));
  }
  const extras: Person[] = [];
  for (const [number, own] of extraCents.entries())
    extras.push(
      await makeTrader(deps, { tenantId, name: `extra-${number}`, cents: own, agentId: undefined, hasTether: false }),
    );
  const clerks = {
    ann: await makeClerk(who, "Ann", "finance"),
    ben: await makeClerk(who, "Ben", "risk"),
    cem: await makeClerk(who, "Cem", "finance"),
    dee: await makeClerk(who, "Dee", "finance"),
  };
  const { key } = await makeClerk(who, "A Member", "admin");
  return { tenantId, traders, extras, clerks, bankAccountId, staffKey: key };
}

async function makeClerk(who: Identity, name: string, role: StaffRole): Promise<Clerk> {
  const email = `${name.toLowerCase().replaceAll(" ", "-")}@example.com`;
  const password = randomUUID();
  const { id } = granted(await who.createStaff(systemActor, { tenantId: null, role, email, name, password }));
  const { key } = granted(await who.createApiKey(systemActor, id, "faults"));
  return { id, name, role, key };
}

async function makeTrader(
  deps: accounts.AccountsDeps,
  of: {
    readonly tenantId: number;
    readonly name: string;
    readonly cents: bigint;
    readonly agentId: string | undefined;
    readonly hasTether: boolean;
  },
): Promise<Person> {
  const { tenantId, name, cents, agentId, hasTether } = of;
  const login = { email: `${name}@example.com`, password: randomUUID() };
  const under = agentId === undefined ? {} : { agentId };
  const { id: traderId } = granted(
    await accounts.registerTrader(deps)(systemActor, { tenantId, name, ...login, ...under }),
  );
  const opened = { traderId, book: "live" as const, currency: "USD" };
  const { id: accountId } = granted(await accounts.openAccount(deps)(systemActor, opened));
  const inTether = { ...opened, currency: "USDT" };
  const tetherAccountId = hasTether ? granted(await accounts.openAccount(deps)(systemActor, inTether)).id : null;
  if (cents > 0n)
    granted(
      await accounts.fundAccount(deps)(systemActor, {
        accountId,
        amount: minorUnits(cents),
        reason: "the first money",
      }),
    );
  const trader = { traderId, tenantId, name, accountIds: [accountId], expiresAt: new Date(Date.now() + 60_000) };
  const target = { channel: "bank", name, address: traderIban } as const;
  const { id: targetId } = granted(await addTarget({ transact: deps.transact, chains: [] })(trader, target));
  return { ...login, name, accountId, targetId, tetherAccountId, tether: null, cents };
}
