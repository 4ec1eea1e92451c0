import type { Locale, WithdrawalRefusalCode, WithdrawalState } from "#contracts/names.ts";

/** Words of the cashier, loaded with it. */
export interface CashierTexts {
  readonly title: string;
  readonly pages: Readonly<Record<"deposit" | "withdraw", string>>;
  readonly loading: string;
  readonly unreachable: string;
  /** Of a request whose answer was lost. */
  readonly noAnswer: string;
  readonly again: string;
  readonly dismiss: string;
  readonly notOffered: string;
  readonly largest: string;
  readonly dayLeft: string;
  readonly monthLeft: string;
  readonly requestsLeft: string;
  /** Money that was paid in too recently, with the time when it can be withdrawn. */
  readonly freshFrom: (when: string) => string;
  readonly owed: string;
  readonly payTo: string;
  readonly noPlace: string;
  readonly addPlace: string;
  readonly remove: string;
  readonly holder: string;
  readonly iban: string;
  readonly cooling: (hours: number) => string;
  readonly add: string;
  readonly back: string;
  readonly amount: string;
  readonly all: string;
  readonly fee: string;
  readonly arrives: string;
  readonly ask: string;
  readonly asked: (people: number) => string;
  readonly history: string;
  readonly none: string;
  readonly takeBack: string;
  readonly heldUntil: (when: string) => string;
  readonly states: Readonly<Record<WithdrawalState, string>>;
  readonly refusals: Readonly<Partial<Record<string, (value: string, limit: string) => string>>> &
    Readonly<Record<WithdrawalRefusalCode, (value: string, limit: string) => string>>;
}

const en: CashierTexts = {
  title: "Cashier",
  pages: { deposit: "Deposit", withdraw: "Withdraw" },
  loading: "Loading …",
  unreachable: "The cashier could not be reached.",
  noAnswer:
    "No answer came, so it may have been taken: look at the list, or press again. The same request is never taken twice.",
  again: "Try again",
  dismiss: "Close",
  notOffered: "Withdrawals are not offered for this account now.",
  largest: "Largest withdrawal now",
  dayLeft: "Left of 24 hours",
  monthLeft: "Left of 30 days",
  requestsLeft: "Requests left of 24 hours",
  freshFrom: (when) => `Withdrawable from ${when}`,
  owed: "Owed for a deposit that was taken back",
  payTo: "Pay to",
  noPlace: "Add the bank account to be paid to first.",
  addPlace: "Add a bank account",
  remove: "Remove",
  holder: "Account holder",
  iban: "IBAN",
  cooling: (hours) => `For your safety money leaves for a new bank account after ${hours} hours at the earliest.`,
  add: "Add",
  back: "Back",
  amount: "Amount, fee included",
  all: "Largest",
  fee: "Fee",
  arrives: "You receive",
  ask: "Ask for withdrawal",
  asked: (people) =>
    people === 0
      ? "Approved. The money is held and will be sent."
      : people === 1
        ? "Taken. The money is held; a person looks at it first."
        : "Taken. The money is held; two people look at it first.",
  history: "Your withdrawals",
  none: "None yet.",
  takeBack: "Take back",
  heldUntil: (when) => `not sent before ${when}`,
  states: {
    "in-review": "Being reviewed",
    approved: "Approved",
    submitting: "Being sent",
    unknown: "Being sent",
    sent: "Sent",
    confirmed: "Arrived",
    rejected: "Rejected",
    cancelled: "Taken back",
    returned: "Came back",
  },
  refusals: {
    UNKNOWN_ACCOUNT: () => "This account is not yours any more.",
    UNKNOWN_TARGET: () => "This bank account was removed. Choose another one.",
    DEMO_ACCOUNT: () => "Money of a demo account can't be withdrawn.",
    ACCOUNT_DISABLED: () => "The account is disabled.",
    CHANNEL_CLOSED: () => "Withdrawals this way are not offered now.",
    AMOUNT_MIN: (_value, limit) => `The least withdrawal is ${limit}.`,
    AMOUNT_MAX: (_value, limit) => `The largest single withdrawal is ${limit}.`,
    FEE_EXCEEDS: (_value, limit) => `The fee of ${limit} would leave nothing.`,
    DAY_COUNT: (_value, limit) => `Only ${limit} withdrawals in 24 hours are allowed.`,
    DAY_LIMIT: (value, limit) => `That would be ${value} in 24 hours; ${limit} is allowed.`,
    MONTH_LIMIT: (value, limit) => `That would be ${value} in 30 days; ${limit} is allowed.`,
    PRICE_UNKNOWN: (value) => `There is no price for your position in ${value} now.`,
    INSUFFICIENT_FUNDS: (_value, limit) => `${limit} is free to be withdrawn.`,
    DEBT_OWED: (value) => `You owe ${value} since a deposit was taken back. Nothing is paid out until that is settled.`,
    DEPOSIT_TOO_NEW: (_value, limit) => `${limit} can be withdrawn now; the rest was paid in too recently.`,
    SOURCE_FIRST: (_value, limit) => `${limit} can go this way; the rest goes back first the way you paid it in.`,
    AMOUNT_INVALID: () => "Type an amount such as 125.50.",
    ADDRESS_INVALID: () => "This is no IBAN: its check digits are wrong.",
    NAME_REQUIRED: () => "Say whose bank account it is.",
    TARGET_EXISTS: () => "You have this bank account already.",
    TOO_MANY_TARGETS: () => "Remove one of your bank accounts first.",
    NOT_IN_THIS_STATE: () => "It can't be taken back any more.",
  },
};

const zhCn: CashierTexts = {
  title: "出纳",
  pages: { deposit: "入金", withdraw: "提现" },
  loading: "加载中……",
  unreachable: "无法连接出纳服务。",
  noAnswer: "未收到答复，申请可能已受理：请查看下方列表，或再按一次。同一申请不会重复受理。",
  again: "重试",
  dismiss: "关闭",
  notOffered: "此账户目前不提供提现。",
  largest: "目前最多可提",
  dayLeft: "24 小时内剩余额度",
  monthLeft: "30 天内剩余额度",
  requestsLeft: "24 小时内剩余次数",
  freshFrom: (when) => `${when} 起可提`,
  owed: "入金被冲回后的欠款",
  payTo: "收款账户",
  noPlace: "请先添加收款的银行账户。",
  addPlace: "添加银行账户",
  remove: "移除",
  holder: "户名",
  iban: "IBAN",
  cooling: (hours) => `为保障您的资金安全，向新银行账户付款最早在 ${hours} 小时之后。`,
  add: "添加",
  back: "返回",
  amount: "金额（含手续费）",
  all: "最大",
  fee: "手续费",
  arrives: "实际到账",
  ask: "申请提现",
  asked: (people) =>
    people === 0
      ? "已批准。款项已冻结，即将汇出。"
      : people === 1
        ? "已受理。款项已冻结，需由一名工作人员审核。"
        : "已受理。款项已冻结，需由两名工作人员审核。",
  history: "您的提现",
  none: "暂无记录。",
  takeBack: "撤回",
  heldUntil: (when) => `最早汇出时间：${when}`,
  states: {
    "in-review": "审核中",
    approved: "已批准",
    submitting: "付款中",
    unknown: "付款中",
    sent: "已汇出",
    confirmed: "已到账",
    rejected: "已拒绝",
    cancelled: "已撤回",
    returned: "已退回",
  },
  refusals: {
    UNKNOWN_ACCOUNT: () => "该账户已不属于您。",
    UNKNOWN_TARGET: () => "该银行账户已移除，请选择其他账户。",
    DEMO_ACCOUNT: () => "模拟账户的资金不能提取。",
    ACCOUNT_DISABLED: () => "账户已停用。",
    CHANNEL_CLOSED: () => "目前不提供此方式的提现。",
    AMOUNT_MIN: (_value, limit) => `最低提现金额为 ${limit}。`,
    AMOUNT_MAX: (_value, limit) => `单笔最高提现金额为 ${limit}。`,
    FEE_EXCEEDS: (_value, limit) => `扣除手续费 ${limit} 后没有余额。`,
    DAY_COUNT: (_value, limit) => `24 小时内最多可提现 ${limit} 次。`,
    DAY_LIMIT: (value, limit) => `24 小时内将达 ${value}，上限为 ${limit}。`,
    MONTH_LIMIT: (value, limit) => `30 天内将达 ${value}，上限为 ${limit}。`,
    PRICE_UNKNOWN: (value) => `您持有的 ${value} 目前没有价格。`,
    INSUFFICIENT_FUNDS: (_value, limit) => `目前可提取 ${limit}。`,
    DEBT_OWED: (value) => `您有一笔入金已被冲回，尚欠 ${value}，结清前不能提现。`,
    DEPOSIT_TOO_NEW: (_value, limit) => `目前可提 ${limit}，其余资金入金时间尚短。`,
    SOURCE_FIRST: (_value, limit) => `此方式可提 ${limit}，其余资金须先按入金渠道原路退回。`,
    AMOUNT_INVALID: () => "请输入金额，例如 125.50。",
    ADDRESS_INVALID: () => "这不是有效的 IBAN：校验位错误。",
    NAME_REQUIRED: () => "请填写户名。",
    TARGET_EXISTS: () => "您已添加过此银行账户。",
    TOO_MANY_TARGETS: () => "请先移除一个银行账户。",
    NOT_IN_THIS_STATE: () => "已无法撤回。",
  },
};

export const cashierTexts: Readonly<Record<Locale, CashierTexts>> = { en, "zh-CN": zhCn };
