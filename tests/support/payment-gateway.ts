import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isSigned, type Parameters, readForm, signed } from "../../server/platform/payments/signed-parameters.ts";

export const merchant = { merchantId: "M-1", secret: "a secret of the merchant's own" } as const;

/** As the gateway has it; a test may change it, and the gateway then says so. */
export interface GatewayPayment {
  tradeNo: string;
  orderNo: string;
  status: "PENDING" | "SUCCESS" | "FAILED" | "REFUNDED" | "CHARGEBACK";
  amount: string;
  currency: string;
}

/**
 * A redirect gateway as the trade has them, on loopback: takes signed queries, answers them signed, tells of payments, and does all
 * that badly when told to. What it was asked is its own log, which tests take as the truth.
 */
export async function paymentGateway(now: () => number) {
  const payments: GatewayPayment[] = [];
  const asked: Parameters[] = [];
  let made = 0;
  const behaviour: { is: "up" | "hangs-up" | "says-500" | "forges" } = { is: "up" };
  const timestamp = (): string => String(Math.floor(now() / 1_000));
  const told = (payment: GatewayPayment): Parameters => ({
    ...{ merchant_id: merchant.merchantId, order_no: payment.orderNo, trade_no: payment.tradeNo },
    ...{ status: payment.status, amount: payment.amount, currency: payment.currency, timestamp: timestamp() },
  });
  /** What its statement says, a row a line: as it was paid, unless a test says otherwise. */
  const settled: { rowsOf: ((payment: GatewayPayment) => readonly string[]) | null; more: string[]; perPage: number } =
    {
      ...{ rowsOf: null, more: [], perPage: 100 },
    };
  /** When a payment did what; said again it is the same moment, or it would be another line. */
  const moments = new Map<string, string>();
  const momentOf = (tradeNo: string, kind: string): string => {
    const moment = moments.get(`${tradeNo} ${kind}`) ?? timestamp();
    moments.set(`${tradeNo} ${kind}`, moment);
    return moment;
  };
  const rowsOf = (payment: GatewayPayment): readonly string[] => {
    const { tradeNo, orderNo, status, amount, currency } = payment;
    const row = (kind: string): string => [tradeNo, orderNo, kind, amount, currency, momentOf(tradeNo, kind)].join(",");
    if (status === "SUCCESS") return [row("PAY")];
    return status === "REFUNDED"
      ? [row("PAY"), row("REFUND")]
      : status === "CHARGEBACK"
        ? [row("PAY"), row("CHARGEBACK")]
        : [];
  };
  const statementOf = ({ date = "", page = "" }: Parameters): Parameters => {
    const isToday = new Date(now()).toISOString().slice(0, 10) === date;
    const all = isToday ? [...payments.flatMap(settled.rowsOf ?? rowsOf), ...settled.more] : [];
    const rows = all.slice((Number(page) - 1) * settled.perPage, Number(page) * settled.perPage);
    const pages = String(Math.max(1, Math.ceil(all.length / settled.perPage)));
    return { merchant_id: merchant.merchantId, date, page, pages, rows: rows.join("\n") };
  };
  const answerTo = (query: Parameters): Parameters => {
    const found =
      payments.find(({ tradeNo }) => tradeNo === query.trade_no) ??
      payments.findLast(({ orderNo }) => orderNo !== "" && orderNo === query.order_no);
    if (found !== undefined) return told(found);
    return { merchant_id: merchant.merchantId, order_no: query.order_no ?? "", status: "NOT_FOUND" };
  };
  const pay = (order: Parameters, changes: Partial<GatewayPayment> = {}): GatewayPayment => {
    const { order_no: orderNo = "", amount = "", currency = "" } = order;
    made += 1;
    const payment: GatewayPayment = { tradeNo: `T-${made}`, orderNo, amount, currency, status: "SUCCESS", ...changes };
    // The same payment again: it has come to something else.
    const known = payments.findIndex(({ tradeNo }) => tradeNo === payment.tradeNo);
    if (known >= 0) payments.splice(known, 1);
    payments.push(payment);
    return payment;
  };
  const notice = (payment: GatewayPayment, changes: Readonly<Record<string, string>> = {}): string =>
    new URLSearchParams({ ...signed({ ...told(payment), ...changes }, merchant.secret) }).toString();
  /** The page where the payer presses "Pay": the merchant is told, and the browser sent back. */
  const showPage = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const order = Object.fromEntries(new URL(request.url ?? "", "http://localhost").searchParams);
    if (!isSigned(order, merchant.secret)) return void response.writeHead(403).end("bad signature");
    if (request.method === "GET") {
      const page = `<!doctype html><title>Pay</title><form method="post"><button>Pay ${order.amount} ${order.currency}</button></form>`;
      return void response.setHeader("content-type", "text/html").end(page);
    }
    const body = notice(pay(order));
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(order.notify_url ?? "", { method: "POST", headers, body });
    if ((await answer.text()) !== "success") throw new Error(`the merchant did not take the notice: ${answer.status}`);
    response.writeHead(303, { location: order.return_url ?? "" }).end();
  };
  const server: Server = createServer(async (request, response) => {
    if (request.url?.startsWith("/pay?")) return showPage(request, response);
    const query = readForm(await bytesOf(request));
    if (query === null || !isSigned(query, merchant.secret)) return response.writeHead(403).end("bad signature");
    asked.push(query);
    if (behaviour.is === "hangs-up") return response.destroy();
    if (behaviour.is === "says-500") return response.writeHead(500).end("<html>down</html>");
    const secret = behaviour.is === "forges" ? "another secret, of somebody else" : merchant.secret;
    response
      .setHeader("content-type", "application/json")
      .end(JSON.stringify(signed(request.url === "/settle" ? statementOf(query) : answerTo(query), secret)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    queryUrl: `http://127.0.0.1:${port}/query`,
    payUrl: `http://127.0.0.1:${port}/pay`,
    settleUrl: `http://127.0.0.1:${port}/settle`,
    ...{ asked, payments, behaviour, settled },
    /** What the payer's browser does with the address it was sent to: pays what it says, or something else. */
    pay: (payUrl: string, changes: Partial<GatewayPayment> = {}): GatewayPayment => {
      const order = Object.fromEntries(new URL(payUrl).searchParams);
      if (!isSigned(order, merchant.secret)) throw new Error("the browser was sent here unsigned");
      return pay(order, changes);
    },
    /** The body of a notice, signed; `changes` are made before signing. */
    notice,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

export type PaymentGateway = Awaited<ReturnType<typeof paymentGateway>>;

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
