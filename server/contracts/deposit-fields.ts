import { channelMoney as money, unlimited, whole } from "./channel-fields.ts";
import type { Field } from "./field.ts";

/** What a payment channel's row says about deposits. */
export const depositFields = {
  depositsEnabled: { kind: "boolean", label: ["Deposits", "开放入金"], initial: false },
  depositLeast: { ...money(["Least deposit", "入金单笔下限"]), head: ["Least in", "入金下限"], initial: "0.01" },
  depositMost: {
    ...money(["Largest deposit", "入金单笔上限"], unlimited),
    head: ["Most in", "入金上限"],
    nullable: true,
  },
  depositDayMost: { ...money(["Deposits in 24 h", "24 小时入金限额"], unlimited), nullable: true },
  depositMonthMost: { ...money(["Deposits in 30 days", "30 天入金限额"], unlimited), nullable: true },
  depositFourEyesAbove: {
    ...money(
      ["Deposits: two people above", "入金双人处理起点"],
      [
        "Above it two different people credit, send back or take back by hand; the database refuses less.",
        "超过此额的人工入账、退回或冲回须由两名不同人员处理，数据库强制执行。",
      ],
    ),
    initial: "0.00",
  },
  depositWithdrawableDays: {
    ...whole,
    max: 365,
    label: ["Withdrawable after, days", "可出金等待天数"],
    help: [
      "So long after crediting a deposit can't be withdrawn: cards are charged back for months. 0: at once.",
      "入账后多少天内不可出金：银行卡可在数月内拒付。0：立即可出金。",
    ],
    initial: 0,
  },
  depositFeeFixed: { ...money(["Deposit fee, fixed part", "入金手续费固定部分"]), initial: "0.00" },
  depositFeePpm: {
    ...whole,
    max: 1_000_000,
    label: ["Deposit fee, share in ppm", "入金手续费比例（ppm）"],
    help: ["Parts per million of the amount: 5000 is 0.5 %. Rounded down.", "金额的百万分比：5000 即 0.5%，向下取整。"],
    initial: 0,
  },
  depositFeeLeast: { ...money(["Deposit fee, at least", "入金手续费下限"]), initial: "0.00" },
  depositFeeMost: { ...money(["Deposit fee, at most", "入金手续费上限"], unlimited), nullable: true },
} as const satisfies Readonly<Record<string, Field>>;
