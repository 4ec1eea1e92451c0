const firstDelayMs = 500;
const longestDelayMs = 15_000;

/**
 * Wait before reconnect attempt `attempt` (0 is the first): doubles up to 15 s, and each client takes a random part of
 * it (half to whole), so that a restarted server is not met by all at once. `random` is in [0, 1).
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
