import { publishedChain } from "./heads.ts";
import type { ProofPorts } from "./ports.ts";

/** Appends a line to the file of a day (YYYY-MM-DD, UTC) in the exports. */
export type AppendLine = (day: string, line: string) => Promise<void>;

/** Digits of "2026-01-02" and of "2026-01-02T03" in a moment's text. */
const [dayDigits, hourDigits] = [10, 13];

/**
 * Writes the signed heads as one line of the day's file, once an hour from the first block on, however often it is called. A
 * chain whose heads lie in the same database alone proves nothing against whoever owns it: these files are what an operator
 * hands on, and what `truewick-verify --heads` reads.
 */
export function exportHeads(ports: ProofPorts & { readonly append: AppendLine }): () => Promise<void> {
  let written = "";
  return async () => {
    const heads = await publishedChain(ports).heads(null);
    const hour = heads.at.slice(0, hourDigits);
    if (heads.heads.length === 0 || hour === written) return;
    await ports.append(hour.slice(0, dayDigits), JSON.stringify(heads));
    written = hour;
  };
}
