/**
 * Connection refused, lost or exhausted; the server starting, stopping, read-only, too slow or out of resources; a lock that was not
 * had after all tries. Of a command that failed so nothing was done, or nobody knows; it says nothing about the command itself.
 */
const unavailableCode =
  /^(08|53|57P|57014|25006|25P03|58|40001|40P01|55P03)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/;

/** The driver's own errors have no code. */
const unavailableWords =
  /Connection terminated|Connection ended|Unable to acquire a connection|encountered a connection error|timeout exceeded when trying to connect|Query read timeout/;

/** Whether an error tells of the database being away or overloaded, and not of what was asked of it. */
export function isUnavailable(error: unknown): boolean {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === "string" && unavailableCode.test(code)) return true;
  return name === "KnexTimeoutError" || unavailableWords.test(String(message));
}

/** Wrong or forbidden data, a broken rule, a statement that cannot run, an exception raised by our own triggers. */
const decidedCode = /^(22|23|42|44|P0)/;

/**
 * Whether an error is the fault of what was asked for: asked again, it would fail again. Of an error that is not known nobody can say,
 * so it is not.
 */
export function isOfTheAsked(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string") return decidedCode.test(code);
  return error instanceof TypeError || error instanceof RangeError || /^assertion failed/.test(String(message));
}
