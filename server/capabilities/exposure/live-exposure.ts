import type { ExposureNews, ExposureRequest, WireExposureRow } from "#contracts/exposure.ts";
import { exposureRowsMax, worstAccountsMax } from "#contracts/exposure.ts";
import type { StaffIdentity } from "#contracts/identity.ts";
import { type BookExposure, bookExposure, type ExposureQuestion, type Mark } from "#core/book-exposure.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Clock } from "../../platform/clock.ts";
import type { InstrumentCatalog, QuoteBook } from "../market-data/index.ts";
import { type AccountBook, type AccountBookPorts, openAccountBook } from "./account-book.ts";
import { toWireRow, toWireSums, toWireWorst } from "./wire.ts";

export interface LiveExposurePorts extends Pick<AccountBookPorts, "db" | "bus" | "refreshesPerRound"> {
  readonly clock: Pick<Clock, "now" | "elapsedMs">;
  readonly quotes: Pick<QuoteBook, "latestTradable">;
  readonly catalog: Pick<InstrumentCatalog, "all" | "get">;
  readonly log: AccountBookPorts["log"];
  /** A beat begins at most so often; after a dear one it waits longer. */
  readonly beatMs?: number;
  /** For so long after the last watcher has gone the book is kept. */
  readonly lingerMs?: number;
}

/** One view of one viewer. `tell` answers whether it was taken: who can't take it now is told everything again later. */
export interface ExposureWatcher {
  readonly view: number;
  readonly tell: (news: ExposureNews) => boolean;
}

export interface LiveExposure {
  /** Tells the whole first, then what changes, until `stop`. */
  readonly watch: (
    viewer: Pick<StaffIdentity, "tenantId">,
    request: ExposureRequest,
    tell: ExposureWatcher["tell"],
  ) => Result<{ readonly stop: () => void }, "TOO_MANY_VIEWS">;
  /** Accounts in memory; 0 while nobody watches. */
  readonly accounts: () => number;
  readonly close: () => Promise<void>;
}

/** A question, and what those who asked it have been told. */
interface Channel {
  readonly question: ExposureQuestion;
  readonly watchers: Map<ExposureWatcher, "new" | "follows">;
  seq: number;
  shown: Map<string, { readonly row: WireExposureRow; readonly text: string }>;
  rest: string;
}

const channelsMax = 50;
/** Accounts added up before others get their turn: orders are taken by the same process. */
const accountsAtOnce = 1_000;
/** Who comes between two beats waits so long, whoever else comes meanwhile. */
const soonMs = 150;
const most = { rows: exposureRowsMax, worst: worstAccountsMax };
/** A beat may take a fifth of the time. */
const restPerBeat = 4;

/**
 * The exposure desk of this process: while somebody watches, a book of all accounts in memory, that is brought up to date and added up for
 * every question that is asked, once a beat. What the viewer may see is part of the question.
 */
export function liveExposure(ports: LiveExposurePorts): LiveExposure {
  const { clock, log, beatMs = 1_000, lingerMs = 30_000 } = ports;
  const channels = new Map<string, Channel>();
  let book: AccountBook | null = null;
  let running: Promise<void> | null = null;
  let wake: () => void = () => {};
  let isClosed = false;
  let watchedMs = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      let timer = setTimeout(resolve, ms);
      timer.unref();
      wake = () => {
        wake = () => {};
        clearTimeout(timer);
        timer = setTimeout(resolve, Math.min(ms, soonMs));
      };
    });
  const beat = async (): Promise<void> => {
    book ??= await openAccountBook({ ...ports, instrument: ports.catalog.get });
    await book.refresh();
    for (const channel of [...channels.values()])
      if (channel.watchers.size > 0) await tellAll(channel, await addUp(channel.question, book, ports), clock);
  };
  const run = async (): Promise<void> => {
    while (!isClosed) {
      const begunMs = clock.elapsedMs();
      if (channels.size > 0) watchedMs = begunMs;
      else if (begunMs - watchedMs >= lingerMs) break;
      await beat().catch((error: unknown) => log.warn({ err: error }, "the exposure desk missed a beat"));
      const spentMs = clock.elapsedMs() - begunMs;
      await pause(Math.max(beatMs - spentMs, restPerBeat * spentMs, 1));
    }
    book?.close();
    book = null;
    running = null;
  };
  return {
    watch: (viewer, { view, ...asked }, tell) => {
      const question = { ...asked, ...(viewer.tenantId === null ? {} : { tenantId: viewer.tenantId }) };
      const key = JSON.stringify(question, Object.keys(question).sort());
      const channel = channels.get(key) ?? newChannel(question);
      if (!channels.has(key) && channels.size >= channelsMax) return refuse("TOO_MANY_VIEWS");
      channels.set(key, channel);
      const watcher = { view, tell };
      channel.watchers.set(watcher, "new");
      if (running === null) {
        watchedMs = clock.elapsedMs();
        running = run();
      } else wake();
      return ok({
        stop: () => {
          channel.watchers.delete(watcher);
          if (channel.watchers.size === 0 && channels.get(key) === channel) channels.delete(key);
        },
      });
    },
    accounts: () => book?.size() ?? 0,
    close: async () => {
      isClosed = true;
      wake();
      await running;
    },
  };
}

const newChannel = (question: ExposureQuestion): Channel => ({
  ...{ question, watchers: new Map(), seq: 0, shown: new Map(), rest: "" },
});

/** In turns with whatever else the process does; accounts and prices stay as they were at the start. */
async function addUp(
  question: ExposureQuestion,
  book: AccountBook,
  { catalog, quotes }: Pick<LiveExposurePorts, "catalog" | "quotes">,
): Promise<BookExposure> {
  const marks = new Map<string, Mark>();
  for (const { id } of catalog.all()) {
    const quote = quotes.latestTradable(id);
    if (quote !== undefined) marks.set(id, quote);
  }
  const sums = bookExposure(question, (id) => marks.get(id), most);
  let added = 0;
  for (const account of book.accounts()) {
    sums.add(account);
    added += 1;
    if (added % accountsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return sums.result();
}

async function tellAll(channel: Channel, found: BookExposure, clock: Pick<Clock, "now">): Promise<void> {
  const rows = found.rows.map(toWireRow);
  const rest = {
    more: found.more,
    totals: found.totals.map(toWireSums),
    worst: found.worst.map(toWireWorst),
  };
  const shown = new Map(rows.map((row) => [row.key, { row, text: JSON.stringify(row) }]));
  const changed = [...shown].flatMap(([key, { row, text }]) => (channel.shown.get(key)?.text === text ? [] : [row]));
  const gone = [...channel.shown.keys()].filter((key) => !shown.has(key));
  const restText = JSON.stringify(rest);
  const isSame = changed.length === 0 && gone.length === 0 && restText === channel.rest;
  if (!isSame) channel.seq += 1;
  channel.shown = shown;
  channel.rest = restText;
  const common = { ...rest, seq: channel.seq, at: clock.now().toISOString() };
  for (const [watcher, state] of channel.watchers) {
    const isNew = state === "new";
    if (!isNew && isSame) continue;
    const { view } = watcher;
    const taken = watcher.tell({
      ...common,
      view,
      full: isNew,
      ...(isNew ? { rows, gone: [] } : { rows: changed, gone }),
    });
    channel.watchers.set(watcher, taken ? "follows" : "new");
  }
}
