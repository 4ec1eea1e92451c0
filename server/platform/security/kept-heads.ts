import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

/** The heads of the sealed books lie in DATA_DIR/exports/book-heads-<day>.jsonl, a line each. */
export const bookHeadsFile = "book-heads";

const line = z.object({
  stream: z.enum(["transfers", "audit-log"]),
  blockNo: z.string().regex(/^\d{1,19}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** All heads that were written down beside the database. A line that was cut short by a power failure is passed over; any other is an error. */
export function readKeptHeads(dataDir: string): readonly z.infer<typeof line>[] {
  const folder = path.join(dataDir, "exports");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.startsWith(`${bookHeadsFile}-`) && name.endsWith(".jsonl"));
  return files.sort().flatMap((name) => {
    const text = readFileSync(path.join(folder, name), "utf8");
    return text
      .split("\n")
      .slice(0, -1)
      .map((one) => line.parse(JSON.parse(one)));
  });
}
