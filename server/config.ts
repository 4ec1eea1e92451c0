import path from "node:path";
import { z } from "zod";

export const roleNames = ["api", "worker", "feed", "scheduler"] as const;
export type Role = (typeof roleNames)[number];

export type FeedSpec =
  | { readonly kind: "simulated" }
  | { readonly kind: "replay"; readonly file: string; readonly instrument: string };

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Absolute. Private PostgreSQL and Redis, secrets and credentials live here. */
  readonly dataDir: string;
  /** The owner's URL of an existing database; null: start a private one. */
  readonly databaseUrl: string | null;
  /** What the server itself connects with; null: `databaseUrl` switched to the application's role. */
  readonly databaseAppUrl: string | null;
  readonly redisUrl: string | null;
  readonly roles: readonly Role[];
  readonly feeds: readonly FeedSpec[];
  /** 1 = as fast as it happened; "max" = as fast as it can. */
  readonly feedSpeed: number | "max";
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  readonly demo: boolean;
  /** With DEMO=0: the first operator is made with this address when there is no staff yet. */
  readonly firstOperatorEmail: string | null;
  /** Reverse proxies in front of us whose X-Forwarded-For is believed: an exact number, never "any". */
  readonly trustProxyHops: number;
  /** How the world reaches us, such as https://trade.example; null: on this machine. */
  readonly publicOrigin: string | null;
  /** The operator's own Ed25519 key (PEM) that seals quotes and signs receipts; null: one is made in DATA_DIR. */
  readonly proofKeyFile: string | null;
  /** Payment channels with their secrets, as JSON; null: none but the bank. */
  readonly paymentsFile: string | null;
  /** Table of networks (iptoasn.com's TSV) that says what kind of address a login came from; null: nothing is known of any. */
  readonly networksFile: string | null;
  /** What was seen of logins and devices is deleted after so many days. */
  readonly deviceDataDays: number;
  /** A block of quotes is sealed when its oldest is this old. */
  readonly sealSeconds: number;
  /** Which of the house's accounts this worker posts to: several workers with a shard each do not wait for one another. */
  readonly workerShard: number;
  /**
   * An order that was due for settlement for so long is rejected and its money released, not filled at a price of long ago.
   * Long enough that a restart rejects nothing it can still fill.
   */
  readonly orderQueueMaxMs: number;
  /** So many orders may be due for settlement at once; from then on new ones are answered 503 until it is less. */
  readonly ordersDueMax: number;
}

/** The settings are wrong; `problems` holds one plain sentence each, all of them at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

export const projectRoot = path.resolve(import.meta.dirname, "..");

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
const futureVenues = ["binance", "ibkr", "futu", "oanda"];
const wellKnownPasswords = "postgres password truewick changeme secret admin root redis 123456".split(" ");

const url = (name: string, protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `${name} must be a URL that starts with ${protocols.join("// or ")}//, such as ${protocols[0]}//host.example:port.`,
  });

const settings = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "PORT must be a whole number from 1 to 65535, such as 8080.")
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, "PORT must be a whole number from 1 to 65535, such as 8080.")
    .default(8080),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, "HOST must be an address to listen on, such as 127.0.0.1 or 0.0.0.0.")
    .default("127.0.0.1"),
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: url("DATABASE_URL", ["postgres:", "postgresql:"]).optional(),
  DATABASE_APP_URL: url("DATABASE_APP_URL", ["postgres:", "postgresql:"]).optional(),
  REDIS_URL: url("REDIS_URL", ["redis:", "rediss:"]).optional(),
  ROLES: z.string().default(roleNames.join(",")).transform(parseRoles),
  FEED: z.string().default("simulated").transform(parseFeeds),
  FEED_SPEED: z
    .string()
    .regex(/^(max|\d{1,6}(\.\d{1,3})?)$/, "FEED_SPEED must be a number above 0, such as 1 or 60, or the word max.")
    .refine(
      (text) => text === "max" || Number(text) > 0,
      "FEED_SPEED must be a number above 0, such as 1 or 60, or the word max.",
    )
    .transform((text) => (text === "max" ? ("max" as const) : Number(text)))
    .default(1),
  LOG_LEVEL: z.enum(logLevels, { error: `LOG_LEVEL must be one of ${logLevels.join(", ")}.` }).default("info"),
  DEMO: z
    .enum(["0", "1"], { error: "DEMO must be 1 (seed the demo) or 0 (start empty)." })
    .transform((text) => text === "1")
    .optional(),
  FIRST_OPERATOR_EMAIL: z.email({ error: "FIRST_OPERATOR_EMAIL must be an e-mail address." }).max(254).optional(),
  PUBLIC_ORIGIN: url("PUBLIC_ORIGIN", ["https:", "http:"]).optional(),
  WORKER_SHARD: z
    .string()
    .regex(/^([0-9]|[1-5]\d|6[0-3])$/, "WORKER_SHARD must be a whole number from 0 to 63.")
    .transform(Number)
    .default(0),
  ORDER_QUEUE_MAX_MS: z
    .string()
    .regex(/^[1-9]\d{2,6}$/, "ORDER_QUEUE_MAX_MS must be a whole number of milliseconds from 100 to 9999999.")
    .transform(Number)
    .default(120_000),
  ORDERS_DUE_MAX: z
    .string()
    .regex(/^[1-9]\d{0,6}$/, "ORDERS_DUE_MAX must be a whole number from 1 to 9999999.")
    .transform(Number)
    .default(10_000),
  PROOF_KEY_FILE: z.string().max(4096).optional(),
  PAYMENTS_FILE: z.string().max(4096).optional(),
  NETWORKS_FILE: z.string().max(4096).optional(),
  DEVICE_DATA_DAYS: z
    .string()
    .regex(/^([1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])$/, "DEVICE_DATA_DAYS must be a whole number of days from 1 to 365.")
    .transform(Number)
    .default(180),
  SEAL_SECONDS: z
    .string()
    .regex(/^([1-9]|[1-5]\d|60)$/, "SEAL_SECONDS must be a whole number from 1 to 60.")
    .transform(Number)
    .default(60),
  TRUST_PROXY_HOPS: z
    .string()
    .regex(/^[0-5]$/, "TRUST_PROXY_HOPS must be the number of reverse proxies in front, 0 to 5.")
    .transform(Number)
    .default(0),
});

/**
 * The environment as checked, frozen settings; an empty variable counts as unset. DEMO defaults to 1 with the private
 * database and to 0 with an existing one. Throws `ConfigError` with every problem found.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw new ConfigError([...new Set(parsed.error.issues.map((issue) => issue.message))]);
  const value = parsed.data;
  const config: Config = {
    port: value.PORT,
    host: value.HOST,
    dataDir: path.resolve(projectRoot, value.DATA_DIR),
    databaseUrl: value.DATABASE_URL ?? null,
    databaseAppUrl: value.DATABASE_APP_URL ?? null,
    redisUrl: value.REDIS_URL ?? null,
    roles: value.ROLES,
    feeds: value.FEED,
    feedSpeed: value.FEED_SPEED,
    logLevel: value.LOG_LEVEL,
    demo: value.DEMO ?? value.DATABASE_URL === undefined,
    firstOperatorEmail: value.FIRST_OPERATOR_EMAIL ?? null,
    trustProxyHops: value.TRUST_PROXY_HOPS,
    workerShard: value.WORKER_SHARD,
    proofKeyFile: fileAt(value.PROOF_KEY_FILE),
    paymentsFile: fileAt(value.PAYMENTS_FILE),
    networksFile: fileAt(value.NETWORKS_FILE),
    deviceDataDays: value.DEVICE_DATA_DAYS,
    sealSeconds: value.SEAL_SECONDS,
    orderQueueMaxMs: value.ORDER_QUEUE_MAX_MS,
    ordersDueMax: value.ORDERS_DUE_MAX,
    publicOrigin: value.PUBLIC_ORIGIN === undefined ? null : new URL(value.PUBLIC_ORIGIN).origin,
  };
  const problems = contradictions(config);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

const fileAt = (name: string | undefined): string | null =>
  name === undefined ? null : path.resolve(projectRoot, name);

/** What no single setting shows. */
function contradictions(config: Config): string[] {
  const problems: string[] = [];
  if (config.databaseAppUrl !== null && config.databaseUrl === null)
    problems.push("DATABASE_APP_URL needs DATABASE_URL too: the owner's connection, which migrates the schema.");
  if (!config.demo)
    for (const name of ["databaseUrl", "databaseAppUrl", "redisUrl"] as const)
      if (hasDefaultPassword(config[name]))
        problems.push(
          `${settingOf[name]} uses a well-known default password; set a real one (only DEMO=1 runs without).`,
        );
  return problems;
}

const settingOf = { databaseUrl: "DATABASE_URL", databaseAppUrl: "DATABASE_APP_URL", redisUrl: "REDIS_URL" } as const;

function hasDefaultPassword(address: string | null): boolean {
  if (address === null) return false;
  return wellKnownPasswords.includes(decodeURIComponent(new URL(address).password).toLowerCase());
}

function parseRoles(text: string, context: z.RefinementCtx): readonly Role[] {
  const names = text.split(",").map((name) => name.trim());
  const roles = roleNames.filter((role) => names.includes(role));
  if (roles.length > 0 && names.every((name) => roles.some((role) => role === name))) return roles;
  context.addIssue({ code: "custom", message: `ROLES must be a comma-separated list of ${roleNames.join(", ")}.` });
  return z.NEVER;
}

function parseFeeds(text: string, context: z.RefinementCtx): readonly FeedSpec[] {
  return text.split(",").flatMap((part) => {
    const spec = parseFeed(part.trim());
    if (typeof spec !== "string") return [spec];
    context.addIssue({ code: "custom", message: spec });
    return [];
  });
}

/** A feed, or the sentence that says what is wrong with it. */
function parseFeed(text: string): FeedSpec | string {
  if (text === "simulated") return { kind: "simulated" };
  if (futureVenues.includes(text))
    return `FEED names "${text}", which this version cannot connect to yet; use simulated or replay:FILE@INSTRUMENT.`;
  const replay = /^replay:(.+)@([A-Z0-9.]{1,20})$/.exec(text);
  if (replay?.[1] !== undefined && replay[2] !== undefined)
    return { kind: "replay", file: path.resolve(projectRoot, replay[1]), instrument: replay[2] };
  return `FEED has "${text}", which is no feed; use simulated or replay:FILE@INSTRUMENT (comma-separated for several).`;
}

/** What the signer's own process is told: its file of keys, and how much it says. */
export function readSignerConfig(
  env: NodeJS.ProcessEnv = process.env,
): Pick<Config, "logLevel"> & { settingsFile: string } {
  const file = env.SIGNER_FILE ?? "";
  if (file === "") throw new ConfigError(["SIGNER_FILE must name the signer's settings."]);
  const level = settings.shape.LOG_LEVEL.safeParse(env.LOG_LEVEL === "" ? undefined : env.LOG_LEVEL);
  if (!level.success) throw new ConfigError(level.error.issues.map(({ message }) => message));
  return { settingsFile: path.resolve(projectRoot, file), logLevel: level.data };
}
