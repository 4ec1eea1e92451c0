import type { Clock } from "../clock.ts";
import { repeat } from "../queue/repeat.ts";

export interface Ended {
  readonly orders: readonly { readonly id: string; readonly accountId: string }[];
  /** Where the next span begins. */
  readonly until: string;
}

/** Orders that ended after `since` and at least `delayMs` ago; null: none, only the place to begin. */
export type ReadEnded = (since: string | null, delayMs: number) => Promise<Ended>;

export interface UntoldPorts {
  readonly ended: ReadEnded;
  readonly isWatched: (accountId: string) => boolean;
  readonly tell: (accountId: string, orderIds: readonly string[]) => void;
  readonly clock: Pick<Clock, "elapsedMs">;
  readonly onError: (error: unknown) => void;
  /** Between two looks; default 1 s. */
  readonly restMs?: number;
}

export interface Untold {
  /** The ends of these orders were told to their sockets. */
  readonly told: (orderIds: readonly string[]) => void;
  readonly stop: () => Promise<void>;
}

const defaultRestMs = 1_000;
/**
 * How long after an order's end it is looked at: soon, for an announcement that was lost; and once more when a transaction that
 * hung before its commit must have come to its end.
 */
const delaysMs = [2_000, 20_000];
/** Longer than the longest delay: an order that was told is not told again. */
const rememberedMs = 30_000;

/**
 * Tells the ends of orders that no announcement told: announcements travel at most once, and are lost with the Redis or the worker
 * that carries them, while a trader's socket stays open. An end may be told twice, never not at all.
 */
export function sweepUntold(ports: UntoldPorts): Untold {
  const { clock } = ports;
  const toldAt = new Map<string, number>();
  const since: (string | null)[] = delaysMs.map(() => null);

  const forget = (): void => {
    const before = clock.elapsedMs() - rememberedMs;
    for (const [id, atMs] of toldAt) {
      if (atMs > before) return;
      toldAt.delete(id);
    }
  };
  const told = (orderIds: readonly string[]): void => {
    for (const id of orderIds) {
      toldAt.delete(id); // so that the map stays in the order of time
      toldAt.set(id, clock.elapsedMs());
    }
  };
  const sweep = async (place: number, delayMs: number): Promise<void> => {
    const { orders, until } = await ports.ended(since[place] ?? null, delayMs);
    since[place] = until;
    const untold = new Map<string, string[]>();
    for (const { id, accountId } of orders)
      if (!toldAt.has(id) && ports.isWatched(accountId)) untold.set(accountId, [...(untold.get(accountId) ?? []), id]);
    for (const [accountId, ids] of untold) ports.tell(accountId, ids);
  };
  const sweeping = repeat(ports.restMs ?? defaultRestMs, async () => {
    forget();
    try {
      for (const [place, delayMs] of delaysMs.entries()) await sweep(place, delayMs);
    } catch (error) {
      ports.onError(error);
    }
  });
  return { told, stop: sweeping.stop };
}
