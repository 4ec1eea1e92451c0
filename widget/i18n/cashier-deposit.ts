import type { Locale } from "#contracts/names.ts";
import type { DepositRefusalCode, DepositState, PaymentChannel } from "#contracts/payment-names.ts";
import { channelNames } from "./channel-names.ts";

type Says = (value: string, limit: string) => string;

/** Words of the cashier's page of deposits. */
export interface DepositTexts {
  readonly way: string;
  readonly channels: Readonly<Record<PaymentChannel, string>>;
  readonly notOffered: string;
  readonly min: string;
  readonly largest: string;
  readonly dayLeft: string;
  readonly monthLeft: string;
  readonly heldDays: (days: number) => string;
  readonly amount: string;
  readonly fee: string;
  readonly arrives: string;
  readonly begin: string;
  readonly begun: string;
  readonly unknown: string;
  readonly toPage: string;
  readonly another: string;
  readonly reference: string;
  readonly transferTo: string;
  readonly transferAccount: string;
  readonly transferHint: string;
  readonly announce: string;
  readonly announceHint: string;
  readonly announced: string;
  readonly exactly: string;
  readonly addProof: string;
  readonly proofKinds: string;
  readonly proofAdded: string;
  readonly proofs: (files: number) => string;
  readonly noBank: string;
  readonly holder: string;
  readonly iban: string;
  readonly bic: string;
  readonly bank: string;
  readonly copy: string;
  readonly copied: string;
  readonly showAddress: string;
  readonly address: string;
  readonly qr: string;
  readonly network: string;
  readonly contract: string;
  readonly chainHint: (currency: string, network: string) => string;
  readonly chainMin: (amount: string) => string;
  /** So many blocks until it counts; null: when the chain calls it final. */
  readonly confirmations: (blocks: number | null) => string;
  readonly pending: string;
  readonly confirmed: (blocks: number) => string;
  readonly history: string;
  readonly none: string;
  readonly credited: string;
  readonly withdrawableFrom: (when: string) => string;
  readonly states: Readonly<Record<DepositState, string>>;
  readonly refusals: Readonly<Partial<Record<string, Says>>> & Readonly<Record<DepositRefusalCode, Says>>;
}

const en: DepositTexts = {
  way: "Pay by",
  channels: channelNames.en,
  notOffered: "Deposits are not offered for this account now.",
  min: "Least deposit",
  largest: "Largest deposit now",
  dayLeft: "Left of 24 hours",
  monthLeft: "Left of 30 days",
  heldDays: (days) => `What you pay in this way can be withdrawn ${days} days after it was credited.`,
  amount: "Amount, fee included",
  fee: "Fee",
  arrives: "You are credited",
  begin: "Continue to pay",
  begun: "Pay it on the payment page. It is credited as soon as the payment is confirmed.",
  unknown:
    "The payment page does not answer. Nothing was paid; it is asked again by itself. Look at the list before you begin anew.",
  toPage: "To the payment page",
  another: "Another amount",
  reference: "Reference, to be written on the transfer",
  transferTo: "Transfer any amount to",
  transferAccount: "Transfer it to",
  transferHint:
    "From an account in your own name. It is credited when our bank has booked it, mostly the next working day.",
  announce: "Tell us of a transfer",
  announceHint: "With its amount, to have a reference of its own and to add your bank's receipt.",
  announced: "Transfer it with the reference below. When your bank has taken it, you can add its receipt.",
  exactly: "Transfer exactly",
  addProof: "Add a receipt",
  proofKinds: "PDF, PNG or JPEG, at most 5 MB. We see it with your deposit; it does not credit it.",
  proofAdded: "Your receipt has arrived.",
  proofs: (files) => (files === 1 ? "1 receipt" : `${files} receipts`),
  noBank: "No bank account of ours is shown for your currency now.",
  holder: "Account holder",
  iban: "IBAN",
  bic: "BIC",
  bank: "Bank",
  copy: "Copy",
  copied: "Copied",
  showAddress: "Show my address",
  address: "Your address",
  qr: "Your address as a QR code",
  network: "Network",
  contract: "Token contract",
  chainHint: (currency, network) =>
    `Send only ${currency}, only on ${network}. Anything else sent to this address is not credited and may be lost.`,
  chainMin: (amount) => `Less than ${amount} is kept and not credited by itself.`,
  confirmations: (blocks) =>
    blocks === null ? "Counts when the chain calls it final." : `Counts after ${blocks} blocks.`,
  pending: "Seen, does not count yet",
  confirmed: (blocks) => `${blocks} blocks`,
  history: "Your deposits",
  none: "None yet.",
  credited: "credited",
  withdrawableFrom: (when) => `withdrawable from ${when}`,
  states: {
    waiting: "Waits for your payment",
    unknown: "Asked; no answer yet",
    underpaid: "Less came: we look at it",
    overpaid: "More came: we look at it",
    "in-review": "Arrived: we look at it",
    unmatched: "Arrived: we look at it",
    credited: "Credited",
    expired: "Not paid in time",
    failed: "Payment failed",
    rejected: "Sent back",
    reversed: "Taken back",
  },
  refusals: {
    UNKNOWN_ACCOUNT: () => "This account is not yours any more.",
    DEMO_ACCOUNT: () => "A demo account takes no real money.",
    ACCOUNT_DISABLED: () => "The account is disabled.",
    CHANNEL_CLOSED: () => "Deposits this way are not offered now.",
    AMOUNT_MIN: (_value, limit) => `The least deposit is ${limit}.`,
    AMOUNT_MAX: (_value, limit) => `The largest single deposit is ${limit}.`,
    FEE_EXCEEDS: (_value, limit) =>
      limit === "" ? "The fee would leave nothing." : `The fee of ${limit} would leave nothing.`,
    DAY_LIMIT: (value, limit) =>
      limit === "" ? "Your limit of 24 hours is used up." : `That would be ${value} in 24 hours; ${limit} is allowed.`,
    MONTH_LIMIT: (value, limit) =>
      limit === "" ? "Your limit of 30 days is used up." : `That would be ${value} in 30 days; ${limit} is allowed.`,
    TOO_MANY_OPEN: () => "Several deposits wait for their payment. Pay one of them first.",
    AMOUNT_INVALID: () => "Type an amount such as 125.50.",
    UNKNOWN_DEPOSIT: () => "This deposit is not yours any more.",
    NOT_IN_THIS_STATE: () => "This deposit is not waited for any more.",
    FILE_EMPTY: () => "The file is empty.",
    FILE_TOO_LARGE: () => "A file may have at most 5 MB.",
    FILE_TYPE_UNKNOWN: () => "Only PDF, PNG and JPEG files are taken.",
    UNSUPPORTED_MEDIA_TYPE: () => "Only PDF, PNG and JPEG files are taken.",
    TOO_MANY_FILES: () => "A deposit takes at most five files.",
    TOO_MANY_REQUESTS: () => "Too many at once. Wait some minutes.",
    OTHER_CURRENCY: () => "Your account is in another currency.",
  },
};

const zhCn: DepositTexts = {
  way: "支付方式",
  channels: channelNames["zh-CN"],
  notOffered: "此账户目前不提供入金。",
  min: "最低入金",
  largest: "目前单笔最多",
  dayLeft: "24 小时内剩余额度",
  monthLeft: "30 天内剩余额度",
  heldDays: (days) => `以此方式入金的款项，到账 ${days} 天后方可出金。`,
  amount: "金额（含手续费）",
  fee: "手续费",
  arrives: "实际到账",
  begin: "前往支付",
  begun: "请在支付页面完成付款，付款确认后立即到账。",
  unknown: "支付页面没有答复。尚未付款，系统会自动再次查询；重新发起前请先查看列表。",
  toPage: "打开支付页面",
  another: "更改金额",
  reference: "附言（转账时必须填写）",
  transferTo: "可转入任意金额至",
  transferAccount: "转入账户",
  transferHint: "请使用本人名下账户转账。我方银行入账后即记入，通常为下一个工作日。",
  announce: "登记转账",
  announceHint: "填写金额后可获得专用附言，并上传银行回单。",
  announced: "请按以下附言转账。银行受理后，可上传回单。",
  exactly: "请准确转入",
  addProof: "上传回单",
  proofKinds: "PDF、PNG 或 JPEG，最大 5 MB。供人工核对，不会直接入账。",
  proofAdded: "回单已收到。",
  proofs: (files) => `${files} 份回单`,
  noBank: "目前没有适用于您币种的收款账户。",
  holder: "户名",
  iban: "IBAN",
  bic: "BIC",
  bank: "开户行",
  copy: "复制",
  copied: "已复制",
  showAddress: "显示我的地址",
  address: "您的地址",
  qr: "您的地址二维码",
  network: "网络",
  contract: "代币合约",
  chainHint: (currency, network) => `只能在 ${network} 上转入 ${currency}。转入其他资产不会入账，并可能丢失。`,
  chainMin: (amount) => `低于 ${amount} 的转入会保留，但不会自动入账。`,
  confirmations: (blocks) => (blocks === null ? "区块链最终确认后入账。" : `${blocks} 个区块确认后入账。`),
  pending: "已发现，尚未入账",
  confirmed: (blocks) => `${blocks} 个确认`,
  history: "您的入金",
  none: "暂无记录。",
  credited: "到账",
  withdrawableFrom: (when) => `${when} 起可出金`,
  states: {
    waiting: "等待付款",
    unknown: "已查询，尚无答复",
    underpaid: "金额不足，人工处理中",
    overpaid: "金额超出，人工处理中",
    "in-review": "已收到，人工处理中",
    unmatched: "已收到，人工处理中",
    credited: "已到账",
    expired: "超时未付",
    failed: "支付失败",
    rejected: "已退回",
    reversed: "已被冲回",
  },
  refusals: {
    UNKNOWN_ACCOUNT: () => "该账户已不属于您。",
    DEMO_ACCOUNT: () => "模拟账户不接受真实资金。",
    ACCOUNT_DISABLED: () => "账户已停用。",
    CHANNEL_CLOSED: () => "目前不提供此方式的入金。",
    AMOUNT_MIN: (_value, limit) => `最低入金金额为 ${limit}。`,
    AMOUNT_MAX: (_value, limit) => `单笔最高入金金额为 ${limit}。`,
    FEE_EXCEEDS: (_value, limit) => (limit === "" ? "扣除手续费后没有余额。" : `扣除手续费 ${limit} 后没有余额。`),
    DAY_LIMIT: (value, limit) => (limit === "" ? "24 小时额度已用完。" : `24 小时内将达 ${value}，上限为 ${limit}。`),
    MONTH_LIMIT: (value, limit) => (limit === "" ? "30 天额度已用完。" : `30 天内将达 ${value}，上限为 ${limit}。`),
    TOO_MANY_OPEN: () => "已有多笔入金等待付款，请先完成其中一笔。",
    AMOUNT_INVALID: () => "请输入金额，例如 125.50。",
    UNKNOWN_DEPOSIT: () => "该入金已不属于您。",
    NOT_IN_THIS_STATE: () => "该入金已处理，不再接收回单。",
    FILE_EMPTY: () => "文件为空。",
    FILE_TOO_LARGE: () => "文件不得超过 5 MB。",
    FILE_TYPE_UNKNOWN: () => "仅接受 PDF、PNG 和 JPEG 文件。",
    UNSUPPORTED_MEDIA_TYPE: () => "仅接受 PDF、PNG 和 JPEG 文件。",
    TOO_MANY_FILES: () => "每笔入金最多上传五个文件。",
    TOO_MANY_REQUESTS: () => "操作过于频繁，请稍后再试。",
    OTHER_CURRENCY: () => "您的账户为其他币种。",
  },
};

export const depositTexts: Readonly<Record<Locale, DepositTexts>> = { en, "zh-CN": zhCn };
