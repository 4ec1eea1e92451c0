import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** One way that a notice comes to the merchant. */
export interface Journey {
  readonly body: string;
  readonly afterMs: number;
  /** Which of the merchant's addresses hears it first. */
  readonly to: number;
  /** True ones are brought until they are taken; false ones (a changed byte, of a replayed day) once, and nobody may take them. */
  readonly isTrue: boolean;
}

const againMs = 500;
const patienceMs = 15_000;
const headers = { "content-type": "application/x-www-form-urlencoded" };

/** Brings a gateway's notices to the merchant: late, often, in any order, and those that somebody else has made. */
export function noticeCourier(addresses: () => readonly string[]) {
  const underway = new Set<Promise<void>>();
  const faults: string[] = [];
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  let taken = 0;
  let refused = 0;

  const bring = async ({ body, to, isTrue }: Journey, round: number): Promise<boolean> => {
    const all = addresses();
    const url = all[(to + round) % all.length] ?? "";
    const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(patienceMs) });
    const said = await answer.text();
    const isTaken = answer.ok && said === "success";
    if (isTaken && !isTrue) faults.push(`a false notice was taken: ${body}`);
    if (answer.status === 400 && isTrue) faults.push(`a true notice was refused: ${body}`);
    if (isTaken) taken += 1;
    if (answer.status === 400) refused += 1;
    return isTaken || answer.status === 400;
  };
  const travel = async (journey: Journey): Promise<void> => {
    await sleep(journey.afterMs, undefined, { signal: ending.signal });
    for (let round = 0; !ending.signal.aborted; round++) {
      // The merchant may be down, and a false notice that nobody heard is brought again like any other.
      if (await bring(journey, round).catch(() => false)) return;
      await sleep(againMs, undefined, { signal: ending.signal });
    }
  };
  return {
    send: (journeys: readonly Journey[]): void => {
      for (const journey of journeys) {
        const going: Promise<void> = travel(journey)
          .catch(() => {})
          .finally(() => underway.delete(going));
        underway.add(going);
      }
    },
    /** What the merchant did with them that he must not. */
    faults,
    counts: () => ({ taken, refused }),
    /** Until all of them have arrived. */
    arrived: async (): Promise<void> => {
      while (underway.size > 0) await Promise.all(underway);
    },
    close: async (): Promise<void> => {
      ending.abort();
      await Promise.all(underway);
    },
  };
}

export type NoticeCourier = ReturnType<typeof noticeCourier>;
