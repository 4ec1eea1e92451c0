/** The connection on which a Bee-Queue worker waits for its next job, as far as it is watched here. */
export interface BlockingClient {
  brpoplpush: (from: string, to: string, seconds: number, done: Popped) => unknown;
}

/** What takes a job's trace out of the lists when there is no job behind its id. */
export interface JobLookup {
  readonly exists: (jobId: string) => Promise<boolean>;
  readonly forget: (jobId: string) => Promise<void>;
}

type Popped = (error: Error | null, jobId: string | null) => void;

/** Bee-Queue would wait for ever, and nobody could tell a quiet queue from a dead connection. */
const popSeconds = 4;
const retryMs = { first: 50, max: 1_000 };

/**
 * Stands between a Bee-Queue worker and its blocking connection:
 * - a pop ends every few seconds and is asked again, so each answer is a sign of life (`silentMs`);
 * - a failed pop (connection lost, Redis loading or out of memory) is asked again within a second, while Bee-Queue's own
 *   pause doubles with each failure and has no end;
 * - an id without a job is dropped: a job that was run twice at the same time leaves one behind, which Bee-Queue would carry
 *   around for ever, each round taking one of its handlers away.
 */
export function watchPops(
  client: BlockingClient,
  lookup: JobLookup,
  elapsedMs: () => number = () => performance.now(),
) {
  const pop = client.brpoplpush.bind(client);
  let heardAt = elapsedMs();
  let asked = 0;
  let isStopped = false;

  const askUntilAnswered = (from: string, to: string, answer: Popped, waitMs = retryMs.first): void => {
    const again = (nextWaitMs?: number): void => askUntilAnswered(from, to, answer, nextWaitMs);
    if (isStopped) {
      answer(aborted(), null);
      return;
    }
    pop(from, to, popSeconds, (error, jobId) => {
      if (error !== null && isStopped) return answer(error, null);
      if (error !== null) return void setTimeout(again, waitMs, Math.min(waitMs * 2, retryMs.max));
      heardAt = elapsedMs();
      if (jobId === null) return again();
      dropped(jobId, lookup).then(
        (isDropped) => (isDropped ? again() : answer(null, jobId)),
        // Not known: Bee-Queue looks itself, and a job it does not get is found by the look for stalled ones.
        () => answer(null, jobId),
      );
    });
  };

  client.brpoplpush = (from, to, _seconds, done) => {
    asked += 1;
    heardAt = elapsedMs();
    askUntilAnswered(from, to, (error, jobId) => {
      asked -= 1;
      done(error, jobId);
    });
    return true;
  };

  return {
    /** Since when the pop that is being asked has had no answer, in ms; 0 while none is asked (all handlers are busy). */
    silentMs: (): number => (asked === 0 ? 0 : elapsedMs() - heardAt),
    stop: (): void => {
      isStopped = true;
    },
  };
}

async function dropped(jobId: string, lookup: JobLookup): Promise<boolean> {
  if (await lookup.exists(jobId)) return false;
  await lookup.forget(jobId);
  return true;
}

/** As node_redis says that a connection was closed on purpose: Bee-Queue takes it for the end, not for a fault. */
const aborted = (): Error => Object.assign(new Error("the queue is being closed"), { name: "AbortError" });
