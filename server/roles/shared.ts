import type { Redis } from "ioredis";
import type { Knex } from "knex";
import { type AccountsDeps, registerPartnerTrader } from "../capabilities/accounts/index.ts";
import { type Identity, type IdentityDeps, identity } from "../capabilities/identity/index.ts";
import {
  type LiveQuoteBook,
  type LoadedInstrumentCatalog,
  loadInstrumentCatalog,
  openQuoteBook,
} from "../capabilities/market-data/index.ts";
import { settleJob } from "../capabilities/trading/index.ts";
import type { Config } from "../config.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { connectDatabase } from "../platform/db/connect.ts";
import { type Transact, transactor } from "../platform/db/unit-of-work.ts";
import type { Log } from "../platform/log.ts";
import { createMetrics, type Metrics } from "../platform/metrics.ts";
import type { QueueHealth } from "../platform/queue/job-queue.ts";
import { startOutboxRelay } from "../platform/queue/outbox-relay.ts";
import type { Announcement, Bus } from "../platform/realtime/announcement.ts";
import { redisBus } from "../platform/realtime/bus.ts";
import { redisClient } from "../platform/redis-client.ts";
import { keyIdOf, readPartnerToken } from "../platform/security/partner-token.ts";
import { argon2Passwords } from "../platform/security/passwords.ts";
import { totpStep } from "../platform/security/totp.ts";
import { openOrdersQueue } from "./orders-queue.ts";
import type { OpenedPayments } from "./payment-channels.ts";

export interface Given {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly log: Log;
}

/** What every role of this process stands on. */
export interface Shared extends Given {
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Commands: short statements. */
  readonly db: Knex;
  /**
   * Lists, exports and reports of the back office: statements that may take longer, in a pool of their own. What a trader
   * waits for uses `db`, so that slow reports cannot keep him from closing.
   */
  readonly readDb: Knex;
  readonly redis: Redis;
  readonly bus: Bus;
  readonly transact: Transact;
  /** Puts a job into its queue; rejects when it could not. */
  readonly enqueue: (job: string, payload: Record<string, unknown>) => Promise<void>;
  readonly queueHealth: () => Promise<QueueHealth>;
  /** Ways that money comes in, with what they need to be believed, and chains that are looked at. */
  readonly payments: OpenedPayments;
  readonly catalog: LoadedInstrumentCatalog;
  readonly quotes: LiveQuoteBook;
  readonly accountsDeps: AccountsDeps;
  readonly identity: Identity;
  /** Its commands within a transaction that is under way; whoever asks who somebody is asks `identity`. */
  readonly identityWithin: (transact: Transact) => Identity;
  readonly close: () => Promise<void>;
}

const pools = {
  commands: { applicationName: "truewick", poolMax: 20, statementTimeoutMs: 15_000 },
  reads: {
    applicationName: "truewick-reads",
    poolMax: 10,
    statementTimeoutMs: 120_000,
    idleInTransactionMs: 60_000,
    streams: true,
  },
};

export async function openShared(given: Given): Promise<Shared> {
  const { config, databaseUrl, redisUrl, log } = given;
  const clock = systemClock;
  const payments = await openPayments(config, clock);
  const db = connectDatabase({ url: databaseUrl, ...pools.commands });
  const readDb = connectDatabase({ url: databaseUrl, ...pools.reads });
  const redis = redisClient(redisUrl, log);
  const bus = redisBus({ url: redisUrl, log });
  await bus.ready;
  const orders = await openOrdersQueue(redisUrl, log);
  const enqueue = async (job: string, payload: Record<string, unknown>): Promise<void> => {
    if (job !== settleJob) throw new Error(`there is no queue for the job ${job}`);
    await orders.enqueue(payload);
  };
  const relay = startOutboxRelay({ db, log, enqueue });
  const transact = transactor(db, relay.hear);
  const passwords = argon2Passwords();
  const accountsDeps: AccountsDeps = { transact, announce: bus.publish, hashPassword: passwords.hash };
  const identityDeps: IdentityDeps = {
    db,
    transact,
    clock,
    announce: bus.publish,
    passwords,
    totpStep,
    partnerTokens: { keyIdOf, read: readPartnerToken },
    audiences: audiencesOf(config),
    registerPartnerTrader: registerPartnerTrader(accountsDeps),
  };
  const who = identity(identityDeps);
  const announceIn = (announcement: Announcement): void => {
    who.hear(announcement);
    bus.publish(announcement);
  };
  bus.subscribe(who.hear);
  const onError = (error: unknown): void => log.error({ err: error }, "reading the catalog again failed");
  const catalog = await loadInstrumentCatalog({ db, bus, now: clock.now, onError });
  const quotes = await openQuoteBook({
    ...{ db, bus, clock },
    onError: (error) => log.warn({ err: error }, "looking at the stored quotes failed"),
  });
  return {
    ...given,
    metrics: createMetrics(),
    clock,
    db,
    readDb,
    redis,
    bus,
    transact,
    enqueue,
    queueHealth: orders.health,
    payments,
    catalog,
    quotes,
    accountsDeps,
    identity: who,
    identityWithin: (within) => identity({ ...identityDeps, transact: within, announce: announceIn }),
    close: async () => {
      catalog.close();
      quotes.close();
      await relay.stop();
      await orders.close();
      await bus.close();
      redis.disconnect();
      await Promise.all([db.destroy(), readDb.destroy()]);
    },
  };
}

/** The libraries of chains and cards take tens of MiB: only who uses them loads them. */
async function openPayments(config: Config, clock: Clock): Promise<OpenedPayments> {
  if (config.paymentsFile === null) return { channels: [], chains: [] };
  const { openPaymentChannels } = await import("./payment-channels.ts");
  return openPaymentChannels(config, clock);
}

/** Origins under which this installation is reached: what a partner's token must be made out to. */
function audiencesOf(config: Config): readonly string[] {
  if (config.publicOrigin !== null) return [config.publicOrigin];
  return [`http://localhost:${config.port}`, `http://127.0.0.1:${config.port}`];
}
