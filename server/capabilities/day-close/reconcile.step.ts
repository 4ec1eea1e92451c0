import { formatDecimal } from "#core/units.ts";
import { type ClosedRuns, foreseeForClose, performForClose } from "../reconciliation/index.ts";
import type { CloseStep, Figures } from "./step.ts";

/**
 * Our books beside each channel of the partner: a run a channel, which keeps the lists and makes tasks of the differences. Nothing here stops
 * the close: a channel that does not answer leaves its run incomplete, and the next close compares those days too.
 */
export const reconcile: CloseStep = {
  name: "reconcile",
  prepare: async ({ db, transact, announce, asked }, date) => ({
    outcome: "ready",
    figures: figuresOf(await performForClose({ db, transact, announce, ...asked }, date)),
  }),
  foresee: async (db, date) => {
    const { matched, open } = await foreseeForClose(db, date);
    return { matched: `${matched}`, open: `${open}` };
  },
};

type Run = ClosedRuns["runs"][number];

function figuresOf({ runs, oldest }: ClosedRuns): Figures {
  const sum = (of: (run: Run) => number): string => `${runs.reduce((total, run) => total + of(run), 0)}`;
  const incomplete = runs.flatMap(({ channel, problem }) => (problem === null ? [] : [`${channel} ${problem}`]));
  return {
    matched: sum(({ matched }) => matched),
    open: sum(({ open }) => open),
    channels: runs.flatMap(balanceTexts),
    ...(incomplete.length > 0 ? { incomplete } : {}),
    ...(oldest.length > 0 ? { rows: oldest.map(taskText) } : {}),
  };
}

const balanceTexts = ({ channel, balances }: Run): readonly string[] =>
  balances.map(({ currency, scale, ours, theirs, unexplained }) =>
    [
      `${channel} ${currency} ours ${formatDecimal(ours, scale)}`,
      ...(theirs === null ? [] : [`theirs ${formatDecimal(theirs, scale)}`]),
      ...(unexplained === null || unexplained === 0n ? [] : [`unexplained ${formatDecimal(unexplained, scale)}`]),
    ].join(", "),
  );

const taskText = (task: ClosedRuns["oldest"][number]): string => {
  const [ours, theirs] = [task.ours_minor, task.theirs_minor].map((one) => formatDecimal(one, task.currency_scale));
  const { channel, found_in, payment, currency, since } = task;
  return `${channel} ${found_in} ${payment}: ${currency} ours ${ours}, theirs ${theirs}, since ${since}`;
};
