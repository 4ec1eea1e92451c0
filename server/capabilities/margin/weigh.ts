import type { LadderAccount } from "#core/ladder.ts";
import type { LadderHoldingState, LadderState, MarkQuote } from "./ladder.store.ts";

/** Instrument -> where its stream is. */
export type Marks = ReadonlyMap<string, MarkQuote>;

/** What a holding is marked at: the stream's quote, or that of its last fill while the stream has not come so far. */
export function markOf({ instrumentId, filledAt }: LadderHoldingState, marks: Marks): MarkQuote | null {
  const mark = marks.get(instrumentId) ?? null;
  return mark === null || (filledAt !== null && filledAt.seq > mark.seq) ? filledAt : mark;
}

/** An account with the prices it is weighed by. */
export const withMarks = (
  state: LadderState,
  marks: Marks,
  mayClose: (instrumentId: string, mark: MarkQuote) => boolean,
): LadderAccount => ({
  stage: state.stage,
  balance: state.balance,
  holdings: state.holdings.map((holding) => {
    const mark = markOf(holding, marks);
    return { ...holding, mark, closable: mark !== null && mayClose(holding.instrumentId, mark) };
  }),
});
