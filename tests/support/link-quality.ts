import { reviewFrom, strongFrom } from "#core/link-weights.ts";
import type { Population } from "./link-population.ts";
import { scoresOf } from "./link-scene.ts";

/** How many pairs were found from a score on, and how many of them, and of all there are, are right. */
export interface Quality {
  readonly found: number;
  readonly right: number;
  readonly real: number;
  readonly precision: number;
  readonly recall: number;
}

/** By pairs of accounts: those for a person to look at (strong ones among them), and the strong ones alone. */
export function qualityOf(population: Population): { readonly review: Quality; readonly strong: Quality } {
  const { personOf } = population;
  const accountsOf = new Map<number, number>();
  for (const person of personOf) accountsOf.set(person, (accountsOf.get(person) ?? 0) + 1);
  const real = [...accountsOf.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const pairs = [...scoresOf(population)].map(([pair, { score }]) => {
    const [a = -1, b = -1] = pair.split("-").map(Number);
    return { score, isRight: personOf[a] === personOf[b] };
  });
  const from = (least: number): Quality => {
    const found = pairs.filter(({ score }) => score >= least);
    const right = found.filter(({ isRight }) => isRight).length;
    return { found: found.length, right, real, precision: right / found.length, recall: right / real };
  };
  return { review: from(reviewFrom), strong: from(strongFrom) };
}
