import { randomUUID } from "node:crypto";
import type { Knex } from "knex";
import { minorUnits } from "#core/units.ts";
import * as accounts from "../../../server/capabilities/accounts/index.ts";
import { identity } from "../../../server/capabilities/identity/index.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { systemActor, transactor } from "../../../server/platform/db/unit-of-work.ts";
import { keyIdOf, readPartnerToken } from "../../../server/platform/security/partner-token.ts";
import { argon2Passwords } from "../../../server/platform/security/passwords.ts";
import { totpStep } from "../../../server/platform/security/totp.ts";
import { granted } from "../../support/house.ts";

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly accountId: string;
  /** What the account began with. */
  readonly cents: bigint;
}

/** Who acts in a run: traders with live accounts, and an API key of a member of staff. */
export interface People {
  readonly traders: readonly Person[];
  /** Who take part in nothing but the faults that need an account of their own. */
  readonly extras: readonly Person[];
  readonly staffKey: string;
}

/** Makes them by the server's own commands. Each trader's account begins with `cents`, each extra's with its own amount. */
export async function makePeople(
  db: Knex,
  count: number,
  cents: bigint,
  extraCents: readonly bigint[],
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
  const partner = granted(
    await accounts.createPartner(deps)(systemActor, { code: "faults", name: "Faults", origins: [] }),
  );
  const traders: Person[] = [];
  for (let number = 0; number < count; number++)
    traders.push(await makeTrader(deps, partner.id, `trader-${number}`, cents));
  const extras: Person[] = [];
  for (const [number, own] of extraCents.entries())
    extras.push(await makeTrader(deps, partner.id, `extra-${number}`, own));
  const staff = granted(
    await who.createStaff(systemActor, {
      tenantId: null,
      role: "admin",
      email: "staff@example.com",
      name: "A Member",
      password: randomUUID(),
    }),
  );
  const { key } = granted(await who.createApiKey(systemActor, staff.id, "faults"));
  return { traders, extras, staffKey: key };
}

async function makeTrader(deps: accounts.AccountsDeps, tenantId: number, name: string, cents: bigint): Promise<Person> {
  const login = { email: `${name}@example.com`, password: randomUUID() };
  const trader = granted(await accounts.registerTrader(deps)(systemActor, { tenantId, name, ...login }));
  const opened = { traderId: trader.id, book: "live" as const, currency: "USD" };
  const { id: accountId } = granted(await accounts.openAccount(deps)(systemActor, opened));
  if (cents > 0n)
    granted(
      await accounts.fundAccount(deps)(systemActor, {
        accountId,
        amount: minorUnits(cents),
        reason: "the first money",
      }),
    );
  return { ...login, accountId, cents };
}
