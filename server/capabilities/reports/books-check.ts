import type { Clock } from "../../platform/clock.ts";

export interface BooksCheck {
  /** The last finished run; starts the next one where it is due. Null before the first has finished. */
  readonly latest: () => {
    readonly balanced: boolean;
    readonly checkedAt: Date;
    readonly broken: readonly string[];
  } | null;
  /** The same, but waits for the first run, at most this long. */
  readonly first: (patienceMs: number) => Promise<ReturnType<BooksCheck["latest"]>>;
  /** Resolves when the run under way has finished. */
  readonly settled: () => Promise<void>;
}

const restMs = 10_000;
/** A run reads the whole journal: the larger it is, the rarer it runs, so that checking stays below 5 % of the time. */
const restPerRun = 20;

/** Checks the books when somebody looks, at most one run at once and not more often than they can bear. */
export function booksCheck(deps: {
  readonly verify: () => Promise<readonly { readonly invariant: string }[]>;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}): BooksCheck {
  let latest: ReturnType<BooksCheck["latest"]> = null;
  let running: Promise<void> | null = null;
  let dueAtMs = Number.NEGATIVE_INFINITY;
  const run = async (): Promise<void> => {
    const startedMs = deps.clock.elapsedMs();
    try {
      const broken = (await deps.verify()).map(({ invariant }) => invariant);
      latest = { balanced: broken.length === 0, checkedAt: deps.clock.now(), broken };
    } catch (error) {
      deps.onError(error);
    }
    const endedMs = deps.clock.elapsedMs();
    dueAtMs = endedMs + Math.max(restMs, restPerRun * (endedMs - startedMs));
    running = null;
  };
  const look = (): ReturnType<BooksCheck["latest"]> => {
    if (running === null && deps.clock.elapsedMs() >= dueAtMs) running = run();
    return latest;
  };
  return {
    latest: look,
    first: async (patienceMs) => {
      if (look() === null && running !== null) await within(patienceMs, running);
      return latest;
    },
    settled: async () => {
      await running;
    },
  };
}

/** Waits for `work`, but no longer than this. */
async function within(patienceMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
