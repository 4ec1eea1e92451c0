import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { sepaText } from "#core/sepa-text.ts";

test.each([
  ["Zoë Müßig-O’Brien", "Zoe Mussig-O'Brien"],
  ["Łukasz Żółć", "Lukasz Zolc"],
  ["Søren Ægir & Þór", "Soren AEgir + THor"],
  ["  A\t b\n c ", "A b c"],
  ["Nguyễn Văn Đức", "Nguyen Van Duc"],
])("%s is written as %s", (name, written) => {
  expect(sepaText(name, 70)).toBe(written);
});

test.each([["张伟"], ["Иван"], ["Ann 张"], [""], ["   "], ["a<b"], ["a\u0000b"], ["--"]])(
  "%j is not guessed",
  (name) => {
    expect(sepaText(name, 70)).toBeNull();
  },
);

test("is never longer than it may be, and written again is the same", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 90 }), fc.integer({ min: 1, max: 70 }), (text, most) => {
      const written = sepaText(text, most);
      if (written === null) return;
      expect(written.length).toBeLessThanOrEqual(most);
      expect(sepaText(written, most)).toBe(written);
    }),
  );
});
