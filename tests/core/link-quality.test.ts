import { expect, test } from "@jest/globals";
import { seeded } from "../bench/row.ts";
import { linkPopulation } from "../support/link-population.ts";
import { qualityOf } from "../support/link-quality.ts";

test("of 10,000 accounts whose persons are known, most links are found and most that are found are right", () => {
  const { review, strong } = qualityOf(linkPopulation(10_000, seeded(20_261_123)));
  expect(review.real).toBeGreaterThan(800);
  expect(review.precision).toBeGreaterThanOrEqual(0.78);
  expect(review.recall).toBeGreaterThanOrEqual(0.68);
  expect(strong.precision).toBeGreaterThanOrEqual(0.78);
  expect(strong.recall).toBeGreaterThanOrEqual(0.27);
});
