/** Counted in code points, so that an emoji is one character. */
export const passwordChars = { min: 8, max: 128 } as const;

/** Of the most used passwords those long enough to pass the length rule; compared without case. */
const wellKnown = new Set(
  (
    "password password1 password12 password123 passw0rd p@ssw0rd 12345678 123456789 1234567890 11111111 00000000 " +
    "87654321 88888888 123123123 qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx iloveyou sunshine princess football baseball " +
    "superman trustno1 letmein1 welcome1 abc12345 abcd1234 asdfghjkl zxcvbnm1 starwars computer whatever michelle " +
    "jennifer changeme changeme1 admin123 administrator asd123456 a1234567 aa123456 woaini1314 woaini520 5201314520 q1w2e3r4"
  ).split(" "),
);
const product = "truewick";

/**
 * Length 8 to 128, no composition rules (OWASP ASVS 6.2). Refused: the well-known, one character repeated, and what is
 * little more than the product's name or the person's own e-mail or name (`context`).
 */
export function isAcceptablePassword(password: string, context: readonly string[] = []): boolean {
  const length = [...password].length;
  if (length < passwordChars.min || length > passwordChars.max) return false;
  const lower = password.toLowerCase();
  if (wellKnown.has(lower) || new Set(lower).size === 1) return false;
  const words = [product, ...context.flatMap((text) => [text, text.split("@")[0] ?? ""])];
  return !words.some((word) => isLittleMoreThan(lower, word.toLowerCase()));
}

/** The word itself, or with up to three characters more ("truewick123"). */
const isLittleMoreThan = (password: string, word: string): boolean =>
  word.length >= 4 && password.includes(word) && password.length <= word.length + 3;
