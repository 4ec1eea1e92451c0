import type { Locale } from "#contracts/names.ts";
import type { ChainChannel, PaymentChannel } from "#contracts/payment-names.ts";

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

/** The chain alone: where the money must be sent, whatever it is. */
export const chainNames: Readonly<Record<Locale, Readonly<Record<ChainChannel, string>>>> = {
  en: { "usdt-erc20": "Ethereum (ERC-20)", "usdt-bep20": "BNB Smart Chain (BEP-20)", "usdt-trc20": "TRON (TRC-20)" },
  "zh-CN": { "usdt-erc20": "以太坊（ERC-20）", "usdt-bep20": "BNB 智能链（BEP-20）", "usdt-trc20": "波场（TRC-20）" },
};
