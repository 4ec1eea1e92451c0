/** Tokens in one question; those beyond come with the next. */
const askedMax = 500;

/**
 * Answers one token at a time by asking about many at once: what is asked in one turn of the event loop, or while a question is under
 * way, is the next question (natural batching, no timer). A question that fails rejects all whose tokens were in it.
 */
export function askTogether<T>(
  find: (tokens: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (token: string) => Promise<T | null> {
  type Asking = { token: string; answer: (value: T | null) => void; fail: (error: unknown) => void };
  let waiting: Asking[] = [];
  let isAsking = false;

  const drain = async (): Promise<void> => {
    await Promise.resolve();
    while (waiting.length > 0) {
      const asked = waiting.slice(0, askedMax);
      waiting = waiting.slice(askedMax);
      try {
        const found = await find([...new Set(asked.map(({ token }) => token))]);
        for (const { token, answer } of asked) answer(found.get(token) ?? null);
      } catch (error) {
        for (const { fail } of asked) fail(error);
      }
    }
    isAsking = false;
  };
  return (token) =>
    new Promise<T | null>((answer, fail) => {
      waiting.push({ token, answer, fail });
      if (isAsking) return;
      isAsking = true;
      void drain();
    });
}
