import { setTimeout } from "node:timers/promises";
import type { StaffRole } from "#contracts/names.ts";
import { transactor } from "../../../server/platform/db/unit-of-work.ts";
import { makeCommissions } from "../../resources/support/commissions.ts";
import { makeFill } from "../../resources/support/trades.ts";
import { type RunningTruewick, startTruewick } from "../../support/truewick.ts";
import { aContract } from "./examples.ts";

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Sent as it is; absent: no body. */
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** The whole server with the demo in it, and everybody logged in. */
export interface House {
  readonly truewick: RunningTruewick;
  readonly accountId: string;
  /** Whose it is. */
  readonly traderId: string;
  readonly token: string;
  readonly ask: (as: StaffRole | "trader" | null, asked: Asked) => Promise<Answered>;
  readonly read: (path: string) => Promise<Record<string, unknown>[]>;
  /** Everything that commands write, as counts and digests by table: equal before and after when nothing was written. */
  readonly written: () => Promise<Record<string, string>>;
  readonly close: () => Promise<void>;
}

/** Prices move, are tried and sealed by themselves, a date is closed when it is over, and a session remembers when it was used. */
const selfMoving =
  /^(quotes|trigger_|quote_blocks|book_blocks|bars|sessions|knex_|transfers_\d|day_close|closed_books|balance_daily|account_statements|commission_days|settlement_marks|reconciliation_|sightings|link_|account_links|channel_lines|chain_reads)/;

export async function openHouse(): Promise<House> {
  const truewick = await startTruewick();
  const { staff, traders } = truewick.credentials;
  const cookies = new Map<StaffRole, string>();
  for (const role of Object.keys(staff) as StaffRole[]) cookies.set(role, await staffCookie(truewick, staff[role]));
  const [trader] = traders;
  const token = await traderToken(truewick, trader);
  const askOnce: House["ask"] = async (as, { method, path, body, headers = {} }) => {
    const response = await fetch(`${truewick.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(as === "trader" ? { authorization: `Bearer ${token}` } : {}),
        ...(as === null || as === "trader" ? {} : { cookie: cookies.get(as) ?? "", origin: truewick.url }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (response.status === 429) await setTimeout(Number(response.headers.get("retry-after") ?? "1") * 1_000);
    return { status: response.status, type: response.headers.get("content-type") ?? "", body: parsed(text) };
  };
  /** More requests than a trader may make: whoever is told to slow down does, as long as it was said, and asks once more. */
  const ask: House["ask"] = async (as, asked) => {
    const answer = await askOnce(as, asked);
    return answer.status === 429 ? askOnce(as, asked) : answer;
  };
  await commissionsOf(truewick);
  // The demo has no contracts, bank accounts and schedules; one of each resource is changed by the tests.
  await ask("admin", { method: "POST", path: "/api/admin/contracts", body: JSON.stringify(aContract) });
  const bank = {
    tenantId: Number(truewick.credentials.partners[0]?.id),
    holder: "House",
    iban: "DE89370400440532013000",
    currency: "USD",
  };
  await ask("admin", { method: "POST", path: "/api/admin/bank-accounts", body: JSON.stringify(bank) });
  const schedule = { tenantId: bank.tenantId, name: "Of each month", report: "trades", book: "live", period: "month" };
  await ask("admin", { method: "POST", path: "/api/admin/export-schedules", body: JSON.stringify(schedule) });
  await aRiskChange(ask);
  const accountId = trader?.demoAccountId ?? "";
  const { trader_id: traderId } = await truewick.database.owner("accounts").where({ id: accountId }).first("trader_id");
  return {
    truewick,
    accountId,
    traderId,
    token,
    ask,
    read: async (path) => (await ask("admin", { method: "GET", path })).body as Record<string, unknown>[],
    written: () => written(truewick),
    close: async () => void (await truewick.stop()),
  };
}

/** A draft of the risk table with a line. */
async function aRiskChange(ask: House["ask"]): Promise<void> {
  const path = "/api/admin/risk-changes";
  const body = JSON.stringify({ name: "Tighter", reason: "a test" });
  const { body: made } = await ask("admin", { method: "POST", path, body });
  const line = { scope: "default", instrumentId: "MES", maxPositionLots: "5" };
  const at = `${path}/${(made as { id: string }).id}/commands/set-line`;
  await ask("admin", { method: "POST", path: at, body: JSON.stringify(line) });
}

/** No day of the demo is closed, so nobody has earned anything yet. */
async function commissionsOf({ database: { owner } }: RunningTruewick): Promise<void> {
  const account = await owner("accounts as a")
    .join("traders as t", "t.id", "a.trader_id")
    .join("agents as g", "g.id", "t.agent_id")
    .where({ "a.book": "demo" })
    .first("a.id", "a.tenant_id", "a.trader_id", "t.agent_id", "g.parent_id");
  const of = { tenantId: account.tenant_id, traderId: account.trader_id, accountId: account.id };
  await makeFill(owner, of);
  const above = await owner("agents").whereNot({ id: account.agent_id }).where({ tenant_id: of.tenantId }).first("id");
  await makeCommissions(owner, transactor(owner), { ...of, agents: [account.agent_id, above.id] });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function staffCookie(truewick: RunningTruewick, login: { email: string; password: string }): Promise<string> {
  const response = await fetch(`${truewick.url}/api/admin/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: truewick.url },
    body: JSON.stringify(login),
  });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

async function traderToken(
  truewick: RunningTruewick,
  login: { email: string; password: string } | undefined,
): Promise<string> {
  const response = await fetch(`${truewick.url}/api/trading/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: login?.email, password: login?.password }),
  });
  return ((await response.json()) as { accessToken: string }).accessToken;
}

async function written({ database: { owner } }: RunningTruewick): Promise<Record<string, string>> {
  const { rows: tables } = await owner.raw<{ rows: { table: string }[] }>(
    `SELECT relname AS table FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
  );
  const seen: Record<string, string> = {};
  for (const { table } of tables) {
    if (selfMoving.test(table)) continue;
    const { rows } = await owner.raw(
      "SELECT count(*)::text || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS state FROM ?? t WHERE ?::text <> 'audit_log' OR to_jsonb(t)->>'actor_kind' <> 'system'",
      [table, table],
    );
    seen[table] = rows[0].state;
  }
  return seen;
}
