import { publishedChain } from "./heads.ts";
import type { ProofPorts } from "./ports.ts";

/** Appends a line to the file of a day (YYYY-MM-DD, UTC) in the exports. */
export type AppendLine = (day: string, line: string) => Promise<void>;

/**
 * Writes the signed heads as one line of the day's file. A chain whose heads lie in the same database alone proves
 * nothing against whoever owns it: these files are what an operator hands on, and what `truewick-verify --heads` reads.
 */
export const exportHeads = (ports: ProofPorts & { readonly append: AppendLine }) => async (): Promise<void> => {
  const heads = await publishedChain(ports).heads(null);
  if (heads.heads.length > 0) await ports.append(heads.at.slice(0, 10), JSON.stringify(heads));
};
