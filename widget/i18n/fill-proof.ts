import type { Locale } from "#contracts/names.ts";
import type { Receipt } from "#core/receipt.ts";
import type { ReceiptCheck } from "#core/verify-receipt.ts";

/** Words of the fill's proof, loaded with it. */
export interface ProofTexts {
  readonly title: string;
  readonly checking: string;
  readonly unsealed: string;
  readonly failed: string;
  readonly unsupported: string;
  readonly noReceipt: string;
  readonly genuine: string;
  readonly wrong: string;
  readonly proved: string;
  readonly broken: string;
  readonly open: string;
  readonly download: string;
  readonly again: string;
  readonly dismiss: string;
  readonly checks: Readonly<Record<ReceiptCheck, (receipt: Receipt) => string>>;
  /** What no receipt can prove. */
  readonly never: (receipt: Receipt) => readonly string[];
}

const isInvented = ({ quote }: Receipt): boolean => quote.source === "simulated" || quote.source === "replay";

const en: ProofTexts = {
  title: "Is this fill genuine?",
  checking: "Checking in your browser …",
  unsealed: "The quotes of this fill are not sealed yet. That happens within a minute or two: try again then.",
  failed: "The receipt could not be fetched. Check the connection and try again.",
  unsupported:
    "This browser cannot check signatures (it needs Ed25519 and a page over https). Download the receipt and run: npx truewick-verify receipt.json",
  noReceipt: "What the server sent is no receipt, or something in it was changed.",
  genuine: "Genuine as far as a receipt can show. Checked by your own browser.",
  wrong: "Do not rely on this fill: something does not fit. Download the receipt and keep it.",
  proved: "Proved",
  broken: "Wrong",
  open: "Not proved",
  download: "Download receipt",
  again: "Try again",
  dismiss: "Close",
  checks: {
    document: ({ terms }) => `The contract terms are version ${terms.version}, as their hash says.`,
    "receipt-signature": ({ issued }) => `Nothing was changed since key ${issued.keyId} signed this receipt.`,
    "price-rule": ({ fill, quote }) =>
      `The price ${fill.price} is the ${fill.side === "buy" ? "ask" : "bid"} of quote ${quote.seq}.`,
    "order-met": ({ order }) =>
      order.trigger === null
        ? "That quote lies within what the order allowed."
        : "That quote meets the order's price, after it began to wait and before it expired.",
    fee: ({ fill, terms }) =>
      `The fee ${fill.fee} ${fill.currency} is ${fill.lots} × ${terms.feePerSide} of the terms.`,
    "quote-in-block": ({ quote, block }) =>
      `Quote ${quote.seq} is one of the ${block.count} quotes in block ${block.blockNo}.`,
    "block-signature": ({ block }) =>
      `Key ${block.keyId} sealed block ${block.blockNo}, in a chain with all before it.`,
  },
  never: (receipt) => [
    isInvented(receipt)
      ? "That a market had this price: it is a simulated one."
      : "That the venue had this price: compare with its own record.",
    "That the key is the operator's and that everybody is shown the same chain: compare with /api/proofs/heads.",
    ...(receipt.order.trigger === null ? [] : ["That no earlier quote met the order: an auditor can recompute it."]),
  ],
};

const zhCn: ProofTexts = {
  title: "核验这笔成交",
  checking: "正在由您的浏览器核验…",
  unsealed: "这笔成交的报价尚未封存，通常在一两分钟内完成，请稍后再试。",
  failed: "无法获取凭证，请检查网络后重试。",
  unsupported:
    "此浏览器无法核验签名（需要支持 Ed25519 且页面使用 https）。请下载凭证并运行：npx truewick-verify receipt.json",
  noReceipt: "服务器返回的不是有效凭证，或内容已被改动。",
  genuine: "在凭证所能证明的范围内属实，由您自己的浏览器核验。",
  wrong: "请勿相信这笔成交：内容不一致。请下载并保存凭证。",
  proved: "已证明",
  broken: "不符",
  open: "未证明",
  download: "下载凭证",
  again: "重试",
  dismiss: "关闭",
  checks: {
    document: ({ terms }) => `合约条款为第 ${terms.version} 版，与其哈希一致。`,
    "receipt-signature": ({ issued }) => `自密钥 ${issued.keyId} 签名以来，凭证内容未被改动。`,
    "price-rule": ({ fill, quote }) =>
      `成交价 ${fill.price} 即报价 ${quote.seq} 的${fill.side === "buy" ? "卖价" : "买价"}。`,
    "order-met": ({ order }) =>
      order.trigger === null ? "该报价符合委托允许的范围。" : "该报价达到委托价格，且在委托开始等待之后、到期之前。",
    fee: ({ fill, terms }) => `手续费 ${fill.fee} ${fill.currency} 等于 ${fill.lots} × 条款中的 ${terms.feePerSide}。`,
    "quote-in-block": ({ quote, block }) =>
      `报价 ${quote.seq} 是区块 ${block.blockNo} 所含 ${block.count} 条报价之一。`,
    "block-signature": ({ block }) => `密钥 ${block.keyId} 封存了区块 ${block.blockNo}，并与之前的区块相连。`,
  },
  never: (receipt) => [
    isInvented(receipt) ? "市场上确有此价格：该价格为模拟行情。" : "交易所当时确有此价格：请与其自身记录核对。",
    "密钥属于运营方，且所有人看到的是同一条链：请与 /api/proofs/heads 核对。",
    ...(receipt.order.trigger === null ? [] : ["此前没有更早的报价满足该委托：可由审计人员重新计算。"]),
  ],
};

export const proofTexts: Readonly<Record<Locale, ProofTexts>> = { en, "zh-CN": zhCn };
