import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { findPayoutReferences, findReferences, paymentReference, payoutReference } from "#core/payment-reference.ts";

const anyReference = fc.uint8Array({ minLength: 7, maxLength: 7 }).map(paymentReference);
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a reference is eight digits of Crockford's base 32 behind DEP-", () => {
  expect(paymentReference(new Uint8Array(7))).toBe("DEP-00000000");
  fc.assert(fc.property(anyReference, (reference) => /^DEP-[0-9A-HJKMNP-TV-Z]{8}$/.test(reference)));
});

test("is found in what a payer makes of it", () => {
  fc.assert(
    fc.property(anyReference, (reference) => {
      const spaced = `${reference.slice(0, 6)} ${reference.slice(6)}`.toLowerCase();
      const misread = reference.replace(/0/g, "O").replace(/1/g, "l");
      expect(findReferences(`ref: ${spaced}`)).toEqual([reference]);
      expect(findReferences(`invoice 12 ${misread} / thanks`)).toContain(reference);
    }),
  );
});

test("one wrong digit is always noticed", () => {
  fc.assert(
    fc.property(anyReference, fc.integer({ min: 4, max: 11 }), fc.constantFrom(...alphabet), (reference, at, digit) => {
      fc.pre(reference[at] !== digit);
      expect(findReferences(reference.slice(0, at) + digit + reference.slice(at + 1))).not.toContain(reference);
      expect(findReferences(reference.slice(0, at) + digit + reference.slice(at + 1))).toEqual([]);
    }),
  );
});

test("what the house pays has references of its own, which no payer's are taken for", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 7, maxLength: 7 }), (random) => {
      const [paid, asked] = [payoutReference(random), paymentReference(random)];
      expect(paid).toMatch(/^PAY-[0-9A-HJKMNP-TV-Z]{8}$/);
      expect(findPayoutReferences(`/EREF/${paid}/REMI/x`)).toEqual([paid]);
      expect(findReferences(paid)).toEqual([]);
      expect(findPayoutReferences(asked)).toEqual([]);
    }),
  );
});
