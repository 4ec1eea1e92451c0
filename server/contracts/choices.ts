import type { CloseStepName, CloseWait } from "./close-names.ts";
import type { Label } from "./field.ts";
import type {
  AccountState,
  AdjustmentReason,
  AdjustmentState,
  AssetClass,
  BarPrice,
  Book,
  ContractState,
  ContractWait,
  DailySettlement,
  ExpiryAction,
  KeyState,
  KillMode,
  KillScope,
  LimitScope,
  Locale,
  MarginEventKind,
  MarginStage,
  MarkRule,
  OrderOrigin,
  OrderState,
  OrderType,
  PersonState,
  PositionSide,
  Side,
  StaffRole,
  TimeInForce,
  TradeMode,
} from "./names.ts";
import type { OrderCancelCode, OrderRejectionCode } from "./order-names.ts";
import type { PaymentChannel } from "./payment-names.ts";

/** What the closed lists of names.ts are called on screen. The compiler knows when a word has no name. */
type LabelsOf<Word extends string> = Readonly<Record<Word, Label>>;

export const bookLabels: LabelsOf<Book> = { live: ["Live", "实盘"], demo: ["Demo", "模拟"] };

export const adjustmentReasonLabels: LabelsOf<AdjustmentReason> = {
  correction: ["Correction", "更正"],
  goodwill: ["Goodwill", "补偿"],
  "fee-refund": ["Fee refund", "退还手续费"],
  chargeback: ["Chargeback", "拒付"],
  "write-off": ["Write-off", "核销"],
};

export const adjustmentStateLabels: LabelsOf<AdjustmentState> = {
  requested: ["Waits for approval", "待批准"],
  posted: ["Posted", "已入账"],
  rejected: ["Rejected", "已拒绝"],
  withdrawn: ["Withdrawn", "已撤回"],
};

export const paymentChannelLabels: LabelsOf<PaymentChannel> = {
  bank: ["Bank transfer", "银行转账"],
  gateway: ["Payment gateway", "支付网关"],
  stripe: ["Card (Stripe)", "银行卡（Stripe）"],
  "usdt-erc20": ["USDT on Ethereum (ERC20)", "USDT 以太坊（ERC20）"],
  "usdt-bep20": ["USDT on BNB Smart Chain (BEP20)", "USDT 币安智能链（BEP20）"],
  "usdt-trc20": ["USDT on TRON (TRC20)", "USDT 波场（TRC20）"],
};

export const sideLabels: LabelsOf<Side> = { buy: ["Buy", "买入"], sell: ["Sell", "卖出"] };

export const positionSideLabels: LabelsOf<PositionSide> = { long: ["Long", "多头"], short: ["Short", "空头"] };

export const orderTypeLabels: LabelsOf<OrderType> = {
  market: ["Market", "市价单"],
  limit: ["Limit", "限价单"],
  stop: ["Stop", "止损单"],
  "stop-limit": ["Stop-limit", "止损限价单"],
};

export const orderOriginLabels: LabelsOf<OrderOrigin> = {
  trader: ["Trader", "交易者"],
  "take-profit": ["Take profit", "止盈"],
  "stop-loss": ["Stop loss", "止损"],
  "stop-out": ["Stop-out", "强制平仓"],
  flatten: ["Flattened", "全部平仓"],
  expiry: ["Contract expiry", "合约到期"],
  roll: ["Contract roll", "合约展期"],
  risk: ["Risk limit", "风险限制"],
};

export const timeInForceLabels: LabelsOf<TimeInForce> = {
  gtc: ["Until cancelled", "撤销前有效"],
  day: ["Day", "当日有效"],
  gtd: ["Until a time", "指定时间前有效"],
  ioc: ["Immediate or cancel", "立即成交否则撤销"],
  fok: ["Fill or kill", "全部成交否则撤销"],
};

export const marginEventLabels: LabelsOf<MarginEventKind> = {
  stage: ["Stage reached", "到达阶段"],
  "orders-cancelled": ["Orders cancelled", "撤销挂单"],
  "position-closed": ["Position closed", "平仓"],
  fee: ["Fee charged", "收取费用"],
};

export const marginStageLabels: LabelsOf<MarginStage> = {
  ok: ["In order", "正常"],
  "margin-call": ["Margin call", "追加保证金"],
  "reduce-only": ["Reduce-only", "只减仓"],
  "stop-out": ["Stop-out", "强制平仓"],
};

export const orderStateLabels: LabelsOf<OrderState> = {
  accepted: ["Accepted", "已接受"],
  working: ["Working", "挂单中"],
  filled: ["Filled", "已成交"],
  cancelled: ["Cancelled", "已撤销"],
  rejected: ["Rejected", "已拒绝"],
  expired: ["Expired", "已过期"],
};

export const orderRejectionLabels: LabelsOf<OrderRejectionCode> = {
  QUEUED_TOO_LONG: ["Waited too long to be settled", "等待结算时间过长"],
  POSITION_GONE: ["The position was closed already", "持仓已平"],
  ACCOUNT_DISABLED: ["The account was disabled", "账户已停用"],
  SETTLEMENT_FAILED: ["Could not be settled", "无法结算"],
};

export const orderCancelLabels: LabelsOf<OrderCancelCode> = {
  BY_TRADER: ["By the trader", "交易者撤销"],
  BY_STAFF: ["By staff", "员工撤销"],
  OTHER_LEG: ["The other leg of the bracket filled", "另一条止盈止损单已成交"],
  POSITION_GONE: ["The position was closed already", "持仓已平"],
  STOP_OUT: ["Stop-out of the account", "账户强制平仓"],
  KILL_SWITCH: ["Kill switch", "紧急停止"],
  CONTRACT_EXPIRED: ["The contract expired", "合约已到期"],
  RISK_LIMIT: ["A risk limit", "触及风险限制"],
  ACCOUNT_DISABLED: ["The account was disabled", "账户已停用"],
};

export const assetClassLabels: LabelsOf<AssetClass> = {
  "equity-index": ["Equity index", "股指"],
  metal: ["Metal", "金属"],
  energy: ["Energy", "能源"],
  currency: ["Currency", "外汇"],
  crypto: ["Crypto", "加密货币"],
};

export const tradeModeLabels: LabelsOf<TradeMode> = {
  full: ["Full trading", "正常交易"],
  "long-only": ["Long only", "只可做多"],
  "short-only": ["Short only", "只可做空"],
  "close-only": ["Close only", "只可平仓"],
  halted: ["Halted", "暂停交易"],
};

export const killScopeLabels: LabelsOf<KillScope> = {
  all: ["Everyone", "所有人"],
  partner: ["Partner", "合作方"],
  agent: ["Agent line", "代理线"],
  instrument: ["Instrument", "合约"],
  account: ["Account", "交易账户"],
};

export const killModeLabels: LabelsOf<KillMode> = {
  halt: ["Halt", "暂停交易"],
  "close-only": ["Close only", "只可平仓"],
};

export const expiryActionLabels: LabelsOf<ExpiryAction> = {
  close: ["Close", "到期平仓"],
  roll: ["Roll to the next", "展期至下一合约"],
};

export const contractStateLabels: LabelsOf<ContractState> = {
  listed: ["Listed", "待上市"],
  trading: ["Trading", "交易中"],
  settling: ["Settling", "结算中"],
  settled: ["Settled", "已结算"],
};

export const contractWaitLabels: LabelsOf<ContractWait> = {
  "final-price": ["A final price", "缺最后结算价"],
  "next-contract": ["The next contract", "缺下一合约"],
  "next-price": ["A price of the next contract", "缺下一合约报价"],
  "failed-accounts": ["Accounts that failed", "部分账户结算失败"],
};

export const markRuleLabels: LabelsOf<MarkRule> = {
  mid: ["Middle of the last quote", "最后报价的中间价"],
  last: ["Last trade", "最新成交价"],
};

export const dailySettlementLabels: LabelsOf<DailySettlement> = {
  none: ["None", "不结算"],
  cash: ["Cash", "现金结算"],
};

export const barPriceLabels: LabelsOf<BarPrice> = {
  last: ["Last trade", "最新成交价"],
  bid: ["Bid", "买价"],
  mid: ["Mid", "中间价"],
};

export const roleLabels: LabelsOf<StaffRole> = {
  admin: ["Administrator", "管理员"],
  risk: ["Risk", "风控"],
  finance: ["Finance", "财务"],
  support: ["Support", "客服"],
  agent: ["Agent", "代理"],
};

export const accountStateLabels: LabelsOf<AccountState> = {
  active: ["Active", "正常"],
  "close-only": ["Close only", "只可平仓"],
  disabled: ["Disabled", "已停用"],
};

export const personStateLabels: LabelsOf<PersonState> = {
  active: ["Active", "正常"],
  disabled: ["Disabled", "已停用"],
};

export const keyStateLabels: LabelsOf<KeyState> = { active: ["Active", "有效"], revoked: ["Revoked", "已吊销"] };

export const localeLabels: LabelsOf<Locale> = { en: ["English", "英文"], "zh-CN": ["Simplified Chinese", "简体中文"] };

export const limitScopeLabels: LabelsOf<LimitScope> = {
  default: ["Everyone", "全部"],
  partner: ["Partner", "合作方"],
  agent: ["Agent line", "代理线"],
  group: ["Trader group", "交易者组"],
  trader: ["Trader", "交易者"],
  self: ["By the trader himself", "交易者自设"],
};

export const closeWaitLabels: LabelsOf<CloseWait> = {
  writers: ["Transactions that began before the date was closed", "关账前已开始的事务"],
  sealing: ["The seal of the date's last transfers", "当日最后流水的封存"],
  marks: ["The date's settlement marks", "当日结算价"],
  "cut-off": ["The hour from which commissions may be paid", "佣金可发放时间"],
};

export const closeStepLabels: LabelsOf<CloseStepName> = {
  "set-closed": ["Close the date", "关闭账务日"],
  snapshot: ["Balances of the date", "余额快照"],
  invariants: ["Rules of the books", "账簿规则核对"],
  seal: ["Seal the books", "账簿封存"],
  statements: ["Statements of accounts", "账户结单"],
  reconcile: ["Compare with the channels", "与渠道对账"],
  commissions: ["Commissions of the date", "计算当日佣金"],
  "pay-commissions": ["Pay commissions on the next date", "次日发放佣金"],
};
