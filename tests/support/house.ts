import { randomBytes } from "node:crypto";
import express, { type Express } from "express";
import { Redis } from "ioredis";
import { ok, type Result } from "#core/result.ts";
import * as accounts from "../../server/capabilities/accounts/index.ts";
import { type Identity, identity } from "../../server/capabilities/identity/index.ts";
import type { Clock } from "../../server/platform/clock.ts";
import { type Actor, systemActor, transactor } from "../../server/platform/db/unit-of-work.ts";
import { ProblemError } from "../../server/platform/http/problem.ts";
import { requireStaff, requireTrader, staffIn, traderIn } from "../../server/platform/http/require.ts";
import { sessionRoutes } from "../../server/platform/http/session-routes.ts";
import { loginLimits } from "../../server/platform/rate-limit.ts";
import type { Announcement } from "../../server/platform/realtime/announcement.ts";
import { keyIdOf, readPartnerToken } from "../../server/platform/security/partner-token.ts";
import { argon2Passwords } from "../../server/platform/security/passwords.ts";
import { totpStep } from "../../server/platform/security/totp.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  readonly move: (by: { minutes?: number; seconds?: number }) => void;
}

export function testClock(at = new Date()): TestClock {
  let ms = at.getTime();
  return {
    now: () => new Date(ms),
    elapsedMs: () => ms,
    move: ({ minutes = 0, seconds = 0 }) => {
      ms += (minutes * 60 + seconds) * 1000;
    },
  };
}

/** What partners' tokens are made out to in tests. */
export const audience = "http://localhost:8080";
export const password = "correct horse battery";

/** Accounts and identity over a fresh database, wired as the server wires them, with everything they announced. */
export interface TestHouse {
  readonly db: TestDatabase;
  readonly clock: TestClock;
  readonly announced: Announcement[];
  readonly identity: Identity;
  readonly accounts: {
    readonly createPartner: ReturnType<typeof accounts.createPartner>;
    readonly revokePartnerKey: ReturnType<typeof accounts.revokePartnerKey>;
    readonly createAgent: ReturnType<typeof accounts.createAgent>;
    readonly registerTrader: ReturnType<typeof accounts.registerTrader>;
    readonly openAccount: ReturnType<typeof accounts.openAccount>;
    readonly fundAccount: ReturnType<typeof accounts.fundAccount>;
  };
  readonly app: Express;
  readonly close: () => Promise<void>;
}

export async function testHouse(clock = testClock()): Promise<TestHouse> {
  const db = await testDatabase();
  const announced: Announcement[] = [];
  const announce = (announcement: Announcement): void => {
    announced.push(announcement);
  };
  const passwords = argon2Passwords();
  const transact = transactor(db.app);
  const accountsDeps = { transact, announce, hashPassword: passwords.hash };
  const who = identity({
    db: db.app,
    transact,
    clock,
    announce,
    passwords,
    totpStep,
    partnerTokens: { keyIdOf, read: readPartnerToken },
    audiences: [audience],
    registerPartnerTrader: accounts.registerPartnerTrader(accountsDeps),
  });
  const redis = new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:6379", { maxRetriesPerRequest: 1 });
  await redis.ping();
  return {
    db,
    clock,
    announced,
    identity: who,
    accounts: {
      createPartner: accounts.createPartner(accountsDeps),
      revokePartnerKey: accounts.revokePartnerKey(accountsDeps),
      createAgent: accounts.createAgent(accountsDeps),
      registerTrader: accounts.registerTrader(accountsDeps),
      openAccount: accounts.openAccount(accountsDeps),
      fundAccount: accounts.fundAccount(accountsDeps),
    },
    app: appOf(who, redis),
    close: async () => {
      redis.disconnect();
      await db.drop();
    },
  };
}

/** The session routes and two guarded ones that tell who came through. */
function appOf(who: Identity, redis: Redis): Express {
  const app = express();
  app.set("trust proxy", 1);
  app.use(express.json());
  app.use("/api", sessionRoutes({ ...who, limits: loginLimits(redis, `test-${randomBytes(6).toString("hex")}`) }));
  app.all("/staff", requireStaff(who), (_request, response) => {
    response.json(staffIn(response));
  });
  app.get("/trader", requireTrader(who), (_request, response) => {
    response.json(traderIn(response));
  });
  app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    if (!(error instanceof ProblemError)) throw error;
    response
      .status(error.status)
      .set(error.headers)
      .json({ code: error.code, message: error.message, errors: error.errors });
  });
  return app;
}

/** The value of a result that must not be a refusal. */
export function granted<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(`refused: ${String(result.refusal)}`);
  return ok(result.value).value;
}

let made = 0;
const nextName = (kind: string): string => `${kind}-${++made}`;

export const aPartner = async (house: TestHouse, origins: readonly string[] = []) =>
  granted(await house.accounts.createPartner(systemActor, { code: nextName("partner"), name: "A partner", origins }));

export async function aTrader(house: TestHouse, tenantId: number): Promise<{ id: string; email: string }> {
  const email = `${nextName("trader")}@example.com`;
  const trader = granted(
    await house.accounts.registerTrader(systemActor, { tenantId, name: "Some One", email, password }),
  );
  return { id: trader.id, email };
}

export async function aStaff(house: TestHouse, actor: Actor = systemActor): Promise<{ id: string; email: string }> {
  const email = `${nextName("staff")}@example.com`;
  const staff = granted(
    await house.identity.createStaff(actor, {
      tenantId: actor.tenantId,
      role: "finance",
      email,
      name: "A Member",
      password,
    }),
  );
  return { id: staff.id, email };
}
