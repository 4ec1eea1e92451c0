import { AsyncLocalStorage } from "node:async_hooks";
import { type DestinationStream, type Logger, pino } from "pino";

export type Log = Logger;

/** The trace id of the request that is being served, wherever the code is: every log line carries it. */
export const traceOf = new AsyncLocalStorage<string>();

const secretNames = ["password", "token", "accessToken", "partnerToken", "totp", "secret", "cookie", "authorization"];
const anyDepth = (name: string): string[] => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`];

/** One JSON line an event (so a line break in a name cannot forge one); secrets are masked by their names. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const traceId = traceOf.getStore();
      return traceId === undefined ? {} : { traceId };
    },
    redact: { paths: [...secretNames.flatMap(anyDepth), '*["set-cookie"]'], censor: "[secret]" },
    serializers: { err: pino.stdSerializers.err },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
