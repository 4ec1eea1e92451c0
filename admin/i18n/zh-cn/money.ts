import type { MoneyWords } from "../en/money.ts";

/** 资金页面用语。 */
export const moneyWordsZh: MoneyWords = {
  fundFlow: {
    title: "资金流水",
    help: "请选择要查看资金的对象。",
    of: "资金归属",
    which: "具体对象",
    subjects: {
      trader: "交易者",
      account: "交易账户",
      agent: "代理线",
      partner: "合作方的客户",
      house: "合作方的平台方",
      "ledger-account": "账本科目",
    },
    purse: "账簿",
    period: "期间",
    opening: "期初余额",
    closing: "期末余额",
    entries: "笔数",
    in: "收入",
    out: "支出",
    nothingMoved: "无资金变动。",
    noAccounts: "该对象尚无账户。",
    entriesTitle: "明细",
    balanceHelp: "每笔之后的余额，不受筛选影响",
    postedAt: "入账时间",
    bookDate: "账务日期",
    code: "用途",
    account: "账户",
    other: "对方",
    amount: "金额",
    balance: "余额",
    memo: "备注",
    older: "更早的明细",
  },
};
