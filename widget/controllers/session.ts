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

/** The page gave no token. */
class NoToken extends Error {}

interface SessionHost extends ReactiveControllerHost {
  readonly serverOrigin: string;
  readonly fetchSession: FetchSession | null;
}

const renewBeforeMs = 30_000;
const longestTimerMs = 2 ** 31 - 1;

/**
 * Who trades and the open socket in his name; a guest's socket, for prices, while nobody is signed in. The token lives in this
 * object's memory only.
 */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  readonly #listeners = new Set<Partial<LiveHandlers>>();
  readonly #ended: (of: "session" | "server") => void;
  #rest: TradingRest | null = null;
  #live: LiveSocket | null = null;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #connected = false;
  #renewing = false;
  state: SessionState = { kind: "signed-out", reason: null };
  link: LinkState = { kind: "connecting" };
  clockOffsetMs = 0;

  /** `ended` is called when a session is over, or when the server is another one and so nothing known holds any more. */
  constructor(host: SessionHost, ended: (of: "session" | "server") => void) {
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
    this.#open();
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
    this.#closeSocket();
    this.#signOut(null);
    this.#ended("server");
  }

  /** Opens the socket again that the server cut because the trader opened others; the oldest of those goes instead. */
  takeOver(): void {
    if (this.link.kind === "displaced") this.#open();
  }

  async signIn(credentials: LoginRequest): Promise<void> {
    this.#set({ kind: "signing-in" });
    await this.#settle(() => this.rest.login(credentials));
  }

  /** Signs in by the partner's token when the page gives one; else leaves the form on screen. */
  async signInByPartner(): Promise<void> {
    const { fetchSession } = this.#host;
    if (!fetchSession || this.state.kind !== "signed-out") return;
    this.#set({ kind: "signing-in" });
    await this.#settle(() => this.#loginByPartner(fetchSession));
  }

  async signOut(): Promise<void> {
    await this.rest.logout().catch(() => undefined);
    this.#signOut(null);
  }

  /** The session is over, by time or because the server says so. A partner's page gives a new one; nothing on screen goes. */
  expire(): void {
    if (this.state.kind !== "signed-in" || this.#renewing) return;
    const { fetchSession } = this.#host;
    if (!fetchSession) {
      this.#signOut("expired");
      return;
    }
    this.#renewing = true;
    void this.#settle(() => this.#loginByPartner(fetchSession)).finally(() => {
      this.#renewing = false;
    });
  }

  /** Takes the session that a login gives, unless the server or the trader went away meanwhile. */
  async #settle(login: () => Promise<LoginReply>): Promise<void> {
    const { kind } = this.state;
    const begun = this.#rest;
    const isDue = (): boolean => this.state.kind === kind && (begun === null || begun === this.#rest);
    try {
      const reply = await login();
      if (!isDue()) return;
      this.#set({ kind: "signed-in", reply });
      if (this.#connected) this.#open();
    } catch (error) {
      if (!isDue()) return;
      if (error instanceof NoToken) this.#signOut("no-session");
      else this.#signOut(error instanceof RestProblem && error.status < 500 ? "wrong" : "unreachable");
    }
  }

  async #loginByPartner(fetchSession: FetchSession): Promise<LoginReply> {
    const partnerToken = await fetchSession().catch((error: unknown) => {
      console.error("truewick-trader: fetchSession failed", error);
      throw new NoToken();
    });
    return this.rest.login({ partnerToken });
  }

  #token(): string | null {
    return this.state.kind === "signed-in" ? this.state.reply.accessToken : null;
  }

  #signOut(reason: SignedOutReason | null): void {
    const wasSignedIn = this.state.kind === "signed-in";
    this.#set({ kind: "signed-out", reason });
    if (wasSignedIn) this.#ended("session");
    // Prices go on for a guest; a sign-in that failed has left the guest's socket as it was.
    if (this.#connected && (wasSignedIn || this.#live === null)) this.#open();
  }

  #set(state: SessionState): void {
    this.state = state;
    this.#host.requestUpdate();
  }

  /** The socket of whoever is signed in, or a guest's, in place of the one before. */
  #open(): void {
    this.#closeSocket();
    if (this.state.kind === "signed-in" && !this.#plansExpiry(this.state.reply)) return;
    try {
      this.#live = new LiveSocket(this.#host.serverOrigin, this.#token(), this.#handlers());
    } catch (error) {
      console.error("truewick-trader: the server can't be reached", error);
    }
  }

  /** False when the session is over already. */
  #plansExpiry(reply: LoginReply): boolean {
    const leftMs = new Date(reply.expiresAt).getTime() - this.nowMs();
    if (leftMs <= 0) {
      this.expire();
      return false;
    }
    const early = this.#host.fetchSession ? renewBeforeMs : 0;
    this.#expiry = setTimeout(() => this.expire(), Math.min(longestTimerMs, Math.max(1000, leftMs - early)));
    return true;
  }

  #closeSocket(): void {
    clearTimeout(this.#expiry);
    this.#live?.close();
    this.#live = null;
    this.link = { kind: "connecting" };
  }

  /** The server has cut the socket for this reason. */
  #cut(code: string): void {
    this.#closeSocket();
    this.#host.requestUpdate();
    if (code === "TOO_MANY_SOCKETS") this.link = { kind: "displaced" };
    else this.expire();
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
      changed: tell("changed"),
      "session-ended": ({ code }) => this.#cut(code),
      refused: () => this.#cut("SESSION_ENDED"),
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
