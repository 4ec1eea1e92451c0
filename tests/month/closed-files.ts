import { createHash } from "node:crypto";
import type { Month } from "./house.ts";

/** Those of a closed date never change. */
const reports = ["ledger", "trial-balance", "trades", "commissions"] as const;

/** report -> SHA-256 of the date's file, made now. */
export async function filesOf({ exporter }: Month, day: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const report of reports) {
    const id = await exporter.made({ report, fromDate: day, toDate: day });
    if (exporter.manifestOf(id).isClosed !== true) throw new Error(`${day} is not closed`);
    hashes[report] = createHash("sha256").update(exporter.bytesOf(id)).digest("hex");
  }
  return hashes;
}
