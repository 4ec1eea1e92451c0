import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";

export const stripeKeys = {
  secretKey: "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
  webhookSecret: "whsec_0123456789abcdef0123456789abcdef",
} as const;

export interface Charge {
  id: string;
  amount: number;
  amount_refunded: number;
  currency: string;
  payment_intent: string;
  metadata: Record<string, string>;
}
export interface Payment {
  id: string;
  status: string;
  amount: number;
  amount_received: number;
  currency: string;
  metadata: Record<string, string>;
  latest_charge: string;
}
export interface Dispute {
  id: string;
  status: string;
  amount: number;
  currency: string;
  payment_intent: string;
}
interface Session {
  id: string;
  url: string;
  status: string;
  payment_status: string;
  amount_total: number;
  currency: string;
  client_reference_id: string;
  payment_intent: string | null;
  metadata: Record<string, string>;
}
/** A line of Stripe's balance: gross, and what Stripe keeps of it. */
export interface BalanceTransaction {
  id: string;
  type: string;
  amount: number;
  fee: number;
  currency: string;
  created: number;
  source: object | null;
}
interface Answer {
  readonly status: number;
  readonly body: object;
}

/** How the peer is: up; takes the call and never answers; answers as Stripe does when it is down; hangs up at once; turns calls away. */
export type StripeBehaviour = "up" | "silent" | "says-500" | "hangs-up" | "says-429";

/**
 * Stripe's API on loopback, as far as cards need it: form-encoded bodies, bearer key, idempotency keys that give the first answer again,
 * its errors. What was asked of it, and what it made, is its own log, which tests take as the truth.
 */
export async function stripePeer() {
  const sessions = new Map<string, Session>();
  const payments = new Map<string, Payment>();
  const charges = new Map<string, Charge>();
  const disputes: Dispute[] = [];
  const booked: BalanceTransaction[] = [];
  const firstAnswers = new Map<string, Answer>();
  const calls: { method: string; path: string; key: string | undefined }[] = [];
  const waiting = new Set<ServerResponse>();
  const behaviour: { is: StripeBehaviour; indexed: boolean; listed: number } = { is: "up", indexed: true, listed: 100 };
  let made = 0;
  const next = (kind: string): string => {
    made += 1;
    return `${kind}_${String(made).padStart(8, "0")}`;
  };

  const book = (type: string, amount: number, currency: string, more: Partial<BalanceTransaction> = {}): void => {
    const created = Math.floor(Date.now() / 1_000);
    booked.unshift({ id: next("txn"), type, amount, fee: 0, currency, created, source: null, ...more });
  };
  /** Newest first, a page at a time, as Stripe lists them. */
  const listBooked = (pathname: string, asked: URLSearchParams): Answer => {
    const since = booked.filter(({ created }) => created >= Number(asked.get("created[gte]") ?? 0));
    const after = since.findIndex(({ id }) => id === asked.get("starting_after"));
    const data = since.slice(after + 1, after + 1 + Math.min(Number(asked.get("limit")), behaviour.listed));
    const has_more = after + 1 + data.length < since.length;
    return { status: 200, body: { object: "list", url: pathname, has_more, data } };
  };
  const balance = (): Answer => {
    const currencies = [...new Set(booked.map(({ currency }) => currency))];
    const sum = (code: string): number =>
      booked.filter((one) => one.currency === code).reduce((total, one) => total + one.amount - one.fee, 0);
    const pending = currencies.map((currency) => ({ currency, amount: sum(currency) }));
    return { status: 200, body: { object: "balance", available: [], pending } };
  };

  const createSession = (form: URLSearchParams): Answer => {
    const text = (name: string): string => form.get(name) ?? "";
    const unit = text("line_items[0][price_data][unit_amount]");
    if (!/^[1-9]\d{0,7}$/.test(unit)) return invalid("line_items[0][price_data][unit_amount]");
    if (!/^[a-z]{3}$/.test(text("line_items[0][price_data][currency]"))) return invalid("currency");
    const id = next("cs_test");
    const session: Session = {
      ...{ id, url: `https://checkout.stripe.com/c/pay/${id}`, status: "open", payment_status: "unpaid" },
      ...{ amount_total: Number(unit), currency: text("line_items[0][price_data][currency]") },
      ...{ client_reference_id: text("client_reference_id"), payment_intent: null },
      metadata: { reference: text("payment_intent_data[metadata][reference]") },
    };
    sessions.set(id, session);
    return { status: 200, body: { object: "checkout.session", ...session } };
  };
  const shown = (payment: Payment) => ({
    ...{ object: "payment_intent", ...payment },
    latest_charge: { object: "charge", ...charges.get(payment.latest_charge) },
  });
  const answerTo = (method: string, url: URL, form: URLSearchParams): Answer => {
    const { pathname, searchParams } = url;
    if (method === "POST" && pathname === "/v1/checkout/sessions") return createSession(form);
    if (method !== "GET") return missing(pathname);
    if (pathname === "/v1/payment_intents/search") {
      const wanted = /^metadata\['reference'\]:'([\w-]+)'$/.exec(searchParams.get("query") ?? "")?.[1];
      if (wanted === undefined) return invalid("query");
      const found = [...payments.values()].filter(({ metadata }) => metadata.reference === wanted);
      const data = behaviour.indexed ? found.map(shown) : [];
      return { status: 200, body: { object: "search_result", url: pathname, has_more: false, data } };
    }
    if (pathname === "/v1/disputes") {
      const data = disputes.filter((one) => one.payment_intent === searchParams.get("payment_intent"));
      return { status: 200, body: { object: "list", url: pathname, has_more: false, data } };
    }
    if (pathname === "/v1/balance_transactions") return listBooked(pathname, searchParams);
    if (pathname === "/v1/balance") return balance();
    const id = pathname.split("/").at(-1) ?? "";
    const payment = payments.get(id);
    if (payment !== undefined) return { status: 200, body: shown(payment) };
    const session = sessions.get(id);
    return session === undefined ? missing(id) : { status: 200, body: { object: "checkout.session", ...session } };
  };
  const server: Server = createServer(async (request, response) => {
    const form = new URLSearchParams((await bytesOf(request)).toString());
    const url = new URL(request.url ?? "/", "http://peer");
    const method = request.method ?? "";
    const key = request.headers["idempotency-key"];
    calls.push({ method, path: url.pathname, key: typeof key === "string" ? key : undefined });
    if (behaviour.is === "hangs-up") return response.destroy();
    if (behaviour.is === "says-500") return say(response, failing(500, "api_error"));
    if (behaviour.is === "says-429") return say(response, failing(429, "rate_limit_error"));
    if (request.headers.authorization !== `Bearer ${stripeKeys.secretKey}`)
      return say(response, failing(401, "invalid_request_error"));
    const answer = firstAnswers.get(String(key)) ?? answerTo(method, url, form);
    if (typeof key === "string") firstAnswers.set(key, answer);
    if (behaviour.is !== "silent") return say(response, answer);
    waiting.add(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const paidAt = (payUrl: string): Session => {
    const session = sessions.get(payUrl.split("/").at(-1) ?? "");
    if (session === undefined) throw new Error("the browser was sent to no session");
    return session;
  };
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    ...{ calls, behaviour, sessions, book },
    sessionAt: paidAt,
    /** What the payer does at the page he was sent to: pays by card what it says, or `changes`. */
    pay: (payUrl: string, changes: { amount?: number; status?: string; currency?: string } = {}): Payment => {
      const session = paidAt(payUrl);
      const amount = changes.amount ?? session.amount_total;
      const currency = changes.currency ?? session.currency;
      const { metadata } = session;
      const [id, latest_charge] = [next("pi"), next("ch")];
      const status = changes.status ?? "succeeded";
      const received = status === "succeeded" ? amount : 0;
      const payment: Payment = { id, status, amount, amount_received: received, currency, metadata, latest_charge };
      payments.set(id, payment);
      const charge = { id: latest_charge, amount, amount_refunded: 0, currency, payment_intent: id, metadata };
      charges.set(latest_charge, charge);
      if (received > 0) book("charge", amount, currency, { fee: 30, source: { object: "charge", ...charge } });
      Object.assign(session, {
        status: "complete",
        payment_status: received > 0 ? "paid" : "unpaid",
        payment_intent: id,
      });
      return payment;
    },
    /** Gives back so much of a payment, in all. */
    refund: (payment: Payment, inAll: number): Charge => {
      const charge = charges.get(payment.latest_charge);
      if (charge === undefined) throw new Error(`no charge of ${payment.id}`);
      const source = { object: "refund", id: next("re"), amount: inAll - charge.amount_refunded, ...refunded(charge) };
      book("refund", -source.amount, charge.currency, { source });
      return Object.assign(charge, { amount_refunded: inAll });
    },
    /** The payer's bank takes it back, or asks about it first. */
    dispute: (payment: Payment, changes: Partial<Dispute> = {}): Dispute => {
      const { amount, currency, id: payment_intent } = payment;
      const dispute = { id: next("du"), status: "needs_response", amount, currency, payment_intent, ...changes };
      disputes.push(dispute);
      const source = { object: "dispute", ...dispute };
      if (!dispute.status.startsWith("warning_")) book("adjustment", -dispute.amount, currency, { fee: 1_500, source });
      return dispute;
    },
    /** An event about an object, as text: what is signed and sent. */
    event: (type: string, object: object, more: object = {}): string =>
      JSON.stringify({ id: next("evt"), object: "event", type, livemode: false, data: { object }, ...more }, null, 2),
    close: async (): Promise<void> => {
      for (const response of waiting) response.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

export type StripePeer = Awaited<ReturnType<typeof stripePeer>>;

/** The header Stripe sends with an event, by the library's own helper. */
export const stripeSignature = (payload: string, atMs: number, secret: string = stripeKeys.webhookSecret): string =>
  new Stripe(stripeKeys.secretKey).webhooks.generateTestHeaderString({
    ...{ payload, secret, timestamp: Math.floor(atMs / 1_000) },
  });

const refunded = ({ currency, payment_intent }: Charge) => ({ currency, payment_intent });
const failing = (status: number, type: string): Answer => ({ status, body: { error: { type, message: "no" } } });
const invalid = (param: string): Answer => ({
  status: 400,
  body: { error: { type: "invalid_request_error", param, message: `Invalid ${param}` } },
});
const missing = (what: string): Answer => ({
  status: 404,
  body: { error: { type: "invalid_request_error", code: "resource_missing", message: `No such object: '${what}'` } },
});

function say(response: ServerResponse, { status, body }: Answer): void {
  response
    .writeHead(status, { "content-type": "application/json", "request-id": "req_test" })
    .end(JSON.stringify(body));
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
