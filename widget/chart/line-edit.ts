/**
 * Which line is being changed, to which price, and the price that stood when it began: null for a leg that is not there yet.
 * Prices are decimals of the wire.
 */
interface Change {
  readonly lineId: string;
  readonly from: string | null;
  readonly price: string;
}

type Moving<Kind extends string> = Change & { readonly kind: Kind };

/** Where the change of a line on the chart stands. */
export type LineEdit =
  | { readonly kind: "idle" }
  | Moving<"dragging">
  | Moving<"proposed">
  | Moving<"sending">
  | { readonly kind: "refused"; readonly lineId: string; readonly reason: string };

export type LineEvent =
  /** By pointer, at the price where the line is drawn; `stands` is what the server last told. */
  | { readonly kind: "grab"; readonly lineId: string; readonly stands: string | null; readonly price: string }
  | { readonly kind: "drag"; readonly price: string }
  | { readonly kind: "release"; readonly atOnce: boolean }
  /** By key: `shown` is where it begins while nothing is proposed yet. */
  | {
      readonly kind: "step";
      readonly lineId: string;
      readonly stands: string | null;
      readonly shown: string;
      readonly to: (price: string) => string;
    }
  | { readonly kind: "confirm" | "cancel" }
  /** The server's word: null when it took the change. */
  | { readonly kind: "answered"; readonly lineId: string; readonly refusal: string | null }
  /** The server told of the line anew, by whatever event; null: it has no such line. */
  | { readonly kind: "told"; readonly lineId: string; readonly price: string | null };

export interface LineStep {
  readonly edit: LineEdit;
  /** To be sent now. */
  readonly send: { readonly lineId: string; readonly price: string } | null;
}

export const idle: LineEdit = { kind: "idle" };

/**
 * One step of changing a line by pointer or keys. What was dragged or stepped is only proposed until it is confirmed, unless
 * the release sends at once; while an answer is awaited no line moves; a refused one is back where it was, with the reason.
 * When the server tells of another price than the change began from, the server's price counts and the change is over.
 */
export function nextEdit(edit: LineEdit, event: LineEvent): LineStep {
  if (event.kind === "told") return stay(told(edit, event));
  if (event.kind === "answered") return stay(answered(edit, event));
  if (edit.kind === "sending") return stay(edit);
  switch (event.kind) {
    case "grab":
      return stay(grabbed(edit, event));
    case "drag":
      return stay(edit.kind === "dragging" ? { ...edit, price: event.price } : edit);
    case "release":
      return edit.kind === "dragging" ? released(edit, event.atOnce) : stay(edit);
    case "step":
      return stay(proposed(edit, event));
    case "confirm":
      return edit.kind === "proposed" ? sent(edit) : stay(edit);
    case "cancel":
      return stay(idle);
  }
}

const stay = (edit: LineEdit): LineStep => ({ edit, send: null });

function told(edit: LineEdit, { lineId, price }: Extract<LineEvent, { kind: "told" }>): LineEdit {
  if (edit.kind === "idle" || edit.lineId !== lineId) return edit;
  if (edit.kind === "refused") return price === null ? idle : edit;
  return edit.from === price ? edit : idle;
}

/** The server's price may come before its answer: a refusal is told all the same, unless another change has begun. */
function answered(edit: LineEdit, { lineId, refusal }: Extract<LineEvent, { kind: "answered" }>): LineEdit {
  const isMine = edit.kind === "idle" || (edit.kind === "sending" && edit.lineId === lineId);
  if (!isMine) return edit;
  return refusal === null ? idle : { kind: "refused", lineId, reason: refusal };
}

function grabbed(edit: LineEdit, { lineId, stands, price }: Extract<LineEvent, { kind: "grab" }>): LineEdit {
  if (edit.kind === "proposed" && edit.lineId === lineId) return { ...edit, kind: "dragging" };
  return { kind: "dragging", lineId, from: stands, price };
}

function released(edit: Change, atOnce: boolean): LineStep {
  if (edit.price === edit.from) return stay(idle);
  return atOnce ? sent(edit) : stay({ ...edit, kind: "proposed" });
}

const sent = ({ lineId, from, price }: Change): LineStep => ({
  edit: { kind: "sending", lineId, from, price },
  send: { lineId, price },
});

/** Back at the price it came from, there is nothing to propose. */
function proposed(edit: LineEdit, { lineId, stands, shown, to }: Extract<LineEvent, { kind: "step" }>): LineEdit {
  const mine = edit.kind === "proposed" && edit.lineId === lineId ? edit : null;
  const from = mine ? mine.from : stands;
  const price = to(mine?.price ?? shown);
  return price === from ? idle : { kind: "proposed", lineId, from, price };
}
