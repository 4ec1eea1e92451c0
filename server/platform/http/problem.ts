import type { ZodError, ZodType } from "zod";

/**
 * An expected no that leaves the server as an HTTP problem: status, a code for programs, a sentence for people, and the
 * fields that are wrong. Thrown by routes, written by the one error handler.
 */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** Further members of the answer, such as an order's `checks`. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      errors?: Record<string, string>;
      extra?: Record<string, unknown>;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = options.errors;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
  }
}

/** Long reads run one after the other, and enough of them wait already. */
export const busy = (): ProblemError =>
  new ProblemError(503, "BUSY", "Other runs are under way. Try again in a few seconds.", {
    headers: { "Retry-After": "5" },
  });

/** Parses what came from outside; throws a 422 that names every wrong field. */
export function parseRequest<T>(schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError(422, "INVALID_REQUEST", "The request has fields that are missing, unknown or malformed.", {
    errors: fieldErrors(parsed.error),
  });
}

/** Field path -> what is wrong, first reason first; an unknown key is reported under its own name, be it "__proto__". */
export function fieldErrors(error: Pick<ZodError, "issues">): Record<string, string> {
  const errors = new Map<string, string>();
  const add = (path: readonly PropertyKey[], says: string): void => {
    const field = path.map(String).join(".") || "root";
    if (!errors.has(field)) errors.set(field, says);
  };
  for (const issue of error.issues.flatMap(ofNearest)) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) add([...issue.path, key], "unknown field");
    else add(issue.path, issue.message);
  }
  return Object.fromEntries(errors);
}

type Issue = ZodError["issues"][number];

/** Of several allowed shapes the one that fits best tells what is wrong: "Invalid input" names nothing. */
function ofNearest(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
  return nearest === undefined
    ? [issue]
    : nearest.map((one) => ({ ...one, path: [...issue.path, ...one.path] }) as Issue);
}
