/** An expected outcome: a value, or a refusal with a code. Bugs are thrown, never returned. */
export type Result<Value, Refusal> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refusal };

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value });

export const refuse = <Refusal>(refusal: Refusal): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal,
});

/** Throws when the program contradicts itself. The message says what was found. */
export function assert(condition: boolean, found: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${found}`);
}
