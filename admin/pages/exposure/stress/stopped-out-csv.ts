import type { StressReply } from "#contracts/stress.ts";

type StoppedOut = StressReply["stoppedOut"]["rows"][number];

const columns: readonly (readonly [name: string, value: (row: StoppedOut) => string])[] = [
  ["account_id", ({ accountId }) => accountId],
  ["trader_id", ({ traderId }) => traderId],
  ["partner", ({ partner }) => text(partner)],
  ["currency", ({ currency }) => currency],
  ["equity_before", ({ before }) => before.equity],
  ["margin_before", ({ before }) => before.required],
  ["level_before_percent", ({ before }) => before.percent ?? ""],
  ["equity_at_shock", ({ shocked }) => shocked.equity],
  ["level_at_shock_percent", ({ shocked }) => shocked.percent ?? ""],
  ["fees", ({ fees }) => fees],
  ["made_good", ({ madeGood }) => madeGood],
  ["equity_after", ({ after }) => after.equity],
  ["closed", ({ closed }) => text(closed.map((one) => `${one.side} ${one.lots} ${one.instrumentId}`).join("; "))],
];

/** RFC 4180 with the mark that spreadsheets know UTF-8 by. What could be read as a formula there is not: only texts get the quote. */
export const stoppedOutCsv = ({ stoppedOut }: StressReply): string =>
  `\uFEFF${[columns.map(([name]) => name), ...stoppedOut.rows.map((row) => columns.map(([, value]) => value(row)))]
    .map((cells) => `${cells.map(cell).join(",")}\r\n`)
    .join("")}`;

const text = (words: string): string => (/^[=+\-@\t\r\0＝＋－＠]/.test(words) ? `'${words}` : words);

const cell = (words: string): string => (/[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
