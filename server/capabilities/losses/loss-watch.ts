import type { Knex } from "knex";
import { type LossRoom, lossAlarms, lossRooms } from "#core/loss-alarms.ts";
import { recentQuotes } from "#core/recent-quotes.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { accountsAtRisk, loadMarks, type MarkQuote } from "../margin/index.ts";
import { type AlarmIndex, apart, findTogether, type TriggerWatchers } from "../trading/index.ts";
import type { ApplyLosses } from "./apply-losses.ts";
import { loadViews } from "./load-views.ts";
import { mustMove, nextLookOf } from "./next-look.ts";
import { readRecent } from "./recent.store.ts";
import { type LossView, type WeighedAccount, type WeighedLosses, walked, weighLosses } from "./weigh-losses.ts";

export interface LossWatchPorts {
  readonly db: Knex;
  readonly bus: Pick<Bus, "subscribe">;
  readonly clock: Pick<Clock, "now">;
  readonly log: { readonly error: (about: object, text: string) => void };
  /** See `applyLosses`. */
  readonly apply: ApplyLosses;
  /** How often it looks at accounts that it was told of, and at those whose reset has come. */
  readonly sweepEveryMs?: number;
  /** Within how long it has looked for itself at every account, told or not: a part of them at each sweep. */
  readonly reloadEveryMs?: number;
}

export interface LossWatch {
  /** Follows the stream of the trigger engine, in its order. */
  readonly watchers: TriggerWatchers<string>;
  /** Accounts with a position and a rule. */
  readonly accounts: () => number;
  readonly stop: () => Promise<void>;
}

/** What is kept of an account between two looks. */
interface Watched {
  readonly alarms: readonly { readonly instrumentId: string; readonly key: string }[];
  /** Up to where in the stream it was weighed. */
  readonly place: number;
  /** When its next reset comes, or a lock of it ends. */
  readonly nextMs: number;
  /** No other account counts as one with it. */
  readonly isAlone: boolean;
}

const noRoom: LossRoom = { down: null, up: null };

/** Accounts of one read, and of one transaction. */
const batchMax = 200;
/** Quotes that are kept: who was filled, or has a peak that follows the price, is weighed by all since. A minute at 70 a second. */
export const recentMax = 4_096;

/**
 * Watches the loss limits of every account with a position, at the cost of those that may breach one: each leaves alarm prices in the
 * stream's index and is weighed again only when one is met, when its reset comes, or when it was changed. Only the process
 * that leads the triggers watches. What it keeps in memory only says whom to look at: `applyLosses` decides anew under the lock.
 */
export function lossWatch(ports: LossWatchPorts): LossWatch {
  const { db, bus, clock, log, apply, sweepEveryMs = 250, reloadEveryMs = 30_000 } = ports;
  const accounts = new Map<string, Watched>();
  const changed = new Set<string>();
  let recent = recentQuotes(recentMax);
  let marks = new Map<string, MarkQuote>();
  let alarms: AlarmIndex<string> | null = null;
  let epoch = 0n;
  let turn: Promise<void> = Promise.resolve();
  let reloadedMs = 0;
  /** What the present reload has still to look at, and how much of it a sweep takes. */
  let toReload: readonly string[] = [];
  let share = 0;

  /** One thing at a time: the stream and the sweep work on the same accounts. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };
  const forget = (accountId: string): void => {
    for (const { instrumentId, key } of accounts.get(accountId)?.alarms ?? []) alarms?.(instrumentId).remove(key);
    accounts.delete(accountId);
  };
  const placeOf = (accountId: string): number | null => accounts.get(accountId)?.place ?? null;
  /** Those that count as one share what they may still lose. */
  const arm = (group: readonly WeighedAccount[]): void => {
    const open = group.map(({ view }) => walked(view.ladder, marks));
    const rooms = lossRooms(
      group.map(({ weighed }, place) => ({
        losses: weighed.slots,
        facts: weighed.facts,
        moving: open[place]?.length ?? 0,
      })),
    );
    group.forEach((one, place) => {
      armOne(one, open[place] ?? [], rooms[place] ?? noRoom);
    });
  };
  const armOne = ({ view, weighed }: WeighedAccount, open: ReturnType<typeof walked>, room: LossRoom): void => {
    const { accountId } = view.losses;
    forget(accountId);
    if (alarms === null || open.length === 0) return;
    const index = alarms;
    const put = lossAlarms(open, room).map(({ instrumentId, crossing }, number) => {
      const key = `${accountId} ${number}`;
      const fromSeq = open.find((held) => held.instrumentId === instrumentId)?.seq ?? 0n;
      index(instrumentId).put({ key, crossing, fromSeq, rank: 0n, payload: accountId });
      return { instrumentId, key };
    });
    const isAlone = view.mates.length === 0;
    accounts.set(accountId, { alarms: put, place: recent.place(), nextMs: nextLookOf(view, weighed), isAlone });
  };
  /**
   * Weighs accounts as they stand now: what changed is written under their locks, then all wait for their alarms. Whose alarm is met
   * for sure, by `isMet`, is not read before: it is read under its lock.
   */
  const weigh = async (accountIds: readonly string[], at: Date, isMet: Met = neverMet): Promise<void> => {
    for (let from = 0; from < accountIds.length; from += batchMax) {
      const some = accountIds.slice(from, from + batchMax);
      try {
        const met = some.filter(isMet);
        const found = await look(
          some.filter((id) => !isMet(id)),
          at,
          mustMove,
        );
        const moving = [...met, ...found];
        if (moving.length > 0) await move(moving, at);
      } catch (error) {
        log.error({ err: error, accounts: some.length }, "loss limits could not be applied and are tried again");
        for (const id of some) changed.add(id);
      }
    }
  };
  const move = async (accountIds: readonly string[], at: Date): Promise<void> => {
    const left = await apart(
      accountIds,
      (ids) => apply(ids, { marks, recent, at, epoch, fromOf: placeOf }),
      (account, error) => log.error({ err: error, account }, "loss limits cannot be applied to this account"),
    );
    const groups = left.flat();
    const armed = new Set(groups.flat().map(({ view }) => view.losses.accountId));
    for (const group of groups) arm(group);
    // Closed, or without a rule by now.
    await look(
      accountIds.filter((id) => !armed.has(id)),
      at,
      () => false,
    );
  };
  /** Arms those that may wait on; returns the others. */
  const look = async (accountIds: readonly string[], at: Date, moves: Moves): Promise<string[]> => {
    if (accountIds.length === 0) return [];
    const mates = await findTogether(db, accountIds);
    const views = await loadViews(db, [...new Set([...accountIds, ...mates.keys()])], mates, at.getTime());
    for (const id of accountIds) if (!views.has(id)) forget(id);
    const moving: string[] = [];
    for (const group of weighLosses(views, { marks, recent, fromOf: placeOf, at })) {
      if (group.some(({ view, weighed }) => moves(view, weighed)))
        moving.push(...group.map(({ view }) => view.losses.accountId));
      else arm(group);
    }
    return moving;
  };
  /** Whether its alarms are exact, being all of one instrument and of its room alone: whose alarm was met then has something to write. */
  const holdsOne: Met = (accountId) => {
    const known = accounts.get(accountId);
    return known?.isAlone === true && new Set(known.alarms.map(({ instrumentId }) => instrumentId)).size === 1;
  };
  const sweep = async (): Promise<void> => {
    if (alarms === null) return;
    const nowMs = clock.now().getTime();
    for (const [id, { nextMs }] of accounts) if (nextMs <= nowMs) changed.add(id);
    const ids = [...changed];
    changed.clear();
    await weigh(ids, clock.now());
    if (toReload.length === 0 && performance.now() - reloadedMs >= reloadEveryMs) {
      reloadedMs = performance.now();
      toReload = [...(await accountsAtRisk(db))];
      share = Math.ceil((toReload.length * sweepEveryMs) / reloadEveryMs);
    }
    const some = toReload.slice(0, share);
    toReload = toReload.slice(share);
    await weigh(some, clock.now());
  };

  const unsubscribe = bus.subscribe((announcement) => {
    if (announcement.kind === "settled") changed.add(announcement.accountId);
    // Who is tightened is not left waiting for the next reload.
    else if (announcement.kind === "changed" && announcement.resource === "risk-limits")
      for (const id of accounts.keys()) changed.add(id);
  });
  const timer = setInterval(() => {
    inTurn(sweep).catch((error: unknown) => log.error({ err: error }, "the loss watch could not look around"));
  }, sweepEveryMs);
  timer.unref();

  return {
    watchers: {
      onLead: (index, lead) =>
        inTurn(async () => {
          accounts.clear();
          alarms = index;
          epoch = lead;
          marks = await loadMarks(db);
          recent = recentQuotes(recentMax);
          for (const quote of await readRecent(db, recentMax)) recent.push(quote);
          reloadedMs = performance.now();
          await weigh([...(await accountsAtRisk(db))], clock.now());
        }),
      onQuote: (quote, fired) => {
        if (fired.length === 0) {
          marks.set(quote.instrumentId, quote);
          recent.push(quote);
          return;
        }
        return inTurn(async () => {
          marks.set(quote.instrumentId, quote);
          recent.push(quote);
          await weigh([...new Set(fired)], quote.receivedAt, holdsOne);
        });
      },
    },
    accounts: () => accounts.size,
    stop: async () => {
      clearInterval(timer);
      unsubscribe();
      await turn;
    },
  };
}

type Met = (accountId: string) => boolean;
const neverMet: Met = () => false;
type Moves = (view: LossView, weighed: WeighedLosses) => boolean;
