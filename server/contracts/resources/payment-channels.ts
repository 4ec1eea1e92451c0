import { channelMoney as money, unlimited, whole } from "../channel-fields.ts";
import { paymentChannelLabels } from "../choices.ts";
import { createdAt, currency, partner, updatedAt, version } from "../common-fields.ts";
import { depositFields } from "../deposit-fields.ts";
import { paymentChannels, sourceRules } from "../payment-names.ts";
import { defineResource } from "../resource.ts";

/** What the operator allows in each channel and currency; the row of the partner and tier counts before the general one. */
export default defineResource({
  name: "payment-channels",
  group: "settings",
  label: ["Payment channels", "支付渠道"],
  one: ["Payment channel", "支付渠道"],
  source: "admin_payment_channels",
  table: "payment_channels",
  writer: "payment-channels",
  fields: {
    id: { kind: "id", shape: "uuid", label: ["Id", "标识"], readOnly: true },
    tenantId: {
      ...partner,
      help: ["Empty: for partners without a row of their own.", "留空：适用于未单独设置的合作方。"],
      nullable: true,
      createOnly: true,
    },
    channel: {
      kind: "choice",
      label: ["Channel", "渠道"],
      options: paymentChannels,
      optionLabels: paymentChannelLabels,
      initial: "bank",
      required: true,
      createOnly: true,
    },
    currency: { ...currency, required: true, createOnly: true },
    tier: {
      kind: "integer",
      min: 0,
      max: 4,
      label: ["Tier", "认证等级"],
      help: ["Empty: for traders of every tier.", "留空：适用于所有等级。"],
      nullable: true,
      createOnly: true,
    },
    withdrawalsEnabled: { kind: "boolean", label: ["Withdrawals", "开放出金"], initial: true },
    least: { ...money(["Least withdrawal", "单笔下限"]), head: ["Least", "下限"], required: true },
    most: { ...money(["Largest withdrawal", "单笔上限"], unlimited), head: ["Most", "上限"], nullable: true },
    dayCount: { ...whole, max: 1_000, label: ["Requests in 24 h", "24 小时笔数"], help: unlimited, nullable: true },
    dayMost: { ...money(["Sum in 24 h", "24 小时限额"], unlimited), nullable: true },
    monthMost: { ...money(["Sum in 30 days", "30 天限额"], unlimited), nullable: true },
    autoUpTo: {
      ...money(
        ["Approved by itself up to", "自动批准上限"],
        ["0: a person looks at every one.", "0：每笔均须人工审核。"],
      ),
      head: ["By itself to", "自动批准"],
      initial: "0.00",
    },
    fourEyesAbove: {
      ...money(
        ["Two people above", "双人复核起点"],
        [
          "Above it two different people approve; the database refuses less.",
          "超过此额须由两名不同人员批准，数据库强制执行。",
        ],
      ),
      head: ["Two above", "双人复核"],
      initial: "0.00",
    },
    coolingHours: {
      ...whole,
      max: 720,
      label: ["Cooling time, hours", "冷静期（小时）"],
      help: [
        "A new account to be paid to waits so long, and every one after a change of the password.",
        "新收款账户及修改密码后须等待的时间。",
      ],
      initial: 24,
    },
    sourceFirst: {
      kind: "choice",
      label: ["Money that came another way", "其他渠道的入金"],
      help: [
        "It should go back the way it came. Refused only where that way pays out too.",
        "资金应原路退回。仅当原渠道也可付款时才会拒绝。",
      ],
      head: ["Other sources", "其他来源"],
      options: sourceRules,
      optionLabels: {
        off: ["Is paid out", "允许出金"],
        review: ["Is looked at", "人工审核"],
        refuse: ["Is refused", "拒绝"],
      },
      initial: "review",
    },
    feeFixed: { ...money(["Fee, fixed part", "手续费固定部分"]), head: ["Fixed fee", "固定费"], initial: "0.00" },
    feePpm: {
      ...whole,
      max: 1_000_000,
      label: ["Fee, share in ppm", "手续费比例（ppm）"],
      help: [
        "Parts per million of the amount: 5000 is 0.5 %. Rounded down.",
        "金额的百万分比：5000 即 0.5%，向下取整。",
      ],
      initial: 0,
    },
    feeLeast: { ...money(["Fee, at least", "手续费下限"]), initial: "0.00" },
    feeMost: { ...money(["Fee, at most", "手续费上限"], unlimited), nullable: true },
    ...depositFields,
    createdAt,
    updatedAt,
    version,
  },
  operations: {
    list: ["admin", "finance", "support"],
    read: ["admin", "finance", "support"],
    create: ["admin"],
    update: ["admin"],
    export: ["admin", "finance"],
  },
  scope: { tenantColumn: "tenant_id", agentLineColumn: null, shared: true },
  recordName: ["channel", "currency", "tier"],
  sort: ["createdAt", "ASC"],
  list: [
    "channel",
    "currency",
    "tenantId",
    "tier",
    "depositsEnabled",
    "withdrawalsEnabled",
    "least",
    "most",
    "autoUpTo",
    "fourEyesAbove",
  ],
  filters: ["channel", "tenantId", "tier"],
  constraints: {
    payment_channels_once: {
      field: "channel",
      says: ["There is a row for this partner, channel, currency and tier.", "该合作方、渠道、币种与等级已有设置。"],
    },
    payment_channels_min_positive: { field: "least", says: ["Must be more than zero.", "必须大于零。"] },
    payment_channels_max_from_min: { field: "most", says: ["Must not be below the least.", "不能低于下限。"] },
    payment_channels_fee_max_from_min: {
      field: "feeMost",
      says: ["Must not be below the least fee.", "不能低于手续费下限。"],
    },
    payment_channels_deposit_min_positive: { field: "depositLeast", says: ["Must be more than zero.", "必须大于零。"] },
    payment_channels_deposit_max_from_min: {
      field: "depositMost",
      says: ["Must not be below the least.", "不能低于下限。"],
    },
    payment_channels_deposit_fee_max_from_min: {
      field: "depositFeeMost",
      says: ["Must not be below the least fee.", "不能低于手续费下限。"],
    },
    payment_channels_auto_below_four_eyes: {
      field: "autoUpTo",
      says: ["Must not be above the limit of two people.", "不能高于双人复核起点。"],
    },
  },
  version: "version",
});
