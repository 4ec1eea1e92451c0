import type { Settled } from "./gateway-ports.ts";

export interface AccountEvents {
  /** Orders of an account were settled: read them and tell. */
  readonly settled: (accountId: string, orderIds: readonly string[]) => void;
  /** Resolves when everything heard so far was told. */
  readonly idle: () => Promise<void>;
}

type Wanted = ReadonlyMap<string, readonly string[]>;

/** Accounts read at once; those beyond come with the next reading. */
const accountsMax = 200;

/**
 * Reads what the announcements name and hands it on, one reading at a time. What is heard while one runs is read together
 * afterwards, all accounts of it at once: a burst costs few readings, none is left out, and each account is told in the order
 * of its announcements. A reading that fails is tried again account by account, so that one does not silence the others.
 */
export function accountEvents(
  read: (wanted: Wanted) => Promise<ReadonlyMap<string, Settled>>,
  tell: (accountId: string, settled: Settled) => void,
  onError: (error: unknown) => void,
): AccountEvents {
  const waiting = new Map<string, Set<string>>();
  let running: Promise<void> | null = null;

  const readAndTell = async (wanted: Wanted): Promise<void> => {
    let views: ReadonlyMap<string, Settled>;
    try {
      views = await read(wanted);
    } catch (error) {
      if (wanted.size === 1) onError(error);
      else for (const one of wanted) await readAndTell(new Map([one]));
      return;
    }
    for (const [accountId, settled] of views)
      try {
        tell(accountId, settled);
      } catch (error) {
        onError(error);
      }
  };
  const drain = async (): Promise<void> => {
    // What one message brings is heard in one turn of the event loop, and read together.
    await Promise.resolve();
    while (waiting.size > 0) {
      const next = [...waiting].slice(0, accountsMax).map(([id, orderIds]) => [id, [...orderIds]] as const);
      for (const [id] of next) waiting.delete(id);
      await readAndTell(new Map(next));
    }
    running = null;
  };
  return {
    settled: (accountId, orderIds) => {
      const ids = waiting.get(accountId) ?? new Set<string>();
      for (const id of orderIds) ids.add(id);
      waiting.set(accountId, ids);
      running ??= drain();
    },
    idle: async () => {
      while (running !== null) await running;
    },
  };
}
