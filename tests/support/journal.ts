import { Writable } from "node:stream";
import type { Knex } from "knex";
import { type JournalRequest, writeJournal } from "../../server/capabilities/reports/index.ts";
import { hledger } from "./hledger.ts";

/** The plain-text journal, whole. */
export async function journalText(reads: Knex, request: JournalRequest): Promise<string> {
  const parts: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      parts.push(chunk);
      done();
    },
  });
  await writeJournal(reads, request, () => sink);
  return Buffer.concat(parts).toString("utf8");
}

/** Every name of the journal whose ledger accounts are not empty, with its balance in each currency, major units. */
export async function balancesByName(owner: Knex): Promise<Record<string, string>> {
  const { rows } = await owner.raw(
    `SELECT concat_ws(':', p.code, l.book, l.kind, coalesce(l.owner_id::text, l.shard::text)) AS name,
       string_agg(to_major(b.posted, c.scale) || ' ' || l.currency, ', ' ORDER BY l.currency) AS balance
     FROM balances b JOIN ledger_accounts l ON l.id = b.ledger_account_id JOIN partners p ON p.id = l.tenant_id
       JOIN currencies c ON c.code = l.currency WHERE b.posted <> 0 GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, balance }: { name: string; balance: string }) => [name, balance]));
}

/** The same, as hledger comes to it from a journal. */
export function balancesOf(program: string, journal: string): Record<string, string> {
  const lines = hledger(program, journal, ["balance", "--flat", "--no-total", "-O", "csv"]).trim().split("\n").slice(1);
  return Object.fromEntries(lines.map((line) => JSON.parse(`[${line}]`) as [string, string]));
}
