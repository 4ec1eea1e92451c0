import type { Settled } from "./gateway-ports.ts";

export interface AccountEvents {
  /** Orders of an account were settled: read them and tell. */
  readonly settled: (accountId: string, orderIds: readonly string[]) => void;
  /** Resolves when everything heard so far was told. */
  readonly idle: () => Promise<void>;
}

/**
 * Reads what the announcements name and hands it on, account by account in the order of the announcements. Those that come while
 * an account is being read are read together, so a burst costs few reads; none is left out.
 */
export function accountEvents(
  read: (accountId: string, orderIds: readonly string[]) => Promise<Settled>,
  tell: (accountId: string, settled: Settled) => void,
  onError: (error: unknown) => void,
): AccountEvents {
  const waiting = new Map<string, Set<string>>();
  const reading = new Map<string, Promise<void>>();

  const drain = async (accountId: string): Promise<void> => {
    for (let ids = waiting.get(accountId); ids !== undefined; ids = waiting.get(accountId)) {
      waiting.delete(accountId);
      try {
        tell(accountId, await read(accountId, [...ids]));
      } catch (error) {
        onError(error);
      }
    }
    reading.delete(accountId);
  };
  return {
    settled: (accountId, orderIds) => {
      const ids = waiting.get(accountId) ?? new Set<string>();
      for (const id of orderIds) ids.add(id);
      waiting.set(accountId, ids);
      if (!reading.has(accountId)) reading.set(accountId, drain(accountId));
    },
    idle: async () => {
      await Promise.all(reading.values());
    },
  };
}
