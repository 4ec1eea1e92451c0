/** Longest IBAN there is, and the shortest that has an account number. */
const ibanChars = { min: 15, max: 34 };
const modulus = 97n;

/**
 * An IBAN without spaces in capitals, or null when its check digits are wrong or it is none. Source: ISO 13616, ISO 7064 MOD 97-10:
 * the first four characters moved behind, letters as two digits from A = 10, leave the remainder 1.
 */
export function readIban(text: string): string | null {
  const iban = text.replace(/ /g, "").toUpperCase();
  if (iban.length < ibanChars.min || iban.length > ibanChars.max) return null;
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return null;
  const digits = [...iban.slice(4), ...iban.slice(0, 4)].map(digitsOf).join("");
  return BigInt(digits) % modulus === 1n ? iban : null;
}

/** A = 10 to Z = 35; a digit is itself. */
const digitsOf = (char: string): string => (/\d/.test(char) ? char : `${char.charCodeAt(0) - "A".charCodeAt(0) + 10}`);
