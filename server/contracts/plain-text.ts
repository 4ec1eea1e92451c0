/**
 * Whether a text can be stored and read again as it is: no control characters (NUL above all, which PostgreSQL cannot
 * store) and no half of a surrogate pair, which would come back as another character. A multiline text may break its lines.
 */
export function isPlainText(text: string, multiline = false): boolean {
  // \p{Cs} matches lone surrogates only: a pair is one code point under the flag u.
  return !/[\p{Cc}\p{Cs}]/u.test(multiline ? text.replace(/[\t\n\r]/g, "") : text);
}
