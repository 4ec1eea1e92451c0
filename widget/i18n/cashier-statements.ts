import type { Locale } from "#contracts/names.ts";

/** Words of the cashier's page of daily statements. */
export interface StatementTexts {
  readonly none: string;
  readonly about: string;
  readonly more: string;
  readonly opening: string;
  readonly closing: string;
  readonly held: string;
  readonly openPnl: string;
  /** A position whose contract has no settlement price. */
  readonly noPrice: string;
  readonly movements: (count: number) => string;
  readonly positions: string;
  readonly at: (price: string) => string;
  readonly csv: string;
  readonly print: string;
  /** The browser opened no window. */
  readonly noWindow: string;
  readonly proof: string;
  /** By the journal's codes. */
  readonly kinds: Readonly<Record<string, string>>;
}

const en: StatementTexts = {
  none: "No statement yet: one is made for each day on which something moved or a position was open, when the day is closed.",
  about: "A day ends at 17:00 in Chicago. A statement is never changed; the next one opens with what it closes with.",
  more: "Earlier ones",
  opening: "Opening balance",
  closing: "Closing balance",
  held: "Held for positions, orders and withdrawals",
  openPnl: "Open P&L at settlement prices",
  noPrice: "no settlement price",
  movements: (count) => (count === 1 ? "1 movement" : `${count} movements`),
  positions: "Open positions",
  at: (price) => `at ${price}`,
  csv: "Every movement (CSV)",
  print: "Page to print",
  noWindow: "Your browser opened no window; allow pop-ups for this page.",
  proof: "SHA-256 of this statement. Keep it: whoever recomputes the day from the journal must come to the same.",
  kinds: {
    deposit: "Deposit",
    withdrawal: "Withdrawal",
    "withdrawal-fee": "Withdrawal fee",
    "deposit-fee": "Deposit fee",
    "realized-pnl": "Realised P&L",
    fee: "Fee",
    "liquidation-fee": "Stop-out fee",
    "negative-balance-protection": "Negative balance protection",
    "daily-settlement": "Daily settlement",
    commission: "Commission",
    "commission-clawback": "Commission clawback",
    adjustment: "Adjustment",
    fx: "Currency exchange",
    "copy-fee": "Copy fee",
    reversal: "Reversal",
    collection: "Debt collected",
  },
};

const zhCn: StatementTexts = {
  none: "暂无结单：有资金变动或持仓的日期，在日终结账时生成结单。",
  about: "每日于芝加哥时间 17:00 结束。结单不会更改；次日结单的期初余额即为本单期末余额。",
  more: "更早的结单",
  opening: "期初余额",
  closing: "期末余额",
  held: "持仓、委托及出金占用",
  openPnl: "按结算价的浮动盈亏",
  noPrice: "暂无结算价",
  movements: (count) => `${count} 笔变动`,
  positions: "未平持仓",
  at: (price) => `@ ${price}`,
  csv: "全部变动（CSV）",
  print: "打印页",
  noWindow: "浏览器未打开新窗口，请允许本页弹出窗口。",
  proof: "本结单的 SHA-256，请妥善保存：任何人由账簿重新计算当日，结果必须与之相同。",
  kinds: {
    deposit: "入金",
    withdrawal: "出金",
    "withdrawal-fee": "出金手续费",
    "deposit-fee": "入金手续费",
    "realized-pnl": "已实现盈亏",
    fee: "手续费",
    "liquidation-fee": "强平费",
    "negative-balance-protection": "负余额保护",
    "daily-settlement": "每日结算",
    commission: "返佣",
    "commission-clawback": "返佣追回",
    adjustment: "调整",
    fx: "换汇",
    "copy-fee": "跟单费",
    reversal: "冲正",
    collection: "欠款扣收",
  },
};

export const statementTexts: Readonly<Record<Locale, StatementTexts>> = { en, "zh-CN": zhCn };
