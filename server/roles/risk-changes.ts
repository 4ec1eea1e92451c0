import type { Book } from "#contracts/names.ts";
import {
  askRehearsal,
  type ChangeDecision,
  decideChange,
  draftChange,
  lockDraft,
  type NewChange,
  proposeChange,
  removeLine,
  setLine,
} from "../capabilities/risk/index.ts";
import type { Command, Commands, Writer } from "../resources/index.ts";
import { settingsOf, targetOf, told } from "./risk-writers.ts";

/** A change of the risk table begins as a draft of whoever writes it. */
export const riskChangesWriter: Writer = {
  create: async (work, actor, { name, reason, effectiveAt }) => {
    const wanted = { name: String(name), reason: String(reason) };
    const change: NewChange = typeof effectiveAt === "string" ? { ...wanted, effectiveAt } : wanted;
    const made = await draftChange(work, actor, change);
    return made.ok ? made : told(made.refusal);
  },
};

const done = { ok: true, value: null } as const;

const decided =
  (action: ChangeDecision["action"]): Command =>
  async (work, actor, { id, input }) => {
    const ended = await decideChange(work, actor, { id, action, note: String(input.note) });
    if (ended.ok) return ended;
    const { refusal } = ended;
    const no = told(refusal);
    if (refusal.code !== "LINE_CHANGED_SINCE") return no;
    // Which of its lines it is.
    const [en, zh] = no.refusal.says;
    return {
      ok: false,
      refusal: { code: refusal.code, status: 409, says: [`${refusal.line}: ${en}`, `${refusal.line}：${zh}`] },
    };
  };

export const riskChangeCommands: NonNullable<Commands[string]> = {
  "set-line": async (work, _actor, { id, input }) => {
    const draft = await lockDraft(work, id);
    if (!draft.ok) return told(draft.refusal);
    const cleared = Array.isArray(input.cleared) ? input.cleared.map(String) : [];
    const line = { changeId: id, target: targetOf(input), settings: settingsOf(input), cleared };
    const set = await setLine(work, line);
    return set.ok ? done : told(set.refusal);
  },
  "remove-line": async (work, _actor, { id, input }) => {
    const draft = await lockDraft(work, id);
    if (!draft.ok) return told(draft.refusal);
    const removed = await removeLine(work, id, String(input.lineId));
    return removed.ok ? removed : told(removed.refusal);
  },
  rehearse: async (work, actor, { id, input: { book, fromAt, toAt } }) => {
    const wanted = { changeId: id, book: book as Book, fromAt: String(fromAt), toAt: String(toAt) };
    const asked = await askRehearsal(work, actor, wanted);
    return asked.ok ? done : told(asked.refusal);
  },
  propose: async (work, actor, { id }) => {
    const proposed = await proposeChange(work, actor, id);
    return proposed.ok ? proposed : told(proposed.refusal);
  },
  apply: decided("apply"),
  approve: decided("approve"),
  reject: decided("reject"),
  withdraw: decided("withdraw"),
};
