import { linkPopulation } from "../support/link-population.ts";
import { qualityOf } from "../support/link-quality.ts";
import { seeded } from "./row.ts";

/** `npm run links:score [-- ACCOUNTS [SEED]]`: how well links are found in a population whose truth is known. */
const [accounts = "10000", seed = "20261123"] = process.argv.slice(2);
const population = linkPopulation(Number(accounts), seeded(Number(seed)));
const quality = qualityOf(population);
const share = (value: number): string => `${(100 * value).toFixed(1)} %`;
process.stdout.write(
  `${population.accounts} accounts of ${new Set(population.personOf).size} persons, ${population.seen.length} sightings, seed ${seed}\n`,
);
for (const [name, of] of [
  ["strong (joined to a group)", quality.strong],
  ["for review (strong too)", quality.review],
] as const)
  process.stdout.write(
    `${name.padEnd(28)} ${of.found} pairs, precision ${share(of.precision)}, recall ${share(of.recall)} of ${of.real} real pairs\n`,
  );
