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

/** Instead of an item's answer: it could not be done now. It goes in front of the next batch. */
export const again = Symbol("again");

interface Waiting<Item, Answer> {
  readonly item: Item;
  /** How many batches have put it off. */
  readonly turns: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** An item is put off at most so often; then its batch must wait for whatever it is that it needs. */
const turnsMax = 5;
/** Weight of the newest batch in the moving average of their time. */
const newest = 0.3;

/**
 * Runs one batch at a time: it starts at once when idle, and the next one is all that arrived meanwhile, at most `max`. So the
 * batch size follows the load without a timer (group commit). `run` gives one answer for each item, in order.
 * Items that a batch could not do now (`again`) begin the next one, in their order.
 * A batch that fails is tried again in halves when `alone` says that one item may be the cause, so that a poisonous item does
 * not take its neighbours with it.
 */
export function batcher<Item, Answer>(options: {
  readonly max: number;
  /** `mayPutOff`: whether an answer may be `again`; else every item must be answered. */
  readonly run: (items: readonly Item[], mayPutOff: boolean) => Promise<readonly (Answer | typeof again)[]>;
  readonly alone: (error: unknown) => boolean;
}): Batcher<Item, Answer> {
  const queue: Waiting<Item, Answer>[] = [];
  let running: Promise<void> | null = null;
  let batchMs = 0;

  async function attempt(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const begun = performance.now();
      const mayPutOff = batch.every(({ turns }) => turns < turnsMax);
      const answers = await options.run(
        batch.map(({ item }) => item),
        mayPutOff,
      );
      batchMs += newest * (performance.now() - begun - batchMs);
      const putOff: Waiting<Item, Answer>[] = [];
      batch.forEach((one, index) => {
        const answer = answers[index];
        if (answer === undefined) one.reject(new Error(`the batch gave no answer ${index} of ${batch.length}`));
        else if (answer === again) putOff.push({ ...one, turns: one.turns + 1 });
        else one.resolve(answer);
      });
      queue.unshift(...putOff);
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
        queue.push({ item, turns: 0, resolve, reject });
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
