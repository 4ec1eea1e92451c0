const deadlineMs = 60_000;
const lookAgainMs = 20;

/** Looks until it is so, and returns what was seen; throws what was seen last when it does not come true in time. */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`not in ${deadlineMs} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
