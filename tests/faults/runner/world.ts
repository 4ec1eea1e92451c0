import { readFileSync } from "node:fs";
import type { Knex } from "knex";
import pg from "pg";
import { seedReferenceData } from "../../../seeds/index.ts";
import { roleNames } from "../../../server/config.ts";
import { connectDatabase } from "../../../server/platform/db/connect.ts";
import { asApplicationRole } from "../../../server/platform/db/migrate.ts";
import { freePort } from "../../../server/platform/embedded/ports.ts";
import { seededRandom } from "../../../server/platform/feeds/random.ts";
import { hasAnvil } from "../../support/chain/anvil.ts";
import { type Calendar, openCalendar } from "./calendar.ts";
import type { ChainSide } from "./chain.ts";
import type { Deadline } from "./client.ts";
import { type Foundation, layFoundation, type Wires } from "./foundation.ts";
import { openFunds } from "./funds.ts";
import { type Journal, journal } from "./journal.ts";
import { type Market, playMarket } from "./market.ts";
import { type Office, openOffice } from "./office.ts";
import { type Outside, openOutside } from "./outside.ts";
import { firstTokens, openTether, sendTokens } from "./pay-chain.ts";
import { makePeople, type People, type Person } from "./people.ts";
import { instruments, isChained, type Plan } from "./plan.ts";
import { type Supervised, supervise } from "./processes.ts";
import { openSession, type Session } from "./session.ts";

/** One process of the installation and the wires it hangs on. */
export interface Member {
  readonly process: Supervised;
  readonly wires: Wires;
}

/** A whole installation: two apis, two workers, a feed and a process with the other roles, each on wires of its own. */
export interface World {
  readonly foundation: Foundation;
  readonly apis: readonly [Member, Member];
  readonly workers: readonly [Member, Member];
  readonly feed: Member;
  readonly others: Member;
  readonly all: readonly Member[];
  readonly urls: readonly string[];
  readonly people: People;
  readonly sessions: readonly Session[];
  /** Sends the orders that show whether an installation has recovered: the first of the extra accounts. */
  readonly prober: { readonly person: Person; readonly session: Session };
  readonly market: Market;
  readonly journal: Journal;
  readonly funds: ReturnType<typeof openFunds>;
  readonly outside: Outside;
  readonly calendar: Calendar;
  readonly office: Office;
  /** The run's clock: 0 when the traffic begins. */
  readonly clock: Deadline & { readonly begin: () => void; readonly end: () => void };
  /** Past all wires, as the owner: for looking. A pool that survives the server's restarts on other ports. */
  readonly look: <T>(sql: string, values?: readonly (string | number | string[])[]) => Promise<T[]>;
  readonly stop: () => Promise<void>;
}

/** More than any trader loses in a run. */
const firstCents = 20_000_000n;

export async function openWorld(plan: Plan, extraAccounts: readonly bigint[] = []): Promise<World> {
  const { seed, traders } = plan.options;
  const random = seededRandom(`${seed} wires`);
  const foundation = await layFoundation(random.uniform);
  const started: Member[] = [];
  let market: Market | null = null;
  let outside: Outside | null = null;
  let owner: Knex | null = null;
  try {
    const databaseUrl = foundation.appUrl();
    await seedReferenceData({ databaseUrl, say: () => {} });
    const ownPool = pool((await foundation.wires()).databaseUrl);
    owner = ownPool;
    const calendar = await openCalendar(ownPool);
    const setup = pool(databaseUrl);
    const hasChain = isChained(plan.options) && hasAnvil;
    const counts = { traders, hasChain, cents: firstCents, extraCents: extraAccounts };
    const known = await makePeople(setup, counts).finally(() => setup.destroy());
    const ports = [await freePort(), await freePort()];
    const urls = ports.map((port) => `http://127.0.0.1:${port}`);
    const { tenantId } = known;
    const beyond = await openOutside({ dataDir: foundation.dataDir, tenantId, urls, hasChain });
    outside = beyond;
    const launch = async (name: string, env: Record<string, string>): Promise<Member> => {
      const wires = await foundation.wires();
      const process = supervise({
        name,
        script: "server/main.ts",
        env: { ...settings(foundation, wires), PAYMENTS_FILE: beyond.paymentsFile, ...env },
        readyAt: /^(ready http|runs )/m,
      });
      const member = { process, wires };
      started.push(member);
      return member;
    };
    const api = (at: number): Promise<Member> => launch(`api ${at + 1}`, { ROLES: "api", PORT: String(ports[at]) });
    const worker = (at: number): Promise<Member> =>
      launch(`worker ${at + 1}`, { ROLES: "worker", WORKER_SHARD: String(at) });
    const rest = roleNames.filter((role) => !["api", "worker", "feed"].includes(role));
    const apis = [await api(0), await api(1)] as const;
    const workers = [await worker(0), await worker(1)] as const;
    const others = await launch("others", { ROLES: rest.join(",") });
    const feed = await launchFeed(foundation, started);
    if (beyond.chain !== null) await launchSigner(foundation, beyond.chain, started);
    for (const { process } of started) await process.ready();
    const playing = playMarket(seed, (line) => feed.process.write(line));
    market = playing;
    const book = journal();
    const clock = runClock();
    const fundWires = await foundation.wires();
    const fundPool = pool(asApplicationRole(fundWires.databaseUrl));
    const sessions = await Promise.all(known.traders.map((person, at) => openSession(urls, person, at % 2)));
    const people = { ...known, traders: await withTethers(beyond, known.traders, sessions) };
    const [first] = people.extras;
    if (first === undefined) throw new Error("no account is left for the probes");
    const prober = { person: first, session: await openSession(urls, first, 0) };
    const looking = lookingGlass(foundation.ownerUrl);
    const { look } = looking;
    const office = openOffice({ urls, people, outside: beyond, journal: book, deadline: clock, look });
    return {
      ...{ foundation, apis, workers, feed, others, all: started, urls, people, sessions, prober, market: playing },
      ...{ journal: book, clock, funds: openFunds(fundPool, book, clock), outside: beyond, office, calendar, look },
      stop: async () => {
        await office.stop();
        for (const session of [...sessions, prober.session]) session.close();
        playing.stop();
        await Promise.all([fundPool.destroy(), ownPool.destroy(), looking.close()]);
        await stopAll(started, beyond, foundation);
      },
    };
  } catch (error) {
    market?.stop();
    await owner?.destroy();
    await stopAll(started, outside, foundation);
    throw error;
  }
}

async function stopAll(started: readonly Member[], outside: Outside | null, foundation: Foundation): Promise<void> {
  await outside?.close();
  await Promise.all(started.map(({ process }) => process.stop()));
  await foundation.stop();
}

/** The process that alone has the key of the house's wallet; it logs in as the database's role for signers. */
async function launchSigner(foundation: Foundation, chain: ChainSide, started: Member[]): Promise<void> {
  const wires = await foundation.wires();
  const url = new URL(wires.databaseUrl);
  url.searchParams.set("role", "truewick_signer");
  const env = { SIGNER_FILE: chain.signerFile(url.toString()), LOG_LEVEL: process.env.FAULTS_LOG ?? "fatal" };
  const signer = supervise({ name: "signer", script: "server/signer.ts", env, readyAt: /^signer runs$/m });
  started.push({ process: signer, wires });
}

/** Each trader with an account in USDT asks for his address there, names one of his own, and pays in. */
const withTethers = (outside: Outside, traders: readonly Person[], sessions: readonly Session[]): Promise<Person[]> =>
  Promise.all(
    traders.map(async (person, at) => {
      const session = sessions[at];
      if (person.tetherAccountId === null || session === undefined) return person;
      const tether = await openTether(session, person.tetherAccountId, person.name);
      await sendTokens(outside, tether, firstTokens);
      return { ...person, tether };
    }),
  );

async function launchFeed(foundation: Foundation, started: Member[]): Promise<Member> {
  const wires = await foundation.wires();
  const process = supervise({
    name: "feed",
    script: "tests/faults/runner/feed-process.ts",
    env: {
      APP_URL: asApplicationRole(wires.databaseUrl),
      REDIS_URL: wires.redisUrl,
      INSTRUMENTS: instruments.join(","),
    },
    readyAt: /^the scripted feed runs$/m,
    reads: true,
  });
  const member = { process, wires };
  started.push(member);
  return member;
}

const settings = (foundation: Foundation, wires: Wires): Record<string, string> => ({
  DATABASE_URL: wires.databaseUrl,
  REDIS_URL: wires.redisUrl,
  DATA_DIR: foundation.dataDir,
  DEMO: "0",
  LOG_LEVEL: process.env.FAULTS_LOG ?? "fatal",
});

function pool(url: string): Knex {
  const db = connectDatabase({ url, applicationName: "faults", poolMax: 8, statementTimeoutMs: 15_000 });
  // Its server goes away all the time: that is what the run is about, and no news.
  Object.assign(db.client.logger, { warn: () => undefined, error: () => undefined });
  return db;
}

function runClock(): World["clock"] {
  let beganMs = performance.now();
  let over = false;
  return {
    begin: () => {
      beganMs = performance.now();
    },
    end: () => {
      over = true;
    },
    nowMs: () => performance.now() - beganMs,
    isOver: () => over,
  };
}

/** A pool to the server where it is now: a restart may have moved it to another port. */
function lookingGlass(urlNow: () => string): { look: World["look"]; close: () => Promise<void> } {
  let url = "";
  let open: pg.Pool | null = null;
  return {
    look: async (sql, values = []) => {
      if (open === null || url !== urlNow()) {
        await open?.end();
        url = urlNow();
        open = new pg.Pool({ connectionString: url, application_name: "looking", max: 3, statement_timeout: 60_000 });
        open.on("error", () => undefined); // the server went away under an idle connection
      }
      const { rows } = await open.query(sql, [...values]);
      return rows;
    },
    close: async () => {
      await open?.end();
    },
  };
}

/** Resident memory of a process in MB, where /proc tells. */
export function residentMb(pid: number): number | null {
  try {
    const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kb === undefined ? null : Math.round(Number(kb) / 1024);
  } catch {
    return null;
  }
}
