import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt, Entry, Outcome } from "./journal.ts";

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** How a request is sent to one of the two apis. Rejects when there was no answer. */
export type Send = (node: number) => Promise<Answer>;

/** Longer than the server lets any statement run: then nobody will answer any more. */
export const answerPatienceMs = 15_000;
/** Longer than any fault lasts. An outcome that is unknown after that is a finding. */
export const persistMs = 120_000;
const backoffMs = { step: 150, max: 1_500 };

/** Ends the repetitions of a run that is over. */
export interface Deadline {
  readonly isOver: () => boolean;
  readonly nowMs: () => number;
}

/**
 * Sends until the outcome is known, each time with the same id, to the other api than before: what a careful client does.
 * One that gives up stops at the first unknown outcome.
 */
export async function persist(
  entry: Entry,
  send: Send,
  how: { readonly node: number; readonly deadline: Deadline },
): Promise<Outcome> {
  const began = how.deadline.nowMs();
  for (let round = 0; ; round++) {
    const attempt = await once(entry, send, (how.node + round) % 2, how.deadline);
    if (attempt.outcome !== "unknown") return attempt.outcome;
    if (entry.givesUp || how.deadline.isOver() || attempt.answeredMs - began > persistMs) return "unknown";
    await sleep(Math.min(backoffMs.max, backoffMs.step * (round + 1)));
  }
}

async function once(entry: Entry, send: Send, node: number, deadline: Deadline): Promise<Attempt> {
  const sentMs = deadline.nowMs();
  const told = (outcome: Outcome, says: string): Attempt => {
    const attempt = { sentMs, answeredMs: deadline.nowMs(), node, outcome, says };
    entry.attempts.push(attempt);
    return attempt;
  };
  try {
    const { status, body } = await send(node);
    const order = body.order as { id?: string } | undefined;
    if (order?.id !== undefined) entry.orderId = order.id;
    return told(outcomeOfStatus(status), `${status} ${String(body.code ?? "")}`.trim());
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return told("unknown", cause?.code ?? message);
  }
}

/** 5xx: nobody knows. 401 and 429 had no effect and are worth another try, so they count as unknown of the whole request. */
function outcomeOfStatus(status: number): Outcome {
  if (status < 300) return "ok";
  return status >= 500 || status === 401 || status === 429 ? "unknown" : "refused";
}

/** JSON over HTTP. Rejects when there is no answer in time. */
export async function ask(
  url: string,
  options: { readonly method?: string; readonly body?: unknown; readonly token?: string | null } = {},
): Promise<Answer> {
  const { body, token = null, method = body === undefined ? "GET" : "POST" } = options;
  const response = await fetch(url, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    signal: AbortSignal.timeout(answerPatienceMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}
