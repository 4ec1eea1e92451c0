import type { Knex } from "knex";
import type { ExportFolder } from "./export-folder.ts";
import { expireOld, keptOf } from "./exports.store.ts";

/** Removes files whose time is over, and what killed or cancelled makers left. Returns how many exports lost files. */
export async function sweepExports(ports: { readonly db: Knex; readonly folder: ExportFolder }): Promise<number> {
  await expireOld(ports.db);
  const ids = await ports.folder.ids();
  const kept = await keptOf(ports.db, ids);
  const gone = ids.filter((id) => !kept.has(id));
  for (const id of gone) await ports.folder.remove(id);
  return gone.length;
}
