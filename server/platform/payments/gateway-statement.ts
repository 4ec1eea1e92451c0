import { z } from "zod";
import type { AskedStatement, AskStatement, StatedLine } from "#core/channel-statement.ts";
import { askSigned } from "./signed-call.ts";

interface StatementSettings {
  readonly settleUrl: string;
  readonly merchantId: string;
  readonly secret: string;
  readonly now: () => number;
}

const dayMs = 86_400_000;
const daysMax = 400;
/** Pages of one day. */
const pagesMax = 200;
const answerBytesMax = 1024 * 1024;

const page = z.object({
  merchant_id: z.string(),
  date: z.string(),
  page: z.string(),
  pages: z.string().regex(/^\d{1,6}$/),
  rows: z.string(),
});
/** `trade_no,order_no,kind,amount,currency,seconds`: what was paid, what went back, what the gateway keeps. */
const row =
  /^([\w.:-]{1,100}),([\w-]{0,64}),(PAY|REFUND|CHARGEBACK|FEE),((?:0|[1-9]\d{0,14})(?:\.\d{1,8})?),([A-Z]{3,8}),(\d{1,12})$/;

/**
 * A gateway's statement: a signed query a day (UTC) and page, answered by a signed object whose `rows` are lines of commas. A row that can't be
 * read makes the whole of it no answer: half a statement would say that the rest was not paid.
 */
export const askGatewayStatement =
  (settings: StatementSettings): AskStatement =>
  async (fromMs): Promise<AskedStatement> => {
    const lines: StatedLine[] = [];
    const [first, last] = [Math.floor(fromMs / dayMs), Math.floor(settings.now() / dayMs)];
    if (last - first >= daysMax) return { kind: "too-much" };
    for (let day = first; day <= last; day += 1) {
      const date = new Date(day * dayMs).toISOString().slice(0, 10);
      for (let number = 1, pages = 1; number <= pages; number += 1) {
        const read = await askPage(settings, date, number);
        if (read === null) return { kind: "no-answer" };
        if (read.pages > pagesMax) return { kind: "too-much" };
        pages = read.pages;
        lines.push(...read.lines);
      }
    }
    return { kind: "stated", lines, balances: [] };
  };

async function askPage(
  { settleUrl, merchantId, secret, now }: StatementSettings,
  date: string,
  number: number,
): Promise<{ readonly pages: number; readonly lines: readonly StatedLine[] } | null> {
  const asked = { merchant_id: merchantId, date, page: `${number}`, timestamp: `${Math.floor(now() / 1_000)}` };
  const answer = await askSigned(settleUrl, secret, asked, answerBytesMax);
  const told = page.safeParse(answer?.told);
  if (!told.success || told.data.merchant_id !== merchantId) return null;
  if (told.data.date !== date || told.data.page !== asked.page) return null;
  const lines = told.data.rows.split("\n").filter((text) => text !== "");
  const read = lines.map(lineOf);
  return read.every((line) => line !== null) ? { pages: Number(told.data.pages), lines: read } : null;
}

function lineOf(text: string): StatedLine | null {
  const [, tradeNo, orderNo, kind, amount, currency, seconds] = row.exec(text) ?? [];
  if (tradeNo === undefined || amount === undefined || currency === undefined) return null;
  return {
    // A payment is paid once; what goes back may do so in parts, at different times.
    ...{
      lineNo: kind === "PAY" ? `${tradeNo}:PAY` : `${tradeNo}:${kind}:${seconds}`,
      paymentNo: tradeNo,
      reference: orderNo === "" ? null : (orderNo ?? null),
    },
    ...{ amount: kind === "PAY" ? amount : `-${amount}`, currency, atMs: Number(seconds) * 1_000 },
    isFee: kind === "FEE",
  };
}
