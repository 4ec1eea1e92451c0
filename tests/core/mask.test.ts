import { expect, test } from "@jest/globals";
import { masked } from "#core/mask.ts";

test.each([
  ["Lena Wolf", "L•••"],
  ["王小明", "王•••"],
  ["王", "•••"],
  ["X", "•••"],
  ["𠮷野家", "𠮷•••"],
  ["𠮷", "•••"],
  ["", ""],
  ["e\u0301va", "\u00e9•••"],
  ["e\u0301", "•••"],
  ["bob@alpha.example", "b•••@alpha.example"],
  ["b@alpha.example", "•••@alpha.example"],
  ["bob@home@alpha.example", "b•••@alpha.example"],
  ["@alpha.example", "•••@alpha.example"],
])("of %j nobody else reads more than %j", (text, shown) => {
  expect(masked(text)).toBe(shown);
});
