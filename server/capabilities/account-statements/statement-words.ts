import type { Label } from "#contracts/field.ts";
import type { Locale } from "#contracts/names.ts";
import transfers from "#contracts/resources/transfers.ts";

/** What a printed statement says besides numbers. */
const words = {
  title: ["Daily statement", "日结单"],
  account: ["Account", "账户"],
  trader: ["Trader", "交易者"],
  date: ["Book date", "账务日期"],
  summary: ["Summary", "汇总"],
  opening: ["Opening balance", "期初余额"],
  closing: ["Closing balance", "期末余额"],
  held: ["Held for positions, orders and withdrawals", "持仓、委托及出金占用"],
  openPnl: ["Open P&L at settlement prices", "按结算价的浮动盈亏"],
  equity: ["Equity at settlement prices", "按结算价的权益"],
  positions: ["Open positions", "未平持仓"],
  instrument: ["Instrument", "合约"],
  lots: ["Lots", "手数"],
  average: ["Average price", "均价"],
  settlement: ["Settlement price", "结算价"],
  result: ["Open P&L", "浮动盈亏"],
  none: ["none", "无"],
  movements: ["Movements", "资金变动"],
  time: ["Time (UTC)", "时间（UTC）"],
  kind: ["Kind", "类型"],
  trade: ["Trade", "成交"],
  amount: ["Amount", "金额"],
  balance: ["Balance", "余额"],
  buy: ["Buy", "买入"],
  sell: ["Sell", "卖出"],
  made: ["Made by the close of the date. SHA-256 of the statement:", "由日终结账生成。结单 SHA-256："],
} as const satisfies Record<string, Label>;

export type StatementWord = keyof typeof words;

/** Words and names of transfer codes in a trader's language. */
export function wordsIn(locale: Locale): {
  readonly say: (word: StatementWord) => string;
  readonly codeName: (code: string) => string;
} {
  const place = locale === "zh-CN" ? 1 : 0;
  const codes: Readonly<Record<string, Label>> = transfers.fields.code.optionLabels;
  return { say: (word) => words[word][place], codeName: (code) => codes[code]?.[place] ?? code };
}
