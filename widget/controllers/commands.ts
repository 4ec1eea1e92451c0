import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { SubmissionEvent } from "#contracts/events.ts";
import type { AmendOrderRequest, BracketRequest } from "#contracts/order-requests.ts";
import type { OrderAnswer, WireOrder, WirePosition } from "#contracts/trading-api.ts";
import type { AnswerTo } from "../client/live-socket.ts";
import { newClientOrderId, submitOrder } from "../client/submit-order.ts";
import type { ChangeRequest } from "../events.ts";
import type { AccountController } from "./account.ts";
import type { SessionController } from "./session.ts";

export type Refused = Exclude<OrderAnswer, { order: WireOrder }>;

/** What became of the last command, told beside the tabs. */
export type CommandNote =
  | { readonly kind: "done"; readonly closed: number; readonly cancelled: number }
  | { readonly kind: "vetoed"; readonly instrumentId: string }
  | { readonly kind: "unknown"; readonly instrumentId: string }
  | { readonly kind: "refused"; readonly answer: Refused; readonly instrumentId: string };

interface CommandHost extends ReactiveControllerHost {
  /** False when the page held the change back. */
  readonly mayChange: (request: ChangeRequest) => boolean;
}

const ackTimeoutMs = 5_000;
const longestFlattenId = 40;

/** Changes of what waits and of what is open, over the socket first: amend, cancel, bracket, cancel all, flatten. */
export class CommandsController implements ReactiveController {
  readonly #host: CommandHost;
  readonly #session: SessionController;
  readonly #account: AccountController;
  readonly #pending = new Set<string>();
  note: CommandNote | null = null;

  constructor(host: CommandHost, parts: { session: SessionController; account: AccountController }) {
    this.#host = host;
    this.#session = parts.session;
    this.#account = parts.account;
    host.addController(this);
  }

  hostConnected(): void {}

  /** Whether an answer about an order, a position or everything ("all") is awaited. */
  isPending(id: string): boolean {
    return this.#pending.has(id);
  }

  forget(): void {
    this.note = null;
  }

  /** Null when the server took it; else why not. */
  async cancel(order: WireOrder): Promise<CommandNote | null> {
    return this.#run(order.id, order.instrument, null, "cancel", { orderId: order.id }, () =>
      this.#session.rest.cancel(order.id),
    );
  }

  async amend(order: WireOrder, change: AmendOrderRequest): Promise<CommandNote | null> {
    const asked = { kind: "amend", orderId: order.id, instrument: order.instrument, ...change } as const;
    return this.#run(order.id, order.instrument, asked, "amend", { orderId: order.id, ...change }, () =>
      this.#session.rest.amend(order.id, change),
    );
  }

  async bracket(position: WirePosition, change: BracketRequest): Promise<CommandNote | null> {
    const { id, instrument } = position;
    const asked = { kind: "bracket", positionId: id, instrument, ...change } as const;
    return this.#run(id, instrument, asked, "bracket", { positionId: id, ...change }, () =>
      this.#session.rest.bracket(id, change),
    );
  }

  async cancelAll(): Promise<CommandNote | null> {
    const { accountId } = this.#account;
    if (accountId === null) return null;
    return this.#run("all", "", null, "cancel-all", { accountId }, () => this.#session.rest.cancelAll({ accountId }));
  }

  /** Cancels what waits and closes what is open. */
  async flatten(): Promise<CommandNote | null> {
    const { accountId } = this.#account;
    if (accountId === null) return null;
    const request = { accountId, clientOrderId: newClientOrderId().slice(0, longestFlattenId) };
    return this.#run("all", "", { kind: "flatten", accountId }, "flatten", request, () =>
      this.#session.rest.flatten(request),
    );
  }

  async #run<Event extends SubmissionEvent>(
    key: string,
    instrumentId: string,
    asked: ChangeRequest | null,
    event: Event,
    request: unknown,
    rest: () => Promise<AnswerTo<Event>>,
  ): Promise<CommandNote | null> {
    if (this.#pending.has(key)) return null;
    if (asked !== null && !this.#host.mayChange(asked)) return this.#say({ kind: "vetoed", instrumentId });
    this.note = null;
    this.#pending.add(key);
    this.#host.requestUpdate();
    const { live } = this.#session;
    const socket = live?.connected ? () => live.submit(event, request, ackTimeoutMs) : null;
    const answer = await submitOrder<AnswerTo<Event>>({ socket, rest, wait });
    this.#pending.delete(key);
    if (answer === null) return this.#say({ kind: "unknown", instrumentId });
    return this.#take(answer, instrumentId);
  }

  #take(answer: AnswerTo<SubmissionEvent>, instrumentId: string): CommandNote | null {
    if ("code" in answer) {
      if (answer.status === 401) this.#session.expire();
      return this.#say({ kind: "refused", answer, instrumentId });
    }
    if ("order" in answer) this.#account.takeOrder(answer.order);
    else if ("position" in answer) this.#account.takePosition(answer.position);
    else return this.#takeBatch(answer);
    return null;
  }

  /** A batch may be refused in part: the first refusal is told, and the rest is what was done. */
  #takeBatch({ cancelled, answers }: { cancelled: number; answers: readonly OrderAnswer[] }): CommandNote | null {
    const refused = answers.find((answer) => "code" in answer);
    for (const answer of answers) if ("order" in answer) this.#account.takeOrder(answer.order);
    if (refused) return this.#say({ kind: "refused", answer: refused, instrumentId: "" });
    this.#say({ kind: "done", closed: answers.length, cancelled });
    return null;
  }

  #say(note: CommandNote): CommandNote {
    this.note = note;
    this.#host.requestUpdate();
    return note;
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
