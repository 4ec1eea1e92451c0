import type { OrderCheck } from "#core/order.ts";

/**
 * An accepted order's checks as text, as `passed_checks` of the database reads them: every order writes it, hardly anybody reads it. The first line
 * tells where limits came from, `version:source` each; then a line a check: code, limit, value, headroom and which of those it was. What is empty is null,
 * a headroom of "=" is limit less value. All of them were passed, or the order would not be there.
 */
export function writeChecks(checks: readonly OrderCheck[]): string {
  const sources: string[] = [];
  let rows = "";
  for (const { code, limit, value, headroom, source, version } of checks) {
    const from = `${version ?? ""}:${source ?? ""}`;
    let place = sources.indexOf(from);
    if (place < 0) place = sources.push(from) - 1;
    const left = limit !== null && value !== null && isRest(limit, value, headroom) ? "=" : (headroom ?? "");
    rows += `\n${code}\t${limit ?? ""}\t${value ?? ""}\t${left}\t${place + 1}`;
  }
  return sources.map(onOneLine).join("\t") + rows;
}

/** Names that people gave; everything else is made of our own words and figures. */
const onOneLine = (text: string): string => text.replace(/\p{Cc}/gu, " ");

/** Only where it can be told for certain: figures of as many decimals, in the range in which numbers are exact. */
function isRest(limit: string, value: string, headroom: string | null): boolean {
  if (headroom === null || decimalsOf(limit) !== decimalsOf(value) || decimalsOf(limit) !== decimalsOf(headroom))
    return false;
  const most = wholeOf(limit);
  const rest = most - wholeOf(value);
  return Number.isSafeInteger(most) && Number.isSafeInteger(rest) && rest === wholeOf(headroom);
}

function decimalsOf(figure: string): number {
  const point = figure.indexOf(".");
  return point < 0 ? 0 : figure.length - point - 1;
}

/** NaN where it is no figure. */
const wholeOf = (figure: string): number => Number(figure.replace(".", ""));
