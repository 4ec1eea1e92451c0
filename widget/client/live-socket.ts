import { io, type Socket } from "socket.io-client";
import type { AccountNews, ClientEvents, ServerEvents, SubmissionEvent } from "#contracts/events.ts";
import type { AccountView, WireFill, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import { reconnectDelayMs } from "./backoff.ts";

export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live"; readonly roundTripMs: number | null }
  | { readonly kind: "reconnecting"; readonly nextTryAtMs: number }
  /** The trader opened more sockets than the server keeps; this one was cut and does not come back by itself. */
  | { readonly kind: "displaced" };

/**
 * `restarting` needs no handler: every reconnection waits a random while anyway. An account's news is handed on part by part,
 * orders first and the balance last.
 */
export interface LiveHandlers extends Omit<ServerEvents, "restarting" | "account"> {
  readonly order: (order: WireOrder) => void;
  readonly fill: (fill: WireFill) => void;
  readonly position: (position: WirePosition) => void;
  readonly balance: (balance: AccountView) => void;
  /** Connected, first or again: everything watched must be asked for anew. */
  readonly connected: () => void;
  readonly state: (state: LinkState) => void;
  /** Server time minus ours, from the last round trip. */
  readonly clockOffset: (offsetMs: number) => void;
  /** The server does not take this token. */
  readonly refused: () => void;
}

/** What the server acknowledges a command with. */
export type AnswerTo<Event extends SubmissionEvent> = Parameters<Parameters<ClientEvents[Event]>[1]>[0];

const connectTimeoutMs = 8_000;
const pingEveryMs = 5_000;
const pingTimeoutMs = 4_000;

/**
 * The open socket to the server. It reconnects by itself with a jittered, growing delay and says when the next try is,
 * which socket.io's own reconnection would not tell. Without a token it is a guest's: prices, no account.
 */
export class LiveSocket {
  readonly #socket: Socket<ServerEvents, ClientEvents>;
  readonly #handlers: LiveHandlers;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(server: string, accessToken: string | null, handlers: LiveHandlers) {
    this.#handlers = handlers;
    this.#socket = io(server, {
      auth: accessToken === null ? {} : { accessToken },
      transports: ["websocket", "polling"],
      reconnection: false,
      autoConnect: false,
      forceNew: true,
      timeout: connectTimeoutMs,
    });
    this.#listen();
    this.#socket.connect();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  watch(request: { instruments: string[]; bars: { instrument: string; interval: string }[] }, timeoutMs: number) {
    return this.#socket.timeout(timeoutMs).emitWithAck("watch", request);
  }

  /** Sends a command; rejects when no ack came in time, which does not mean that it was not carried out. */
  submit<Event extends SubmissionEvent>(event: Event, request: unknown, timeoutMs: number): Promise<AnswerTo<Event>> {
    const asked = this.#socket.timeout(timeoutMs).emitWithAck(event, ...([request] as never));
    return asked as Promise<AnswerTo<Event>>;
  }

  /** Ends it for good; nothing is called afterwards. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pinger);
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #listen(): void {
    const { quote, bar, changed } = this.#handlers;
    const socket = this.#socket;
    socket.on("connect", () => this.#onConnect());
    socket.on("disconnect", () => this.#onLost());
    socket.on("connect_error", (error: Error & { data?: { status?: number; code?: string } }) => {
      if (isRefusal(error)) this.#handlers.refused();
      else this.#onLost();
    });
    socket.on("quote", quote);
    socket.on("bar", bar);
    socket.on("account", (news) => this.#onAccount(news));
    socket.on("changed", changed);
    socket.on("session-ended", (reason) => this.#handlers["session-ended"](reason));
  }

  #onAccount({ orders, fills, positions, balance }: AccountNews): void {
    for (const order of orders) this.#handlers.order(order);
    for (const fill of fills) this.#handlers.fill(fill);
    for (const position of positions) this.#handlers.position(position);
    this.#handlers.balance(balance);
  }

  #onConnect(): void {
    this.#attempt = 0;
    this.#handlers.state({ kind: "live", roundTripMs: null });
    this.#handlers.connected();
    clearInterval(this.#pinger);
    this.#pinger = setInterval(() => void this.#ping(), pingEveryMs);
    void this.#ping();
  }

  #onLost(): void {
    if (this.#closed) return;
    clearInterval(this.#pinger);
    clearTimeout(this.#retry);
    const delay = reconnectDelayMs(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#handlers.state({ kind: "reconnecting", nextTryAtMs: Date.now() + delay });
    this.#retry = setTimeout(() => {
      this.#handlers.state({ kind: "connecting" });
      this.#socket.connect();
    }, delay);
  }

  async #ping(): Promise<void> {
    const sentAt = performance.now();
    try {
      const serverMs = await this.#socket.timeout(pingTimeoutMs).emitWithAck("ping");
      const roundTripMs = performance.now() - sentAt;
      if (this.#closed || !this.#socket.connected) return;
      this.#handlers.clockOffset(serverMs + roundTripMs / 2 - Date.now());
      this.#handlers.state({ kind: "live", roundTripMs: Math.max(1, Math.round(roundTripMs)) });
    } catch {
      // A dead line can look open for minutes; give it up now and connect anew.
      if (!this.#closed && this.#socket.connected) this.#socket.disconnect();
    }
  }
}

const isRefusal = (error: Error & { data?: { status?: number; code?: string } }): boolean =>
  error.data?.status === 401 || /unauthori[sz]ed|unauthenticated|session/i.test(`${error.data?.code} ${error.message}`);
