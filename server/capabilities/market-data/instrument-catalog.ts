import type { Knex } from "knex";
import type { Instrument } from "#core/instrument.ts";
import type { Bus } from "../../platform/realtime/announcement.ts";
import { nextTermsChange, readInstruments } from "./instruments.store.ts";

/** Every instrument with the terms in force, in memory. */
export interface InstrumentCatalog {
  readonly get: (id: string) => Instrument | undefined;
  readonly all: () => readonly Instrument[];
  readonly reload: () => Promise<void>;
}

export interface LoadedInstrumentCatalog extends InstrumentCatalog {
  readonly close: () => void;
}

/** Announced names whose change alters an instrument. */
const sources = new Set(["instruments", "instrument-terms", "session-calendars"]);
/** Also the longest a timer is set for; terms further ahead are looked at again then. */
const lookAgainMs = 3_600_000;

/**
 * Reads the catalog and keeps it current: on a `changed` announcement, when waiting terms come into force, and once an
 * hour in case an announcement was lost.
 */
export async function loadInstrumentCatalog(deps: {
  readonly db: Knex;
  readonly bus: Bus;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
}): Promise<LoadedInstrumentCatalog> {
  let instruments: readonly Instrument[] = [];
  let byId = new Map<string, Instrument>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let asked = false;
  let closed = false;

  const read = async (): Promise<void> => {
    instruments = await readInstruments(deps.db);
    byId = new Map(instruments.map((instrument) => [instrument.id, instrument]));
    const change = await nextTermsChange(deps.db);
    clearTimeout(timer);
    if (closed) return;
    const waitMs = change === null ? lookAgainMs : Math.max(0, change.getTime() - deps.now().getTime()) + 10;
    timer = setTimeout(reloadQuietly, Math.min(waitMs, lookAgainMs));
    timer.unref();
  };
  /** One read at a time; whoever asks during a read gets a further one, so no change is missed. */
  const reload = async (): Promise<void> => {
    asked = true;
    running ??= (async () => {
      try {
        while (asked) {
          asked = false;
          await read();
        }
      } finally {
        running = undefined;
      }
    })();
    await running;
  };
  const reloadQuietly = (): void => {
    reload().catch(deps.onError);
  };

  await reload();
  const unsubscribe = deps.bus.subscribe((announcement) => {
    if (announcement.kind === "changed" && sources.has(announcement.resource)) reloadQuietly();
  });
  return {
    get: (id) => byId.get(id),
    all: () => instruments,
    reload,
    close: () => {
      closed = true;
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
