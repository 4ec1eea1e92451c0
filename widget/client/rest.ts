import type { Interval } from "#contracts/names.ts";
import type {
  AmendOrderRequest,
  BracketRequest,
  CancelAllRequest,
  FlattenRequest,
  PlaceOrderRequest,
} from "#contracts/order-requests.ts";
import type { Problem } from "#contracts/problem.ts";
import type {
  AccountView,
  BarsReply,
  BatchAnswer,
  CapacityReply,
  LoginReply,
  LoginRequest,
  OrderAnswer,
  PositionAnswer,
  WireCheck,
  WireFill,
  WireInstrument,
  WireOrder,
  WirePosition,
} from "#contracts/trading-api.ts";

const timeoutMs = 10_000;
/** A file may go over a slow line: so many times as long. */
const fileTimeouts = 6;
const ordersMax = 200;

/** The server answered with a problem instead of what was asked for. */
export class RestProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** What was compared, where the server says it. */
  readonly checks: readonly {
    readonly code: string;
    readonly passed: boolean;
    readonly value: string | null;
    readonly limit: string | null;
  }[];

  /** By field what is wrong with it. */
  readonly errors: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    checks: RestProblem["checks"] = [],
    errors: RestProblem["errors"] = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.checks = checks;
    this.errors = errors;
  }
}

/** A close over REST: the position is in the path. */
export interface CloseRequest {
  readonly clientOrderId: string;
  readonly lots?: string;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

type RefusedBody = Partial<Problem> & { checks?: WireCheck[] };

/** The trading API over HTTP. The bearer token comes from `token` at each call and is kept nowhere else. */
export class TradingRest {
  readonly #server: string;
  readonly #token: () => string | null;

  constructor(server: string, token: () => string | null) {
    this.#server = server;
    this.#token = token;
  }

  login(credentials: LoginRequest): Promise<LoginReply> {
    return this.#read("/api/trading/session", { method: "POST", body: credentials }) as Promise<LoginReply>;
  }

  async logout(): Promise<void> {
    await this.#fetch("/api/trading/session", { method: "DELETE" });
  }

  async instruments(): Promise<readonly WireInstrument[]> {
    return listOf<WireInstrument>(await this.#read("/api/trading/instruments"), "instruments");
  }

  bars(ask: { instrument: string; interval: Interval; to?: string; limit: number }): Promise<BarsReply> {
    return this.#read(`/api/trading/bars?${query(ask)}`) as Promise<BarsReply>;
  }

  account(accountId: string): Promise<AccountView> {
    return this.#read(`/api/trading/account?${query({ accountId })}`) as Promise<AccountView>;
  }

  async positions(accountId: string): Promise<readonly WirePosition[]> {
    return listOf<WirePosition>(await this.#read(`/api/trading/positions?${query({ accountId })}`), "positions");
  }

  orders(accountId: string, cursor: string | null): Promise<Page<WireOrder>> {
    // The longest page that there is: an order may wait for weeks while others come and go.
    return this.#page("orders", accountId, cursor, ordersMax);
  }

  /** Orders that have not ended, however old. */
  openOrders(accountId: string): Promise<Page<WireOrder>> {
    return this.#page("orders", accountId, null, ordersMax, "open");
  }

  fills(accountId: string, cursor: string | null): Promise<Page<WireFill>> {
    return this.#page("fills", accountId, cursor);
  }

  async order(orderId: string): Promise<WireOrder> {
    const reply = (await this.#read(`/api/trading/orders/${encodeURIComponent(orderId)}`)) as { order: WireOrder };
    return reply.order;
  }

  /** The exact text of a fill's receipt: it is signed letter by letter. */
  async receipt(fillId: string): Promise<string> {
    const response = await this.#fetch(`/api/trading/fills/${encodeURIComponent(fillId)}/receipt`, {});
    if (response.ok) return response.text();
    const { code = "UNKNOWN", message = response.statusText } = ((await response.json()) ?? {}) as RefusedBody;
    throw new RestProblem(response.status, code, message);
  }

  place(request: PlaceOrderRequest): Promise<OrderAnswer> {
    return this.#command("POST", "/api/trading/orders", request);
  }

  close(positionId: string, request: CloseRequest): Promise<OrderAnswer> {
    return this.#command("POST", `/api/trading/positions/${encodeURIComponent(positionId)}/close`, request);
  }

  cancel(orderId: string): Promise<OrderAnswer> {
    return this.#command("DELETE", `/api/trading/orders/${encodeURIComponent(orderId)}`);
  }

  amend(orderId: string, request: AmendOrderRequest): Promise<OrderAnswer> {
    return this.#command("PATCH", `/api/trading/orders/${encodeURIComponent(orderId)}`, request);
  }

  bracket(positionId: string, request: BracketRequest): Promise<PositionAnswer> {
    return this.#command("PUT", `/api/trading/positions/${encodeURIComponent(positionId)}/bracket`, request);
  }

  reverse(positionId: string, request: { readonly clientOrderId: string }): Promise<OrderAnswer> {
    return this.#command("POST", `/api/trading/positions/${encodeURIComponent(positionId)}/reverse`, request);
  }

  cancelAll(request: CancelAllRequest): Promise<BatchAnswer> {
    return this.#command("POST", "/api/trading/orders/cancel-all", request);
  }

  flatten(request: FlattenRequest): Promise<BatchAnswer> {
    return this.#command("POST", "/api/trading/flatten", request);
  }

  /** Any other call, for parts that are loaded when they are asked for. A file is sent as it is, and read as its text. */
  readonly ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
    this.#read(path, { method, ...(body === undefined ? {} : { body }) });

  capacity(ask: { accountId: string; instrument: string }): Promise<CapacityReply> {
    return this.#read(`/api/trading/capacity?${query(ask)}`) as Promise<CapacityReply>;
  }

  async #page<Row>(
    kind: "orders" | "fills",
    accountId: string,
    cursor: string | null,
    limit?: number,
    state?: "open",
  ): Promise<Page<Row>> {
    const ask = { accountId, limit, state, after: cursor ?? undefined };
    const reply = await this.#read(`/api/trading/${kind}?${query(ask)}`);
    const next = (reply as { next?: string | null }).next ?? null;
    return { rows: listOf<Row>(reply, kind), next };
  }

  /** What the command came to, or the refusal, as the socket's ack would have it. */
  async #command<Answer extends { status: number }>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#fetch(path, { method, ...(body === undefined ? {} : { body }) });
    const reply = (await response.json()) as RefusedBody;
    if (response.ok) return { ...reply, status: response.status } as unknown as Answer;
    const { code = "UNKNOWN", message = response.statusText, checks, errors } = reply;
    const refused = { status: response.status, code, message, ...(checks && { checks }), ...(errors && { errors }) };
    return refused as unknown as Answer;
  }

  async #read(path: string, init: { method?: string; body?: unknown } = {}): Promise<unknown> {
    const response = await this.#fetch(path, init);
    const reply = readBody(await response.text());
    if (response.ok) return reply;
    const { code = "UNKNOWN", message = response.statusText, checks, errors } = (reply ?? {}) as RefusedBody;
    throw new RestProblem(response.status, code, message, checks, errors);
  }

  #fetch(path: string, init: { method?: string; body?: unknown }): Promise<Response> {
    const token = this.#token();
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    const { body } = init;
    const isFile = body instanceof Blob;
    // A file says its own type.
    if (body !== undefined && !isFile) headers["content-type"] = "application/json";
    return fetch(this.#server + path, {
      method: init.method ?? "GET",
      headers,
      // The session is the bearer token alone: no cookie of the operator's site may travel from a partner's page.
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(isFile ? fileTimeouts * timeoutMs : timeoutMs),
      // JSON.stringify makes nothing of nothing.
      body: isFile ? body : JSON.stringify(body),
    });
  }
}

/** A file that was asked for is no JSON: then it is its text. */
function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function listOf<Row>(reply: unknown, key: string): readonly Row[] {
  const rows = (reply as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(rows)) throw new Error(`the server's answer has no list "${key}"`);
  return rows as Row[];
}

function query(values: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) search.set(name, String(value));
  return search.toString();
}
