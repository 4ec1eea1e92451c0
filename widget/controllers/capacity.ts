import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { CapacityReply } from "#contracts/trading-api.ts";
import type { AccountController } from "./account.ts";
import type { QuotesController } from "./quotes.ts";
import type { SessionController } from "./session.ts";

const settleMs = 400;

/** The most lots that the server would take now, and what binds them; asked again when something has changed. */
export class CapacityController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #parts: { session: SessionController; quotes: QuotesController; account: AccountController };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #about = "";
  #known: { readonly about: string; readonly reply: CapacityReply } | null = null;

  constructor(
    host: ReactiveControllerHost,
    parts: { session: SessionController; quotes: QuotesController; account: AccountController },
  ) {
    this.#host = host;
    this.#parts = parts;
    host.addController(this);
    const again = (): void => this.refresh();
    parts.session.listen({ connected: again, order: again, fill: again, position: again, balance: again });
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Another account or instrument is asked about at once. */
  hostUpdated(): void {
    const about = this.#key();
    if (about === this.#about) return;
    this.#about = about;
    if (about !== "") this.refresh();
  }

  /** Null until it is known for what is on screen. */
  get reply(): CapacityReply | null {
    return this.#known?.about === this.#key() ? this.#known.reply : null;
  }

  /** Once for all that changes within a moment. */
  refresh(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#ask();
    }, settleMs);
  }

  #key(): string {
    const { session, account, quotes } = this.#parts;
    if (session.state.kind !== "signed-in" || account.accountId === null || quotes.selectedId === null) return "";
    return `${account.accountId} ${quotes.selectedId}`;
  }

  async #ask(): Promise<void> {
    const about = this.#key();
    const [accountId, instrument] = about.split(" ");
    if (!accountId || !instrument) return;
    const reply = await this.#parts.session.rest.capacity({ accountId, instrument }).catch(() => null);
    if (about !== this.#key()) return;
    // An answer that did not come leaves nothing stale on screen: the widget's own estimate stands then.
    this.#known = reply === null ? null : { about, reply };
    this.#host.requestUpdate();
  }
}
