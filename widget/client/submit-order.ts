import type { OrderAnswer } from "#contracts/trading-api.ts";

/** Ways to the same command: over the open socket and over REST. Both reject when no answer came. */
export interface OrderRoutes<Answer extends { readonly status: number } = OrderAnswer> {
  /** Null while the socket is down. */
  readonly socket: (() => Promise<Answer>) | null;
  readonly rest: () => Promise<Answer>;
  readonly wait: (ms: number) => Promise<void>;
}

const restTriesMax = 4;
const firstPauseMs = 500;

/**
 * Submits one order until an answer is known. A lost answer is asked for again with the same body, so with the same
 * `clientOrderId`: the server answers a repeat with the order it already has. Null when it stays unknown; the caller
 * must say so, and must never send it under a new id.
 */
export async function submitOrder<Answer extends { readonly status: number } = OrderAnswer>(
  routes: OrderRoutes<Answer>,
): Promise<Answer | null> {
  if (routes.socket) {
    const answer = await decided(routes.socket);
    if (answer !== null) return answer;
  }
  for (let attempt = 0; attempt < restTriesMax; attempt += 1) {
    const answer = await decided(routes.rest);
    if (answer !== null) return answer;
    await routes.wait(firstPauseMs * 2 ** attempt);
  }
  return null;
}

/** Null when nothing came, or the server says that it does not know (5xx): only a repeat can tell. */
async function decided<Answer extends { readonly status: number }>(
  route: () => Promise<Answer>,
): Promise<Answer | null> {
  const answer = await route().catch(() => null);
  return answer === null || answer.status >= 500 ? null : answer;
}

/** A number of our own for an order: the trader's browser names it, so a repeat can be recognised. */
export function newClientOrderId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `w-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
