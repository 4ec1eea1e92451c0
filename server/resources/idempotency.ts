import { createHash } from "node:crypto";
import type { Locale } from "#contracts/names.ts";
import type { Actor, Work } from "../platform/db/unit-of-work.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { says } from "./messages.ts";
import type { WireRecord } from "./wire.ts";

const pending = 0;

/**
 * Does `run` once for a key of an actor, in the caller's transaction: a repeat waits for the first, then gets its answer; the
 * same key with another request is refused. Without a key it just runs.
 */
export async function once(
  work: Work,
  actor: Actor,
  request: {
    readonly key: string | undefined;
    readonly resource: string;
    readonly body: unknown;
    readonly locale: Locale;
  },
  run: () => Promise<{ readonly stored: WireRecord; readonly answer: WireRecord }>,
): Promise<WireRecord> {
  const { key, resource, body, locale } = request;
  if (key === undefined) return (await run()).answer;
  if (key.length < 1 || key.length > 128)
    throw new ProblemError(400, "BAD_IDEMPOTENCY_KEY", says("keyMalformed", locale));
  const owner = `${actor.kind}:${actor.id}`;
  const hash = createHash("sha256")
    .update(`${resource}\n${JSON.stringify(body)}`)
    .digest();
  const { rowCount } = await work.db.raw(
    `INSERT INTO idempotency_keys (actor, key, request_hash, status, response) VALUES (?, ?, ?, ?, 'null')
     ON CONFLICT DO NOTHING`,
    [owner, key, hash, pending],
  );
  if (rowCount === 0) {
    const known = await work.db("idempotency_keys").where({ actor: owner, key }).first("request_hash", "response");
    if (known === undefined || !hash.equals(known.request_hash))
      throw new ProblemError(409, "IDEMPOTENCY_KEY_REUSED", says("keyReused", locale));
    return known.response;
  }
  const { stored, answer } = await run();
  await work
    .db("idempotency_keys")
    .where({ actor: owner, key })
    .update({ status: 201, response: JSON.stringify(stored) });
  return answer;
}
