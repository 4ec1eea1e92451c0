import type { Field } from "./field.ts";
import type { LossSetting, RiskNumber, RiskSetting } from "./risk-names.ts";

/** Fields of the risk table's settings. Empty: taken from the next wider line. */
const none = { nullable: true, sortable: false, filterable: false } as const;
const money = { kind: "decimal", scale: 8, min: "0", ...none } as const;
const lots = { kind: "lots", ...none } as const;
const count = { kind: "integer", min: 0, ...none } as const;

const numbers = {
  maxLotsPerOrder: { ...lots, min: "1", label: ["Most lots an order", "单笔最多手数"] },
  maxPositionLots: {
    ...lots,
    min: "0",
    label: ["Most lots in a position", "最大持仓手数"],
    help: ["Of one instrument, either side; linked accounts count as one.", "单个合约任一方向；关联账户合并计算。"],
  },
  maxLongLots: { ...lots, min: "0", label: ["Most lots long", "多头最多手数"] },
  maxShortLots: { ...lots, min: "0", label: ["Most lots short", "空头最多手数"] },
  maxGrossLots: { ...lots, min: "0", label: ["Most lots, linked accounts added", "关联账户合计最多手数"] },
  maxClassLots: { ...lots, min: "0", label: ["Most lots of the class", "同类合计最多手数"] },
  maxTotalLots: { ...lots, min: "0", label: ["Most lots in all", "全部合计最多手数"] },
  maxOrderExposure: { ...money, label: ["Most exposure an order", "单笔敞口上限"] },
  maxExposure: {
    ...money,
    label: ["Most exposure", "合约敞口上限"],
    help: [
      "What the position is worth at the market, in the account's currency.",
      "按市价计的持仓价值，以账户币种计。",
    ],
  },
  maxClassExposure: { ...money, label: ["Most exposure of the class", "同类敞口上限"] },
  maxTotalExposure: { ...money, label: ["Most exposure in all", "总敞口上限"] },
  maxMarginUsed: { ...money, label: ["Most margin used", "占用保证金上限"] },
  marginPercent: {
    ...count,
    min: 100,
    max: 10000,
    label: ["Margin, % of the terms'", "保证金倍数（%）"],
    help: ["Asked for when opening: 150 wants half as much again to be free.", "开仓时要求：150 表示须多备一半。"],
  },
  maxInstruments: { ...count, min: 0, max: 1000, label: ["Most instruments at once", "同时持有合约数上限"] },
  maxWorkingOrders: { ...count, min: 0, max: 500, label: ["Most working orders", "挂单数上限"] },
  maxOrdersPerMinute: { ...count, min: 0, max: 1000, label: ["Most orders a minute", "每分钟委托上限"] },
  repeatOrderSeconds: { ...count, min: 0, max: 86400, label: ["Same order again after, s", "重复委托间隔（秒）"] },
  minHoldingSeconds: {
    ...count,
    min: 0,
    max: 86400,
    label: ["Hold at least, s", "最短持仓（秒）"],
    help: [
      "Closing is never refused; who closed sooner opens again only after that time.",
      "平仓从不被拒；提前平仓者须满该时间后方可再开仓。",
    ],
  },
  maxSlippageTicks: { ...count, min: 0, max: 100000, label: ["Most slippage, ticks", "最大滑点（跳）"] },
  partnerMaxLots: {
    ...lots,
    min: "0",
    label: ["Partner's net lots at most", "合作方净持仓上限"],
    help: ["Of all its traders together, long less short.", "其全部交易者合计，多头减空头。"],
  },
  partnerMaxExposure: { ...money, label: ["Partner's net exposure at most", "合作方净敞口上限"] },
  houseMaxLots: {
    ...lots,
    min: "0",
    label: ["House's net lots at most", "平台净持仓上限"],
    help: ["Of all traders together, long less short.", "全部交易者合计，多头减空头。"],
  },
  houseMaxExposure: { ...money, label: ["House's net exposure at most", "平台净敞口上限"] },
} as const satisfies Record<RiskNumber, Field>;

const rule = { kind: "json", schema: "loss-rule", nullable: true } as const;

const losses = {
  dailyLossAlert: { ...rule, label: ["Daily loss, alert", "日亏损预警"] },
  dailyLoss: { ...rule, label: ["Daily loss", "日亏损"] },
  weeklyLossAlert: { ...rule, label: ["Weekly loss, alert", "周亏损预警"] },
  weeklyLoss: { ...rule, label: ["Weekly loss", "周亏损"] },
  trailingDrawdown: { ...rule, label: ["Trailing drawdown", "移动回撤"] },
  dailyProfit: { ...rule, label: ["Daily profit", "日盈利"] },
  weeklyProfit: { ...rule, label: ["Weekly profit", "周盈利"] },
} as const satisfies Record<LossSetting, Field>;

export const riskSettingFields = {
  ...numbers,
  isStopLossMandatory: { kind: "boolean", ...none, label: ["Stop loss is a must", "必须设止损"] },
  allowed: {
    ...{ kind: "texts", maxItems: 100, maxLength: 40, nullable: true },
    label: ["Instruments allowed", "可交易合约"],
    help: ["Instruments and classes, one a line.", "合约或类别，每行一个。"],
  },
  tradingWindows: {
    ...{ kind: "texts", maxItems: 20, maxLength: 120, nullable: true },
    label: ["Trading hours", "交易时段"],
    help: [
      "Days, hours and zone: mon-fri 09:00-17:30 Europe/London. Outside of them nothing is opened; closing is always possible.",
      "星期、时段与时区，如 mon-fri 09:00-17:30 Europe/London。时段外不可开仓，可随时平仓。",
    ],
  },
  flattenTime: {
    ...{ kind: "text", maxLength: 60, ...none },
    label: ["Flat by", "每日平仓时间"],
    help: [
      "All positions are closed at this time: 16:55 America/Chicago.",
      "届时平掉全部持仓，如 16:55 America/Chicago。",
    ],
  },
  ...losses,
} as const satisfies Record<RiskSetting, Field>;
