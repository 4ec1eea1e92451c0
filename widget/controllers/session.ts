import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { LoginReply, LoginRequest } from "#contracts/trading-api.ts";
import { type LinkState, type LiveHandlers, LiveSocket } from "../client/live-socket.ts";
import { RestProblem, TradingRest } from "../client/rest.ts";

/** Asks the partner's own server for a token that names its customer; called again when a session ends. */
export type FetchSession = () => Promise<string>;

export type SessionState =
  | { readonly kind: "signed-out"; readonly reason: SignedOutReason | null }
  | { readonly kind: "signing-in" }
  | { readonly kind: "signed-in"; readonly reply: LoginReply };
export type SignedOutReason = "wrong" | "expired" | "unreachable" | "no-session";

interface SessionHost extends ReactiveControllerHost {
  readonly serverOrigin: string;
  readonly fetchSession: FetchSession | null;
}

const renewBeforeMs = 30_000;
const longestTimerMs = 2 ** 31 - 1;

/** Who trades and the open socket in his name. The token lives in this object's memory only. */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  readonly #listeners = new Set<Partial<LiveHandlers>>();
  readonly #ended: () => void;
  #rest: TradingRest | null = null;
  #live: LiveSocket | null = null;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #connected = false;
  state: SessionState = { kind: "signed-out", reason: null };
  link: LinkState = { kind: "connecting" };
  clockOffsetMs = 0;

  constructor(host: SessionHost, ended: () => void) {
    this.#host = host;
    this.#ended = ended;
    host.addController(this);
  }

  get rest(): TradingRest {
    this.#rest ??= new TradingRest(this.#host.serverOrigin, () => this.#token());
    return this.#rest;
  }

  get live(): LiveSocket | null {
    return this.#live;
  }

  /** The server's clock as far as the last round trip tells. */
  nowMs(): number {
    return Date.now() + this.clockOffsetMs;
  }

  hostConnected(): void {
    this.#connected = true;
    if (this.state.kind === "signed-in") this.#open(this.state.reply);
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#closeSocket();
  }

  listen(handlers: Partial<LiveHandlers>): void {
    this.#listeners.add(handlers);
  }

  /** The server changed: nothing of the old one may be sent to the new one. */
  reset(): void {
    this.#rest = null;
    this.#signOut(null);
  }

  async signIn(credentials: LoginRequest): Promise<void> {
    this.#set({ kind: "signing-in" });
    try {
      const reply = await this.rest.login(credentials);
      this.#set({ kind: "signed-in", reply });
      if (this.#connected) this.#open(reply);
    } catch (error) {
      this.#signOut(error instanceof RestProblem && error.status < 500 ? "wrong" : "unreachable");
    }
  }

  /** Signs in by the partner's token when the page gives one; else leaves the form on screen. */
  async signInByPartner(): Promise<void> {
    const fetchSession = this.#host.fetchSession;
    if (!fetchSession || this.state.kind !== "signed-out") return;
    this.#set({ kind: "signing-in" });
    const partnerToken = await fetchSession().catch((error: unknown) => {
      console.error("truewick-trader: fetchSession failed", error);
      return null;
    });
    if (partnerToken === null) this.#signOut("no-session");
    else await this.signIn({ partnerToken });
  }

  async signOut(): Promise<void> {
    await this.rest.logout().catch(() => undefined);
    this.#signOut(null);
  }

  /** The session is over: by time, or because the server says so. */
  expire(): void {
    if (this.state.kind !== "signed-in") return;
    this.#signOut("expired");
    void this.signInByPartner();
  }

  #token(): string | null {
    return this.state.kind === "signed-in" ? this.state.reply.accessToken : null;
  }

  #signOut(reason: SignedOutReason | null): void {
    this.#closeSocket();
    this.#set({ kind: "signed-out", reason });
    this.#ended();
  }

  #set(state: SessionState): void {
    this.state = state;
    this.#host.requestUpdate();
  }

  #open(reply: LoginReply): void {
    this.#closeSocket();
    const leftMs = new Date(reply.expiresAt).getTime() - this.nowMs();
    if (leftMs <= 0) {
      this.expire();
      return;
    }
    const early = this.#host.fetchSession ? renewBeforeMs : 0;
    this.#expiry = setTimeout(() => this.expire(), Math.min(longestTimerMs, Math.max(1000, leftMs - early)));
    this.#live = new LiveSocket(this.#host.serverOrigin, reply.accessToken, this.#handlers());
  }

  #closeSocket(): void {
    clearTimeout(this.#expiry);
    this.#live?.close();
    this.#live = null;
    this.link = { kind: "connecting" };
  }

  #handlers(): LiveHandlers {
    const tell =
      <Event extends keyof LiveHandlers>(event: Event) =>
      (...details: Parameters<LiveHandlers[Event]>): void => {
        for (const listener of this.#listeners)
          (listener[event] as ((...all: typeof details) => void) | undefined)?.(...details);
      };
    return {
      connected: tell("connected"),
      quote: tell("quote"),
      bar: tell("bar"),
      order: tell("order"),
      fill: tell("fill"),
      position: tell("position"),
      balance: tell("balance"),
      "session-ended": () => this.expire(),
      refused: () => this.expire(),
      clockOffset: (offsetMs) => {
        this.clockOffsetMs = offsetMs;
      },
      state: (link) => {
        this.link = link;
        this.#host.requestUpdate();
      },
    };
  }
}
