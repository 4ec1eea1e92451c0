import { playRehearsals } from "../capabilities/risk/index.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import { spareCpu } from "../platform/spare-cpu.ts";
import type { Shared } from "./shared.ts";

const lookMs = 1_000;

/** Plays changes of the risk table through recorded orders. For the one scheduler that leads. */
export function startRehearsals({ db, readDb, bus, log }: Shared): Repetition {
  const spare = spareCpu();
  const failed = (err: unknown, rehearsalId?: string): void => log.error({ err, rehearsalId }, "a rehearsal failed");
  const announceChanged = (id: string): void => bus.publish({ kind: "changed", resource: "risk-rehearsals", id });
  return repeat(lookMs, async () => {
    await playRehearsals({ db, readDb, yield: spare.yield, announceChanged, onError: failed }).catch(failed);
  });
}
