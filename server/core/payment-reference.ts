import { assert } from "./result.ts";

/** Crockford's base 32: no I, L, O, U, so that what is read aloud or typed from paper stays what it was. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const digitCount = 7;
/** What comes to the house, and what it pays. */
type Prefix = "DEP" | "PAY";

/**
 * A reference for a payment to the house: seven random digits in base 32 and a check digit, as `DEP-7K3Q9X4H`. `random`: seven bytes; three
 * bits of each are not used. Source: Crockford, "Base 32"; check digit by Luhn's algorithm modulo 32.
 */
export const paymentReference = (random: Uint8Array): string => reference("DEP", random);

/** The same for a payment of the house by its bank, as `PAY-7K3Q9X4H`: the end-to-end id that the bank's statement says it by. */
export const payoutReference = (random: Uint8Array): string => reference("PAY", random);

function reference(prefix: Prefix, random: Uint8Array): string {
  assert(random.length === digitCount, `a reference takes ${digitCount} bytes, got ${random.length}`);
  const digits = [...random].map((byte) => byte % alphabet.length);
  return `${prefix}-${[...digits, checkDigit(digits)].map((digit) => alphabet[digit]).join("")}`;
}

/** 0 to 31. A wrong digit and nearly all swaps of two neighbours give another one. */
function checkDigit(digits: readonly number[]): number {
  const sum = digits
    .map((digit, place) => ((digits.length - place) % 2 === 1 ? digit * 2 : digit))
    .reduce((total, part) => total + Math.floor(part / alphabet.length) + (part % alphabet.length), 0);
  return (alphabet.length - (sum % alphabet.length)) % alphabet.length;
}

/**
 * The references in what a payer wrote, as `paymentReference` writes them: case, spaces and hyphens within do not matter, O is 0 and I and
 * L are 1. Only with a right check digit, each once.
 */
export const findReferences = (text: string): readonly string[] => find("DEP", text);

/** The same for those of `payoutReference`, in what a bank made of them. */
export const findPayoutReferences = (text: string): readonly string[] => find("PAY", text);

const shapes: Readonly<Record<Prefix, RegExp>> = { DEP: /(?=DEP([0-9A-Z]{8}))/g, PAY: /(?=PAY([0-9A-Z]{8}))/g };

function find(prefix: Prefix, text: string): readonly string[] {
  const flat = text.toUpperCase().replace(/[\s/.-]/g, "");
  const found = [...flat.matchAll(shapes[prefix])].map(([, digits = ""]) =>
    digits.replace(/O/g, "0").replace(/[IL]/g, "1"),
  );
  return [...new Set(found.filter(isChecked).map((digits) => `${prefix}-${digits}`))];
}

function isChecked(text: string): boolean {
  const digits = [...text].map((char) => alphabet.indexOf(char));
  return !digits.includes(-1) && checkDigit(digits.slice(0, digitCount)) === digits[digitCount];
}
