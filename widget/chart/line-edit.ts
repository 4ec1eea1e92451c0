/** Which line is being changed, and from which price to which. Prices are decimals of the wire. */
interface Change {
  readonly lineId: string;
  readonly from: string;
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
  | { readonly kind: "grab"; readonly lineId: string; readonly price: string }
  | { readonly kind: "drag"; readonly price: string }
  | { readonly kind: "release"; readonly atOnce: boolean }
  /** By key: `shown` is the line's price where nothing is proposed yet. */
  | { readonly kind: "step"; readonly lineId: string; readonly shown: string; readonly to: (price: string) => string }
  | { readonly kind: "confirm" | "cancel" }
  /** The server's word: null when it took the change. */
  | { readonly kind: "answered"; readonly refusal: string | null }
  /** The line is no longer there. */
  | { readonly kind: "gone"; readonly lineId: string };

export interface LineStep {
  readonly edit: LineEdit;
  /** To be sent now. */
  readonly send: { readonly lineId: string; readonly price: string } | null;
}

export const idle: LineEdit = { kind: "idle" };

/**
 * One step of changing a line by pointer or keys. What was dragged or stepped is only proposed until it is confirmed, unless
 * the release sends at once; while an answer is awaited no line moves; a refused one is back where it was, with the reason.
 */
export function nextEdit(edit: LineEdit, event: LineEvent): LineStep {
  if (edit.kind === "sending") return whileSending(edit, event);
  switch (event.kind) {
    case "grab":
      return stay(
        edit.kind === "proposed" && edit.lineId === event.lineId
          ? { ...edit, kind: "dragging" }
          : { kind: "dragging", lineId: event.lineId, from: event.price, price: event.price },
      );
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
    case "gone":
      return stay("lineId" in edit && edit.lineId === event.lineId ? idle : edit);
    case "answered":
      return stay(edit);
  }
}

const stay = (edit: LineEdit): LineStep => ({ edit, send: null });

function whileSending(edit: Moving<"sending">, event: LineEvent): LineStep {
  if (event.kind !== "answered") return stay(edit);
  return stay(event.refusal === null ? idle : { kind: "refused", lineId: edit.lineId, reason: event.refusal });
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
function proposed(edit: LineEdit, { lineId, shown, to }: Extract<LineEvent, { kind: "step" }>): LineEdit {
  const mine = edit.kind === "proposed" && edit.lineId === lineId ? edit : null;
  const from = mine?.from ?? shown;
  const price = to(mine?.price ?? shown);
  return price === from ? idle : { kind: "proposed", lineId, from, price };
}
