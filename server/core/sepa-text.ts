/**
 * A text as every bank takes it in a payment: letters, digits, spaces and / - ? : ( ) . , ' +, at most `charsMax` long. Accents are dropped and
 * letters that have a Latin spelling are spelled; null when anything else is left, or nothing: a name is never guessed. Source: European
 * Payments Council, EPC217-08, "SEPA requirements for an extended character set".
 */
export function sepaText(text: string, charsMax: number): string | null {
  const spelled = [...text.normalize("NFKD")]
    .filter((char) => !/\p{Mn}/u.test(char))
    .map((char) => spellings[char] ?? char)
    .join("")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, charsMax)
    .trim();
  return /^[A-Za-z0-9/?:().,'+ -]+$/.test(spelled) && /[A-Za-z0-9]/.test(spelled) ? spelled : null;
}

/** Letters that no accent was put on, as their languages write them without; and signs with a sign that is allowed. */
const spellings: Readonly<Record<string, string>> = {
  ...{ ß: "ss", ẞ: "SS", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O" },
  ...{ ł: "l", Ł: "L", đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "TH", ı: "i", ħ: "h", Ħ: "H", ŧ: "t", Ŧ: "T" },
  ...{ "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "‐": "-", "&": "+", _: "-", ";": ",", "·": "." },
};
