import type { Knex } from "knex";
import { marginLevel, nextStage } from "#core/ladder.ts";
import { ladderAlarms } from "#core/ladder-alarms.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { type AlarmIndex, apart, type TriggerWatchers } from "../trading/index.ts";
import type { ApplyLadder } from "./apply-ladder.ts";
import { accountsAtRisk, accountsOfOrders, type LadderState, loadLadder, type MarkQuote } from "./ladder.store.ts";
import { loadMarks } from "./marks.store.ts";
import { type Marks, markOf, withMarks } from "./weigh.ts";

export interface MarginWatchPorts {
  readonly db: Knex;
  readonly bus: Pick<Bus, "subscribe">;
  readonly clock: Pick<Clock, "now">;
  readonly log: { readonly error: (about: object, text: string) => void };
  /** See `applyLadder`. */
  readonly apply: ApplyLadder;
  /** How often it looks at accounts that it was told of. */
  readonly sweepEveryMs?: number;
  /** Within how long it has looked for itself at every account, told or not: a part of them at each sweep. */
  readonly reloadEveryMs?: number;
}

export interface MarginWatch {
  /** Follows the stream of the trigger engine, in its order. */
  readonly watchers: TriggerWatchers<string>;
  readonly accounts: () => number;
  readonly stop: () => Promise<void>;
}

/** Where an account's alarms are. */
type Armed = readonly { readonly instrumentId: string; readonly key: string }[];

/** Accounts of one read and of one transaction of the ladder. */
const batchMax = 500;
/** The same where nothing is at stake: weighing so many blocks the process, which also settles, for 5 ms. */
const lookMax = 100;
/** Batches at once: while the database writes one, this process weighs another. More would wait for the house's balances. */
const lanesMax = 2;

/**
 * Watches the margin level of every account with a position, at the cost of those whose stage may change: each account leaves
 * alarm prices in the stream's index and is weighed again only when one is met, or when its money or positions changed. Only
 * the process that leads the triggers watches. What it keeps in memory only says whom to look at: the ladder decides anew under
 * the account's lock.
 */
export function marginWatch(ports: MarginWatchPorts): MarginWatch {
  const { db, bus, clock, log, apply, sweepEveryMs = 250, reloadEveryMs = 10_000 } = ports;
  const accounts = new Map<string, Armed>();
  const changed = new Set<string>();
  /** Orders that wait, or wait no longer: what they hold counts for their accounts' levels. */
  const orders = new Set<string>();
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
    for (const { instrumentId, key } of accounts.get(accountId) ?? []) alarms?.(instrumentId).remove(key);
    accounts.delete(accountId);
  };
  const arm = (state: LadderState): void => {
    forget(state.accountId);
    if (alarms === null || state.holdings.length === 0) return;
    const index = alarms;
    const wanted = ladderAlarms(withMarks(state, marks, always), state.thresholds);
    const put = wanted.map(({ instrumentId, crossing }, place) => {
      const key = `${state.accountId} ${place}`;
      const holding = state.holdings.find((one) => one.instrumentId === instrumentId);
      const fromSeq = (holding === undefined ? null : markOf(holding, marks))?.seq ?? 0n;
      index(instrumentId).put({ key, crossing, fromSeq, rank: 0n, payload: state.accountId });
      return { instrumentId, key };
    });
    accounts.set(state.accountId, put);
  };
  /** Whether the account's alarms are all of one instrument: then they are exact, and whose alarm was met must move. */
  const holdsOne: Met = (accountId) =>
    new Set(accounts.get(accountId)?.map(({ instrumentId }) => instrumentId)).size === 1;
  /**
   * Weighs accounts as they stand now: those that must move go up or down the ladder, the others wait for their alarms. Whose alarm
   * is met for sure, by `isMet`, is not read before: the ladder reads it under its lock.
   */
  const weigh = (accountIds: readonly string[], at: Date, isMet: Met = neverMet): Promise<void> =>
    inLanes(pieces(accountIds, isMet === neverMet ? lookMax : batchMax), async (some) => {
      try {
        await weighSome(some, at, isMet);
      } catch (error) {
        log.error({ err: error, accounts: some.length }, "the margin ladder failed and is tried again");
        for (const id of some) changed.add(id);
      }
    });
  const weighSome = async (accountIds: readonly string[], at: Date, isMet: Met): Promise<void> => {
    const moving = accountIds.filter(isMet);
    for (const state of await read(accountIds.filter((id) => !isMet(id)))) {
      if (mustMove(state, marks)) moving.push(state.accountId);
      else arm(state);
    }
    if (moving.length > 0) await move(moving, at);
  };
  const read = async (accountIds: readonly string[]): Promise<LadderState[]> => {
    if (accountIds.length === 0) return [];
    const states = await loadLadder(db, accountIds);
    const found = new Set(states.map(({ accountId }) => accountId));
    for (const id of accountIds) if (!found.has(id)) forget(id);
    return states;
  };
  const move = async (accountIds: readonly string[], at: Date): Promise<void> => {
    const settled = await apart(
      accountIds,
      (some) => apply(some, { marks, at, epoch }),
      (accountId, error) =>
        log.error({ err: error, account: accountId }, "the margin ladder cannot be applied to this account"),
    );
    const flat = new Set(settled.flat());
    for (const id of flat) forget(id);
    // Where the others came to. What could not be closed now stays where it is until the sweep tries again.
    for (const state of await read(accountIds.filter((id) => !flat.has(id)))) if (!mustMove(state, marks)) arm(state);
  };
  const weighChanged = async (): Promise<void> => {
    if (alarms === null) return;
    const orderIds = [...orders];
    orders.clear();
    if (orderIds.length > 0) for (const id of await accountsOfOrders(db, orderIds)) changed.add(id);
    const ids = [...changed];
    changed.clear();
    if (ids.length === 0) return;
    const atRisk = await accountsAtRisk(db, ids);
    for (const id of ids) if (!atRisk.has(id)) forget(id);
    await weigh([...atRisk], clock.now());
  };
  const sweep = async (): Promise<void> => {
    await weighChanged();
    if (alarms === null) return;
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
    else if (announcement.kind === "working") for (const id of announcement.orderIds) orders.add(id);
  });
  const timer = setInterval(() => {
    inTurn(sweep).catch((error: unknown) => log.error({ err: error }, "the margin watch could not look around"));
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
          reloadedMs = performance.now();
          await weigh([...(await accountsAtRisk(db))], clock.now());
        }),
      onQuote: (quote, fired) => {
        if (fired.length === 0) {
          marks.set(quote.instrumentId, quote);
          return;
        }
        return inTurn(async () => {
          marks.set(quote.instrumentId, quote);
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

const always = (): boolean => true;
type Met = (accountId: string) => boolean;
const neverMet: Met = () => false;

const mustMove = (state: LadderState, marks: Marks): boolean => {
  const account = withMarks(state, marks, always);
  const stage = nextStage(state.stage, marginLevel(account), state.thresholds);
  // At the last step there is always something left to do, until it is closed.
  return stage !== state.stage || stage === "stop-out";
};

/** Works on items that have nothing to do with each other, a few at once. */
async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const lane = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: lanesMax }, lane));
}

function pieces<Item>(items: readonly Item[], size: number): Item[][] {
  const made: Item[][] = [];
  for (let from = 0; from < items.length; from += size) made.push(items.slice(from, from + size));
  return made;
}
