import { createHash } from "node:crypto";
import type { WireStatement } from "#contracts/statements-api.ts";
import { formatDecimal } from "#core/units.ts";
import {
  findStatement,
  readStatements,
  type StatementRow,
  statementCsv,
  statementPage,
  statementStyle,
} from "../capabilities/account-statements/index.ts";
import type { AccountStatementPorts } from "../platform/http/account-statement-routes.ts";
import type { Shared } from "./shared.ts";

const styleHash = `'sha256-${createHash("sha256").update(statementStyle).digest("base64")}'`;

/** The trader's daily statements. Files read the journal, so never in the pool of commands. */
export function openAccountStatements({ readDb }: Pick<Shared, "readDb">): AccountStatementPorts {
  return {
    list: async ({ accountIds }, accountId, page) => {
      if (!accountIds.includes(accountId)) return null;
      const rows = await readStatements(readDb, accountId, page);
      const last = rows.length === page.limit ? rows.at(-1) : undefined;
      return { statements: rows.map(wireStatement), next: last === undefined ? null : `${last.id}` };
    },
    write: async ({ accountIds }, id, form) => {
      const statement = await findStatement(readDb, id, accountIds);
      if (statement === null) return null;
      const name = `statement-${statement.bookDate}-${statement.accountId.slice(0, 8)}`;
      return form === "csv"
        ? { name: `${name}.csv`, type: "text/csv", style: null, pieces: statementCsv(readDb, statement) }
        : { name: `${name}.html`, type: "text/html", style: styleHash, pieces: statementPage(readDb, statement) };
    },
  };
}

function wireStatement(row: StatementRow): WireStatement {
  const money = (minor: bigint): string => formatDecimal(minor, row.scale);
  return {
    ...{ id: `${row.id}`, accountId: row.accountId, bookDate: row.bookDate, currency: row.currency },
    ...{ opening: money(row.opening), moved: money(row.moved), closing: money(row.closing), held: money(row.held) },
    movements: row.movements,
    totals: Object.fromEntries(Object.entries(row.totals).map(([code, minor]) => [code, money(BigInt(minor))])),
    openPnl: row.openPnl === null ? null : money(row.openPnl),
    positions: row.positions.map((position) => ({
      ...position,
      openPnl: position.openPnl === null ? null : money(BigInt(position.openPnl)),
    })),
    hash: row.hash,
    madeAt: row.madeAt.toISOString(),
  };
}
