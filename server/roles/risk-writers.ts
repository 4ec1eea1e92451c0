import type { Label } from "#contracts/field.ts";
import { riskSettingNames } from "#contracts/risk-names.ts";
import {
  createLine,
  type LimitRefusal,
  type LineNow,
  type LineTarget,
  saveVersion,
} from "../capabilities/risk/index.ts";
import type { WriteRefusal, Writer } from "../resources/index.ts";
import type { WireRecord } from "../resources/wire.ts";
import { refusedAt } from "./back-office-refusals.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Writes versions of the risk table's lines; what is not changed stays as it is in force. */
export const riskLimitsWriter: Writer = {
  create: async (work, actor, input) => {
    const made = await createLine(work, actor, targetOf(input), settingsOf(input), noteOf(input));
    return made.ok ? made : told(made.refusal);
  },
  update: async (work, actor, { id, changes, current }) => {
    const settings = { ...settingsOf(current), ...settingsOf(changes) };
    const saved = await saveVersion(work, actor, lineOf(id, current), settings, noteOf(changes));
    return saved.ok ? { ok: true, value: null } : told(saved.refusal);
  },
  delete: async (work, actor, { id, current }) => {
    const saved = await saveVersion(work, actor, lineOf(id, current), {}, {});
    return saved.ok ? { ok: true, value: null } : told(saved.refusal);
  },
};

const lineOf = (id: string, current: WireRecord): LineNow => ({
  id,
  version: Number(current.version),
  settings: settingsOf(current),
  target: targetOf(current),
});

/** Only the settings that are named, the empty ones too: they are taken away. */
export const settingsOf = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(riskSettingNames.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));

export const targetOf = (fields: Fields): LineTarget => ({
  scope: fields.scope as LineTarget["scope"],
  tenantId: (fields.tenantId ?? null) as number | null,
  agentId: textOf(fields.agentId),
  groupId: textOf(fields.groupId),
  traderId: textOf(fields.traderId),
  instrumentId: textOf(fields.instrumentId),
  assetClass: textOf(fields.assetClass),
});

const noteOf = ({ effectiveAt, reason }: Fields) => ({ effectiveFrom: textOf(effectiveAt), reason: textOf(reason) });

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** What is wrong with a setting, in words; a loss rule's own faults name the part of it. */
const problems: Readonly<Record<string, Label>> = {
  unreadable: ["Can't be read.", "无法识别。"],
  negative: ["Must not be negative.", "不能为负数。"],
  "too-large": ["Is too large.", "数值过大。"],
  "below-hundred": ["At least 100: less would lend margin.", "至少为 100。"],
  "unknown-zone": [
    "There is no such time zone; write it like Europe/London.",
    "时区不存在，请按 Europe/London 的形式填写。",
  ],
  empty: ["Allows nothing at all.", "不允许任何交易。"],
  overlaps: ["Two of these hours overlap.", "时段互相重叠。"],
  "wrong-reach": [
    "Is measured over the whole account or class: it belongs on a line of everything, or of a class.",
    "该项按整个账户或类别计算，应设在适用全部或类别的行上。",
  ],
  "wrong-scope": ["Belongs on a line of a partner or of everyone.", "只能设在合作方或全部范围。"],
};

export function told(refusal: LimitRefusal | { readonly code: string; readonly field?: string }): {
  readonly ok: false;
  readonly refusal: WriteRefusal;
} {
  if (!("problem" in refusal)) return refusedAt(refusal.code, refusal.field);
  const says: Label = problems[refusal.problem] ?? [`Can't be: ${refusal.problem}.`, `无效：${refusal.problem}。`];
  return { ok: false, refusal: { code: refusal.code, says, errors: { [refusal.field]: says } } };
}
