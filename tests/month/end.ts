import { spawnSync } from "node:child_process";
import path from "node:path";
import type { ChainChannel } from "#contracts/payment-names.ts";
import type { Border } from "./facts.ts";
import type { Month } from "./house.ts";

/** Transfers that move money for other reasons than trading (names.ts). */
const codesBesideTrading = [1, 2, 3, 4, 40, 90, 91];
const verifyPatienceMs = 300_000;

type Row = Record<string, unknown>;
const rowsOf = async ({ house }: Month, sql: string, bindings: readonly unknown[] = []): Promise<Row[]> =>
  (await house.db.owner.raw(sql, bindings as never)).rows;

/** Books and currencies whose journal does not add up to zero, and accounts whose cached balance is not their journal's. */
export const unbalanced = async (month: Month): Promise<Row[]> => [
  ...(await rowsOf(
    month,
    `SELECT l.book, l.currency, sum(e.amount)::text AS total FROM (
       SELECT credit_account AS id, amount FROM transfers UNION ALL SELECT debit_account, -amount FROM transfers) e
     JOIN ledger_accounts l USING (id) GROUP BY 1, 2 HAVING sum(e.amount) <> 0`,
  )),
  ...(await rowsOf(
    month,
    `SELECT l.id, b.posted::text, coalesce(sum(e.amount), 0)::text AS journal FROM ledger_accounts l
     JOIN balances b ON b.ledger_account_id = l.id LEFT JOIN (
       SELECT credit_account AS id, amount FROM transfers UNION ALL SELECT debit_account, -amount FROM transfers) e ON e.id = l.id
     GROUP BY l.id, b.posted HAVING b.posted <> coalesce(sum(e.amount), 0)`,
  )),
];

/** Payments of the world that are not in the deposits exactly once as they came, and deposits with money of which the world knows nothing. */
export async function wrongPayments(month: Month): Promise<unknown[]> {
  const rows = await rowsOf(
    month,
    `SELECT d.channel, CASE d.channel WHEN 'bank' THEN s.bank_reference ELSE d.payment_no END AS no,
       d.received_minor AS amount, d.state FROM deposits d LEFT JOIN statement_lines s ON s.deposit_id = d.id
     WHERE d.received_minor IS NOT NULL`,
  );
  const told = (row: Row): string => `${row.channel} ${row.no} ${row.amount} ${row.state}`;
  const ours = rows.map(told).sort();
  const theirs = month.facts.payments.map(({ paymentNo: no, ...fact }) => told({ ...fact, no })).sort();
  const counted = (list: readonly string[]): Map<string, number> =>
    list.reduce((counts, one) => counts.set(one, (counts.get(one) ?? 0) + 1), new Map<string, number>());
  const [a, b] = [counted(ours), counted(theirs)];
  return [...new Set([...ours, ...theirs])]
    .filter((one) => a.get(one) !== b.get(one))
    .map((one) => ({ one, ours: a.get(one) ?? 0, theirs: b.get(one) ?? 0 }));
}

/** Accounts whose money, trading aside, is not what was done to them. */
export async function wrongAccounts(month: Month): Promise<unknown[]> {
  const rows = await rowsOf(
    month,
    `SELECT a.id, coalesce(sum(e.amount), 0)::bigint AS moved FROM accounts a LEFT JOIN (
       SELECT credit_account AS id, amount, code FROM transfers UNION ALL SELECT debit_account, -amount, code FROM transfers) e
       ON e.id = a.ledger_account_id AND e.code = ANY (?) GROUP BY 1`,
    [codesBesideTrading],
  );
  return rows
    .map(({ id, moved }) => ({ id, moved, expected: month.facts.moved.get(String(id)) ?? 0n }))
    .filter(({ moved, expected }) => moved !== expected);
}

/** Borders at which our books do not hold what the other side does; `beyond`: by the facts. */
export async function wrongBorders(month: Month): Promise<unknown[]> {
  const wrong: unknown[] = [];
  for (const [channel, beyond] of Object.entries(month.facts.beyond) as [Border, bigint][]) {
    const [row] = await rowsOf(
      month,
      `SELECT -coalesce(sum(b.posted), 0)::bigint AS ours FROM balances b JOIN ledger_accounts l ON l.id = b.ledger_account_id
       WHERE l.book = 'live' AND l.kind = ?`,
      [`clearing.${channel}`],
    );
    const ours = row?.ours;
    if (ours !== beyond) wrong.push({ channel, ours, beyond });
  }
  if (month.bank.balance !== month.facts.beyond.bank) wrong.push({ bank: month.bank.balance });
  return wrong;
}

/** What the chain itself has for the house: tokens at its deposit addresses, less what was paid out. */
export async function tokensBeyond({ chain, tron, house }: Month, channel: ChainChannel): Promise<bigint> {
  const deposited: string[] = await house.db.owner("chain_addresses").where({ channel }).pluck("address");
  const paid: string[] = await house.db
    .owner("withdrawals")
    .where({ channel, state: "confirmed" })
    .pluck("target_address");
  const has = async (address: string): Promise<bigint> =>
    channel === "usdt-trc20" ? tron.tron.has(address) : chain.has(address);
  const sum = async (addresses: readonly string[]): Promise<bigint> =>
    (await Promise.all(addresses.map(has))).reduce((total, one) => total + one, 0n);
  return (await sum(deposited)) - (await sum(paid));
}

/** Withdrawals that did not end as they did. */
export async function wrongWithdrawals({ house, facts }: Month): Promise<unknown[]> {
  const rows: { id: string; state: string }[] = await house.db.owner("withdrawals").select("id", "state");
  const unknown = rows.filter(({ id, state }) => facts.withdrawals.get(id) !== state);
  return facts.withdrawals.size === rows.length ? unknown : [...unknown, rows.length];
}

/** Fills whose levels and house do not add up to their basis. */
export const wrongWaterfalls = (month: Month): Promise<Row[]> =>
  rowsOf(
    month,
    `SELECT f.fill_id, f.basis_minor, f.house_minor FROM commission_fills f LEFT JOIN commissions c
       ON c.fill_id = f.fill_id AND c.reverses IS NULL
     GROUP BY 1, 2, 3 HAVING f.house_minor + coalesce(sum(c.amount_minor), 0) <> f.basis_minor`,
  );

/** What is booked for agents, and what their commissions less what was taken back come to, less what is carried on. */
export const wrongAgents = (month: Month): Promise<Row[]> =>
  rowsOf(
    month,
    `SELECT a.id, c.currency, coalesce(b.posted, 0)::text AS booked, c.owed::text FROM agents a
     JOIN (SELECT agent_id, currency, sum(amount_minor) AS owed FROM commissions GROUP BY 1, 2) c ON c.agent_id = a.id
     LEFT JOIN ledger_accounts l ON l.owner_id = a.id AND l.kind = 'agent.commission' AND l.currency = c.currency
     LEFT JOIN balances b ON b.ledger_account_id = l.id
     LEFT JOIN LATERAL (SELECT carried_out_minor FROM commission_payouts p WHERE p.agent_id = a.id AND p.currency = c.currency
       AND p.state = 'paid' ORDER BY book_date DESC LIMIT 1) p ON true
     WHERE coalesce(b.posted, 0) + coalesce(p.carried_out_minor, 0) <> c.owed`,
  );

/** The operator's own command over the month's books: its exit code and what it prints. */
export function verify({ house, dataDir }: Month): { readonly code: number | null; readonly text: string } {
  const { NODE_OPTIONS: _jestOnly, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "server/verify.ts", "--rebuild"], {
    cwd: path.resolve(import.meta.dirname, "../.."),
    env: { ...inherited, DATABASE_URL: house.db.ownerUrl, DATA_DIR: dataDir },
    ...{ encoding: "utf8", timeout: verifyPatienceMs },
  });
  return { code: status, text: `${stdout}${stderr}` };
}
