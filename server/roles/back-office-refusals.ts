import type { Label } from "#contracts/field.ts";
import type { WriteRefusal } from "../resources/index.ts";
import { riskRefusals } from "./risk-refusals.ts";
import { tickRefusals } from "./tick-refusals.ts";

export interface KnownRefusal {
  readonly field?: string;
  readonly status?: 404 | 409 | 422;
  readonly says: Label;
}

/** The field at fault and what to tell the person, for each no that a capability gives the back office. */
const refusals: Readonly<Record<string, KnownRefusal>> = {
  UNKNOWN_PARTNER: { field: "tenantId", says: ["There is no such partner.", "合作方不存在。"] },
  UNKNOWN_KEY: {
    field: "keyId",
    says: ["This partner has no such key in force.", "该合作方没有此有效密钥。"],
  },
  UNKNOWN_PARENT: { field: "parentId", says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"] },
  UNKNOWN_AGENT: { field: "agentId", says: ["Must be an agent of the same partner.", "必须是同一合作方的代理。"] },
  UNKNOWN_TRADER: { field: "traderId", says: ["There is no such trader.", "交易者不存在。"] },
  UNKNOWN_CURRENCY: { field: "currency", says: ["There is no such currency.", "币种不存在。"] },
  UNKNOWN_PERSON: { status: 404, says: ["There is no such record.", "记录不存在。"] },
  AGENT_CODE_INVALID: { field: "code", says: ["Letters, digits, - and _ only.", "只能包含字母、数字、- 和 _。"] },
  AGENT_CODE_TAKEN: { field: "code", says: ["Another agent has this code.", "该编码已被其他代理使用。"] },
  PARTNER_CODE_INVALID: { field: "code", says: ["Small letters, digits and - only.", "只能包含小写字母、数字和 -。"] },
  PARTNER_CODE_TAKEN: { field: "code", says: ["Another partner has this code.", "该编码已被其他合作方使用。"] },
  ORIGIN_INVALID: {
    field: "origins",
    says: ["Scheme, host and port only; https except on this machine.", "只含协议、主机与端口；除本机外须为 https。"],
  },
  PASSWORD_UNACCEPTABLE: {
    field: "password",
    says: ["Too easy to guess; take a longer or rarer one.", "过于容易猜到，请使用更长或更少见的密码。"],
  },
  EMAIL_TAKEN: { field: "email", says: ["Somebody else has this e-mail.", "该邮箱已被使用。"] },
  EXTERNAL_REF_TAKEN: {
    field: "externalRef",
    says: ["Another trader of the partner has this reference.", "该合作方用户号已被使用。"],
  },
  ACCOUNT_EXISTS: {
    field: "book",
    says: ["The trader has an account in this book and currency.", "该交易者已有此账簿与币种的账户。"],
  },
  ROLE_AND_AGENT_DIFFER: {
    field: "agentId",
    says: ["The role agent names an agent, other roles name none.", "代理角色必须指定代理，其他角色不得指定。"],
  },
  TOO_MANY_EXPORTS: {
    status: 409,
    says: ["Ten of yours are waiting already.", "您已有十个导出在排队。"],
  },
  AMOUNT_TOO_FINE: { says: ["Has more digits than the currency.", "小数位数超过币种精度。"] },
  PRICES_EXIST: {
    says: [
      "Prices are stored in this size already; make a new instrument instead.",
      "已有按此规格保存的价格，请另建合约。",
    ],
  },
  ENDS_IN_THE_PAST: { says: ["Must lie ahead.", "必须晚于当前时间。"] },
  CONTRACT_OVER: {
    says: ["The contract is over; this can't be changed any more.", "合约已到期，不能再修改。"],
  },
  OPERATOR_ONLY: {
    says: ["Only the operator's own staff may stop this.", "仅限运营方人员操作。"],
  },
  TARGET_MISSING: { says: ["Say which one.", "请指定对象。"] },
  TARGET_NOT_ALONE: {
    says: ["Leave empty: another scope was chosen.", "请留空：所选范围不需要此项。"],
  },
  NOT_CONFIRMED: { says: ["Type ALL to stop everyone.", "停止所有人请输入 ALL。"] },
  UNKNOWN_BREACH: { status: 404, says: ["There is no such breach.", "记录不存在。"] },
  ENDS_BY_ITSELF: {
    status: 409,
    says: ["It ends with its reset and is not lifted.", "将于重置时自动结束，不可解除。"],
  },
  SPANS_PARTNERS: {
    status: 409,
    says: [
      "It was made together with an account of another partner; the operator's own staff lift it.",
      "与其他合作方的账户共同触发，须由运营方人员解除。",
    ],
  },
  LIFTED_ALREADY: { status: 409, says: ["It was lifted already.", "已解除。"] },
  UNKNOWN_ACCOUNT: { field: "accountId", says: ["There is no such account.", "交易账户不存在。"] },
  AMOUNT_ZERO: { field: "amount", says: ["Must not be zero.", "不能为零。"] },
  NOTE_TOO_SHORT: {
    field: "note",
    says: ["Say what happened, in 3 to 450 characters.", "请用 3 至 450 个字符说明情况。"],
  },
  NO_PERSON: { status: 409, says: ["Only a person may do this.", "只能由人员操作。"] },
  OWN_ADJUSTMENT: {
    status: 409,
    says: ["You asked for it; somebody else must decide.", "此申请由您提出，须由他人审批。"],
  },
  NOT_OWN_ADJUSTMENT: {
    status: 409,
    says: ["Only whoever asked for it may withdraw it.", "仅申请人可撤回。"],
  },
  DECIDED_ALREADY: { status: 409, says: ["It was decided already.", "已审批。"] },
  INSUFFICIENT_FUNDS: {
    status: 409,
    says: ["The account's available money does not cover it.", "账户可用资金不足。"],
  },
  UNKNOWN_DEPOSIT: { status: 404, says: ["There is no such deposit.", "入金不存在。"] },
  NOTHING_OWED: { status: 409, says: ["Nothing is owed for it any more.", "该笔已无欠款。"] },
  AMOUNT_INVALID: {
    field: "amount",
    says: ["Has more digits than the currency, or is zero.", "小数位数超过币种精度，或为零。"],
  },
  ABOVE_DEBT: { field: "amount", says: ["More than is owed.", "超过欠款金额。"] },
  DEBT_OWED: {
    status: 409,
    says: ["The trader owes money since a deposit was taken back.", "该交易者有入金被冲回后的欠款。"],
  },
  PRICE_UNKNOWN: {
    status: 409,
    says: ["A position of the account has no price now.", "账户持仓目前没有报价。"],
  },
  ACCOUNT_REQUIRED: { field: "accountId", says: ["Say whose money it is.", "请指定款项归属的账户。"] },
  OTHER_ACCOUNT: {
    field: "accountId",
    says: ["The money was paid for another account; leave this empty.", "款项已归属其他账户，请留空。"],
  },
  UNKNOWN_WITHDRAWAL: { status: 404, says: ["There is no such withdrawal.", "出金不存在。"] },
  NOT_IN_THIS_STATE: { status: 409, says: ["It has moved on since; load it anew.", "状态已变更，请重新加载。"] },
  SAME_REVIEWER: {
    status: 409,
    says: ["You have approved it already; a second person must.", "您已批准，须由另一人复核。"],
  },
  TOO_EARLY: { status: 409, says: ["Its waiting time is not over yet.", "冷静期尚未结束。"] },
  MARGIN_NEEDED: {
    status: 409,
    says: ["The account's positions need the money now.", "账户持仓目前需要该资金。"],
  },
  UNKNOWN_CLOSE: { status: 404, says: ["There is no such day close.", "日终结账不存在。"] },
  DATE_NOT_OVER: { status: 409, says: ["The date is not over yet.", "该日期尚未结束。"] },
  CLOSE_MOVED_ON: { status: 409, says: ["It has gone on since; load it anew.", "状态已变更，请重新加载。"] },
  UNKNOWN_TASK: { status: 404, says: ["There is no such task.", "任务不存在。"] },
  CLAIMED_BY_OTHER: {
    status: 409,
    says: ["Somebody else has it; claim it first.", "已由他人认领，请先认领。"],
  },
  MENDED_BY_MISSING: {
    field: "mendedBy",
    says: [
      "Name the group of the transfers that mended it; only for that reason.",
      "请填写更正流水的转账组；仅该原因需要。",
    ],
  },
  MENDED_BY_UNKNOWN: {
    field: "mendedBy",
    says: ["The partner has no such transfers in this currency.", "该合作方在此币种下没有这组流水。"],
  },
  DATE_AHEAD: { field: "toDate", says: ["Must not lie ahead.", "不得晚于当前账务日。"] },
  TOO_MANY_RUNS: {
    status: 409,
    says: ["Ten of this partner are waiting already.", "该合作方已有十项在排队。"],
  },
  TXID_INVALID: { field: "reference", says: ["This is no transaction's number.", "不是有效的交易哈希。"] },
  TXID_TAKEN: {
    field: "reference",
    says: ["This transaction pays another withdrawal already.", "该交易已用于其他出金。"],
  },
  CHAIN_DECIDES: { status: 409, says: ["The chain's blocks say when it arrived.", "到账由链上区块确认。"] },
  PAYOUT_CAN_LAND: {
    status: 409,
    says: [
      "It is signed and can still be paid: only the chain ends it.",
      "交易已签名，仍可能到账，只能由链上结果终结。",
    ],
  },
  CHANNEL_CLOSED: {
    status: 409,
    says: ["This chain is not in the settings of the server.", "服务器未配置该链。"],
  },
  REFERENCE_REQUIRED: { field: "reference", says: ["Give the bank's reference.", "请填写银行流水号。"] },
  UNKNOWN_BANK_ACCOUNT: { field: "bankAccountId", says: ["There is no such bank account.", "银行账户不存在。"] },
  HOLDER_NOT_LATIN: {
    field: "bankAccountId",
    says: ["Its holder's name has letters that banks can't read.", "户名含银行不支持的字符。"],
  },
  NOTHING_TO_PAY: { status: 409, says: ["There is nothing that can be paid now.", "目前没有可支付的款项。"] },
  NAMES_NOT_LATIN: {
    status: 409,
    says: ["The payees' names have letters that banks can't read.", "收款人姓名含银行不支持的字符。"],
  },
  UNKNOWN_BATCH: { status: 404, says: ["There is no such payout batch.", "付款批次不存在。"] },
  NOT_RELEASED: { status: 409, says: ["It has no file before its release.", "放行前没有文件。"] },
  OWN_BATCH: {
    status: 409,
    says: ["You gathered it; somebody else must release it.", "该批次由您汇集，须由他人放行。"],
  },
  UNKNOWN_PLAN: { field: "planId", says: ["Must be a plan of the same partner.", "必须是同一合作方的方案。"] },
  UNKNOWN_INSTRUMENT: { says: ["Names an instrument that does not exist.", "所列合约不存在。"] },
  PLAN_NAME_TAKEN: { field: "name", says: ["Another plan has this name.", "已有同名方案。"] },
  BEGINS_IN_THE_PAST: { field: "effectiveFrom", says: ["Must lie ahead, or be empty.", "须晚于当前时间，或留空。"] },
  RATES_MISSING: { says: ["Give one to three rates, without a gap.", "请填写一至三级比例，中间不可空缺。"] },
  RATE_UNREADABLE: {
    says: [
      "Can't be read: percentages with up to four digits, amounts with six; rules as MES = 30, 20, 10.",
      "无法识别：百分比至多四位小数，金额至多六位；规则格式如 MES = 30, 20, 10。",
    ],
  },
  RATES_TOO_HIGH: {
    says: [
      "All levels together must stay below 100 %; a lot below 10,000.",
      "各级合计须低于 100%；每手须低于 10,000。",
    ],
  },
  RATE_RULE_TWICE: { says: ["Names the same instrument or class twice.", "同一合约或品种重复。"] },
  AGENT_CYCLE: {
    field: "parentId",
    says: ["An agent cannot be below itself.", "代理不能位于自己之下。"],
  },
  AGENT_THERE_ALREADY: { field: "parentId", says: ["He is there already.", "已在该上级之下。"] },
  OWN_ALREADY: { field: "traderId", says: ["It was noted already.", "已标记。"] },
  PAYOUT_PAID: { status: 409, says: ["It was settled already, or is in this state.", "已结清，或已处于该状态。"] },
  NOTHING_TO_CLAW_BACK: {
    status: 409,
    says: ["Nothing was given, or it was taken back already.", "无可追回金额，或已追回。"],
  },
  CLAWBACK_TOO_LATE: { status: 409, says: ["Only within 180 days.", "仅限 180 天内。"] },
  UNKNOWN_LINK: { status: 404, says: ["There is no such link.", "关联不存在。"] },
  LINK_DECIDED_SO: { status: 409, says: ["It is decided so already.", "已是该决定。"] },
  LINK_CONTRADICTS: {
    status: 409,
    says: [
      "Other decisions say otherwise: take back those that link the two through others, or that keep them apart.",
      "与其他决定矛盾：请先撤回经由他人关联两者或将其分开的决定。",
    ],
  },
  NOT_ONE_CLUSTER: { field: "traderId", says: ["Must be one of these accounts' person.", "必须是同一人的账户。"] },
  NOTHING_TO_CONFIRM: { status: 409, says: ["No strong link of the group is open.", "该组没有待审核的强关联。"] },
  ...riskRefusals,
  ...tickRefusals,
  SELF: { status: 409, says: ["You cannot change your own rights or state.", "不能修改自己的权限或状态。"] },
  LAST_ADMIN: { status: 409, says: ["This is the last administrator.", "这是最后一位管理员。"] },
};

/** A capability's refusal as the engine answers it; `field` where the capability names it. */
export function refusedAt(code: string, field?: string): { readonly ok: false; readonly refusal: WriteRefusal } {
  const known = refusals[code];
  if (known === undefined) throw new Error(`no words for the refusal ${code}`);
  const at = field ?? known.field;
  const { says, status } = known;
  const errors = at === undefined ? {} : { errors: { [at]: says } };
  return { ok: false, refusal: { code, says, ...(status === undefined ? {} : { status }), ...errors } };
}
