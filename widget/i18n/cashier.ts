import type { Locale, WithdrawalRefusalCode, WithdrawalState } from "#contracts/names.ts";

/** Places to be paid to: a bank account, or an address on a chain. */
export type PlaceKind = "bank" | "wallet";

interface PlaceTexts {
  readonly none: string;
  readonly add: string;
  readonly holder: string;
  readonly address: string;
  readonly cooling: (hours: number) => string;
  readonly invalid: string;
}

/** Words of the cashier, loaded with it. */
export interface CashierTexts {
  readonly title: string;
  readonly pages: Readonly<Record<"deposit" | "withdraw" | "statements", string>>;
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
  readonly way: string;
  readonly places: Readonly<Record<PlaceKind, PlaceTexts>>;
  /** Which chain an address must be on. */
  readonly network: (network: string) => string;
  readonly remove: string;
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
  pages: { deposit: "Deposit", withdraw: "Withdraw", statements: "Statements" },
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
  way: "Paid by",
  places: {
    bank: {
      none: "Add the bank account to be paid to first.",
      add: "Add a bank account",
      holder: "Account holder",
      address: "IBAN",
      cooling: (hours) => `For your safety money leaves for a new bank account after ${hours} hours at the earliest.`,
      invalid: "This is no IBAN: its check digits are wrong.",
    },
    wallet: {
      none: "Add the address to be paid to first.",
      add: "Add an address",
      holder: "Wallet's owner",
      address: "Address",
      cooling: (hours) => `For your safety money leaves for a new address after ${hours} hours at the earliest.`,
      invalid: "This is no address of this network. Copy it as your wallet shows it, capital letters included.",
    },
  },
  network: (network) =>
    `Paid as ${network}. An address on another network would lose the money: nobody can bring it back.`,
  remove: "Remove",
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
    UNKNOWN_TARGET: () => "Where it should be paid to was removed. Choose another place.",
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
    OWN_ADDRESS: () => "This address is the house's own: money can't be paid out to it.",
    NAME_REQUIRED: () => "Say whose it is.",
    TARGET_EXISTS: () => "You have this one already.",
    TOO_MANY_TARGETS: () => "Remove one of the places that you are paid to first.",
    NOT_IN_THIS_STATE: () => "It can't be taken back any more.",
  },
};

const zhCn: CashierTexts = {
  title: "出纳",
  pages: { deposit: "入金", withdraw: "出金", statements: "结单" },
  loading: "加载中……",
  unreachable: "无法连接出纳服务。",
  noAnswer: "未收到答复，申请可能已受理：请查看下方列表，或再按一次。同一申请不会重复受理。",
  again: "重试",
  dismiss: "关闭",
  notOffered: "此账户目前不提供出金。",
  largest: "目前最多可出金",
  dayLeft: "24 小时内剩余额度",
  monthLeft: "30 天内剩余额度",
  requestsLeft: "24 小时内剩余次数",
  freshFrom: (when) => `${when} 起可出金`,
  owed: "入金被冲回后的欠款",
  payTo: "收款账户",
  way: "出金方式",
  places: {
    bank: {
      none: "请先添加收款的银行账户。",
      add: "添加银行账户",
      holder: "户名",
      address: "IBAN",
      cooling: (hours) => `为保障您的资金安全，向新银行账户付款最早在 ${hours} 小时之后。`,
      invalid: "这不是有效的 IBAN：校验位错误。",
    },
    wallet: {
      none: "请先添加收款地址。",
      add: "添加地址",
      holder: "钱包持有人",
      address: "地址",
      cooling: (hours) => `为保障您的资金安全，向新地址付款最早在 ${hours} 小时之后。`,
      invalid: "这不是该网络的有效地址，请从钱包原样复制，注意大小写。",
    },
  },
  network: (network) => `将以 ${network} 付出。填写其他网络的地址会导致资金丢失，且无法找回。`,
  remove: "移除",
  add: "添加",
  back: "返回",
  amount: "金额（含手续费）",
  all: "最大",
  fee: "手续费",
  arrives: "实际到账",
  ask: "申请出金",
  asked: (people) =>
    people === 0
      ? "已批准。款项已冻结，即将汇出。"
      : people === 1
        ? "已受理。款项已冻结，需由一名工作人员审核。"
        : "已受理。款项已冻结，需由两名工作人员审核。",
  history: "您的出金",
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
    UNKNOWN_TARGET: () => "该收款账户或地址已移除，请选择其他收款方。",
    DEMO_ACCOUNT: () => "模拟账户的资金不能出金。",
    ACCOUNT_DISABLED: () => "账户已停用。",
    CHANNEL_CLOSED: () => "目前不提供此方式的出金。",
    AMOUNT_MIN: (_value, limit) => `最低出金金额为 ${limit}。`,
    AMOUNT_MAX: (_value, limit) => `单笔最高出金金额为 ${limit}。`,
    FEE_EXCEEDS: (_value, limit) => `扣除手续费 ${limit} 后没有余额。`,
    DAY_COUNT: (_value, limit) => `24 小时内最多可出金 ${limit} 次。`,
    DAY_LIMIT: (value, limit) => `24 小时内将达 ${value}，上限为 ${limit}。`,
    MONTH_LIMIT: (value, limit) => `30 天内将达 ${value}，上限为 ${limit}。`,
    PRICE_UNKNOWN: (value) => `您持有的 ${value} 目前没有价格。`,
    INSUFFICIENT_FUNDS: (_value, limit) => `目前可出金 ${limit}。`,
    DEBT_OWED: (value) => `您有一笔入金已被冲回，尚欠 ${value}，结清前不能出金。`,
    DEPOSIT_TOO_NEW: (_value, limit) => `目前可出金 ${limit}，其余资金入金时间尚短。`,
    SOURCE_FIRST: (_value, limit) => `此方式可出金 ${limit}，其余资金须先按入金渠道原路退回。`,
    AMOUNT_INVALID: () => "请输入金额，例如 125.50。",
    OWN_ADDRESS: () => "这是平台自己的地址，不能向其付款。",
    NAME_REQUIRED: () => "请填写持有人姓名。",
    TARGET_EXISTS: () => "您已添加过该收款账户或地址。",
    TOO_MANY_TARGETS: () => "请先移除一个收款账户或地址。",
    NOT_IN_THIS_STATE: () => "已无法撤回。",
  },
};

export const cashierTexts: Readonly<Record<Locale, CashierTexts>> = { en, "zh-CN": zhCn };
