import { hash, verify } from "@node-rs/argon2";
import { ProblemError } from "../http/problem.ts";

/**
 * argon2id (the library's default kind) at the OWASP minimum: about 15 ms a hash. Outdated hashes are replaced at the
 * next login.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const prefix = "$argon2id$v=19$m=19456,t=2,p=1$";

/** So many hashes at once, so that a flood of logins cannot starve orders of processor time. */
const runningMax = 4;
/** A queue of about a second; beyond it the caller is told to come back. */
const waitingMax = 64;

export interface Passwords {
  readonly hash: (password: string) => Promise<string>;
  /** Takes as long for no hash (an unknown user) as for a wrong password. */
  readonly matches: (stored: string | null, password: string) => Promise<boolean>;
  /** The parameters were raised since it was made. */
  readonly isOutdated: (stored: string) => boolean;
}

export function argon2Passwords(): Passwords {
  const limited = limiter();
  const hashed = (password: string): Promise<string> => limited(() => hash(password, parameters));
  let dummy: Promise<string> | undefined;
  return {
    hash: hashed,
    matches: async (stored, password) => {
      dummy ??= hash("the password of nobody", parameters);
      const known = stored ?? (await dummy);
      const matched = await limited(() => verify(known, password));
      return matched && stored !== null;
    },
    isOutdated: (stored) => !stored.startsWith(prefix),
  };
}

function limiter(): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax)
        throw new ProblemError(503, "BUSY", "Too many logins at once. Try again in a moment.", {
          headers: { "Retry-After": "1" },
        });
      // The one that ends hands its place over: `running` is not lowered in between.
      await new Promise<void>((begin) => waiting.push(begin));
    } else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
