import type { Knex } from "knex";
import { formatDecimal } from "#core/units.ts";
import { wordsIn } from "./statement-words.ts";
import { type MovementRow, readMovements, type StatementPosition, type StatementRow } from "./statements.store.ts";

/** Self-contained and printable; nothing is loaded, nothing is run. The page's only style, so that its hash can be named to browsers. */
export const statementStyle = `:root{color-scheme:light dark;--line:#d0d5dd;--dim:#667085}
@media(prefers-color-scheme:dark){:root{--line:#3b4350;--dim:#98a2b3}}
body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:2rem 0 .5rem}header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:1rem}
.dim{color:var(--dim)}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600}.number{text-align:right;padding-right:0}.number+.number{padding-left:1.5rem}footer{margin-top:2rem;overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}:root{color-scheme:light}}`;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? "");

/** A cell; a number stands right. */
const cell = (text: string, isNumber = false): string =>
  `<td${isNumber ? ' class="number"' : ""}>${escaped(text)}</td>`;
const row = (...cells: readonly string[]): string => `<tr>${cells.join("")}</tr>\n`;

/** A statement as a page in its trader's language, under his broker's name. The same bytes whenever it is made. */
export async function* statementPage(db: Knex, statement: StatementRow): AsyncGenerator<string> {
  const { say, codeName } = wordsIn(statement.locale);
  const money = (minor: bigint): string => formatDecimal(minor, statement.scale);
  const title = `${say("title")} ${statement.bookDate}`;
  const heads = (...names: readonly [text: string, isNumber: boolean][]): string =>
    `<div class="scroll"><table><thead><tr>${names.map(([text, isNumber]) => `<th${isNumber ? ' class="number"' : ""}>${escaped(text)}</th>`).join("")}</tr></thead><tbody>\n`;
  yield `<!doctype html>
<html lang="${statement.locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(`${statement.partnerName}: ${title}`)}</title><style>${statementStyle}</style></head><body>
<header><div><h1>${escaped(statement.partnerName)}</h1><div>${escaped(title)}</div></div>
<div class="dim">${escaped(say("trader"))}: ${escaped(statement.traderName)}<br>${escaped(say("account"))}: ${statement.accountId}</div></header>
`;
  yield section(say("summary")) + heads([statement.currency, false], [say("amount"), true]);
  yield row(cell(say("opening")), cell(money(statement.opening), true));
  for (const [code, minor] of Object.entries(statement.totals).sort())
    yield row(cell(codeName(code)), cell(money(BigInt(minor)), true));
  yield row(cell(say("closing")), cell(money(statement.closing), true));
  yield row(cell(say("held")), cell(money(statement.held), true));
  yield row(cell(say("openPnl")), cell(statement.openPnl === null ? "-" : money(statement.openPnl), true));
  const equity = statement.openPnl === null ? "-" : money(statement.closing + statement.openPnl);
  yield row(cell(say("equity")), cell(equity, true)) + ends;
  yield section(say("positions"));
  if (statement.positions.length === 0) yield `<p class="dim">${escaped(say("none"))}</p>\n`;
  else {
    yield heads(
      [say("instrument"), false],
      ...(["lots", "average", "settlement", "result"] as const).map((word): [string, boolean] => [say(word), true]),
    );
    yield statement.positions.map((position) => positionRow(position, money)).join("") + ends;
  }
  yield section(say("movements"));
  yield heads(
    [say("time"), false],
    [say("kind"), false],
    [say("trade"), false],
    [say("amount"), true],
    [say("balance"), true],
  );
  let balance = statement.opening;
  for await (const piece of readMovements(db, statement))
    yield piece
      .map((moved) => {
        balance += moved.amount;
        const trade = tradeText(moved, say);
        return row(
          cell(moved.postedAt),
          cell(codeName(moved.code)),
          cell(trade),
          cell(money(moved.amount), true),
          cell(money(balance), true),
        );
      })
      .join("");
  yield `${ends}<footer class="dim">${escaped(say("made"))}<br>${statement.hash}</footer></body></html>\n`;
}

const ends = "</tbody></table></div>\n";
const section = (text: string): string => `<h2>${escaped(text)}</h2>\n`;

const positionRow = (position: StatementPosition, money: (minor: bigint) => string): string => {
  const { settlementPrice, priceDate, openPnl } = position;
  return row(
    cell(position.instrument),
    cell(position.lots, true),
    cell(position.averagePrice, true),
    cell(settlementPrice === null ? "-" : `${settlementPrice} (${priceDate})`, true),
    cell(openPnl === null ? "-" : money(BigInt(openPnl)), true),
  );
};

const tradeText = ({ instrument, side, lots, price }: MovementRow, say: (word: "buy" | "sell") => string): string =>
  instrument === null || side === null ? "" : `${say(side)} ${lots} ${instrument} @ ${price}`;
