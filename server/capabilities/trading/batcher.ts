/** A queue in front of work that is cheaper in batches. */
export interface Batcher<Item, Answer> {
  /** Resolves with the item's answer when its batch is done; rejects with the batch's error. */
  readonly add: (item: Item) => Promise<Answer>;
  readonly waiting: () => number;
  /** How long, in ms, an item added now waits for its answer: the batches in front of it, at the measured time of one. */
  readonly expectedWaitMs: () => number;
  /** Resolves when nothing waits and nothing runs. */
  readonly idle: () => Promise<void>;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Weight of the newest batch in the moving average of their time. */
const newest = 0.3;

/**
 * Runs one batch at a time: it starts at once when idle, and the next one is all that arrived meanwhile, at most `max`. So the
 * batch size follows the load without a timer (group commit). `run` gives one answer for each item, in order.
 * A batch that fails is tried again in halves when `alone` says that one item may be the cause, so that a poisonous item does
 * not take its neighbours with it.
 */
export function batcher<Item, Answer>(options: {
  readonly max: number;
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly alone: (error: unknown) => boolean;
}): Batcher<Item, Answer> {
  const queue: Waiting<Item, Answer>[] = [];
  let running: Promise<void> | null = null;
  let batchMs = 0;

  async function attempt(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const begun = performance.now();
      const answers = await options.run(batch.map(({ item }) => item));
      batchMs += newest * (performance.now() - begun - batchMs);
      batch.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer === undefined) reject(new Error(`the batch gave no answer ${index} of ${batch.length}`));
        else resolve(answer);
      });
    } catch (error) {
      if (batch.length > 1 && options.alone(error)) {
        const half = Math.ceil(batch.length / 2);
        await attempt(batch.slice(0, half));
        await attempt(batch.slice(half));
      } else for (const { reject } of batch) reject(error);
    }
  }

  async function drain(): Promise<void> {
    // Items that arrive in the same turn of the event loop share the first batch.
    await Promise.resolve();
    while (queue.length > 0) await attempt(queue.splice(0, options.max));
    running = null;
  }

  return {
    add: (item) =>
      new Promise<Answer>((resolve, reject) => {
        queue.push({ item, resolve, reject });
        running ??= drain();
      }),
    waiting: () => queue.length,
    // Nothing runs, nothing waits: a slow batch of long ago must not keep the next one away for ever.
    expectedWaitMs: () => (running === null ? 0 : batchMs * (1 + Math.ceil((queue.length + 1) / options.max))),
    idle: async () => {
      while (running !== null) await running;
    },
  };
}
