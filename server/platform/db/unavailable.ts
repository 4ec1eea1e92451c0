/**
 * Connection refused, lost or exhausted; the server starting, stopping, read-only, too slow or out of resources; a lock that was not
 * had after all tries. Of a command that failed so nothing was done, or nobody knows; it says nothing about the command itself.
 */
const unavailableCode =
  /^(08|53|57P|57014|25006|25P03|58|40001|40P01|55P03)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/;

/** Whether an error tells of the database being away or overloaded, and not of what was asked of it. */
export function isUnavailable(error: unknown): boolean {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === "string" && unavailableCode.test(code)) return true;
  return name === "KnexTimeoutError" || /Connection terminated|Unable to acquire a connection/.test(String(message));
}
