import type { Locale } from "#contracts/names.ts";
import type { PaymentChannel } from "#contracts/payment-names.ts";

/** The ways that money takes, as a trader knows them. */
export const channelNames: Readonly<Record<Locale, Readonly<Record<PaymentChannel, string>>>> = {
  en: {
    bank: "Bank transfer",
    gateway: "Payment page",
    stripe: "Card",
    "usdt-erc20": "USDT (Ethereum)",
    "usdt-bep20": "USDT (BNB)",
    "usdt-trc20": "USDT (TRON)",
  },
  "zh-CN": {
    bank: "银行转账",
    gateway: "支付页面",
    stripe: "银行卡",
    "usdt-erc20": "USDT（以太坊）",
    "usdt-bep20": "USDT（BNB 链）",
    "usdt-trc20": "USDT（波场）",
  },
};
