import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { lockClose, readClose, writeAsked } from "./closes.store.ts";

export type AskRefusal = "UNKNOWN_CLOSE" | "DATE_NOT_OVER" | "CLOSE_MOVED_ON";

/** Has a date that is over closed, or a close that a rule has stopped go on from that step. The scheduler does it at once. */
export async function askClose(
  work: Work,
  actor: Actor,
  { id, from }: { readonly id: bigint; readonly from: "open" | "failed" },
): Promise<Result<null, AskRefusal>> {
  const found = await readClose(work.db, id);
  if (found === null) return refuse("UNKNOWN_CLOSE");
  const close = await lockClose(work.db, found);
  if (!close.isOver) return refuse("DATE_NOT_OVER");
  if (close.state !== from) return refuse("CLOSE_MOVED_ON");
  await writeAsked(work.db, id, actor.name);
  return ok(null);
}
