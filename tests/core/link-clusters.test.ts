import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { contradiction, groupLinks, type Link } from "#core/link-clusters.ts";

const link = (a: string, b: string, score: number, state: Link["state"] = "open"): Link => ({ a, b, score, state });
const namesOf = (links: readonly Link[]): Record<string, string> => Object.fromEntries(groupLinks(links));

test("strong open links join, weaker ones do not; a group is named after its least account", () => {
  expect(namesOf([link("a", "b", 0.8), link("b", "c", 0.95), link("c", "d", 0.79)])).toEqual({
    a: "a",
    b: "a",
    c: "a",
  });
});

test("a confirmed link joins whatever its score; dismissed and household ones do not", () => {
  expect(
    namesOf([link("a", "b", 0.1, "confirmed"), link("c", "d", 1, "dismissed"), link("e", "f", 1, "household")]),
  ).toEqual({ a: "a", b: "a" });
});

test("two who were kept apart stay apart also where a third is linked with both: the stronger link counts", () => {
  const links = [link("a", "b", 0.9), link("b", "c", 0.95), link("a", "c", 0.99, "dismissed")];
  expect(namesOf(links)).toEqual({ b: "b", c: "b" });
});

test("links that say both that a pair is one person and that it is not are found", () => {
  const said = [link("a", "b", 0.9, "confirmed"), link("b", "c", 0.9, "confirmed")];
  expect(contradiction(said)).toBeNull();
  expect(contradiction([...said, link("a", "c", 0.2, "household")])).toMatchObject({ a: "a", b: "c" });
});

const anyLinks = fc.uniqueArray(
  fc.record({
    ...{ a: fc.integer({ min: 0, max: 11 }), b: fc.integer({ min: 0, max: 11 }) },
    score: fc.constantFrom(0.5, 0.79, 0.8, 0.9, 1),
    state: fc.constantFrom("open" as const, "open" as const, "dismissed" as const, "household" as const),
  }),
  { maxLength: 40, selector: ({ a, b }) => `${Math.min(a, b)} ${Math.max(a, b)}` },
);
const asLinks = (found: readonly { a: number; b: number; score: number; state: Link["state"] }[]): Link[] =>
  found
    .filter(({ a, b }) => a !== b)
    .map(({ a, b, ...rest }) => ({
      ...rest,
      a: String(Math.min(a, b)).padStart(2, "0"),
      b: String(Math.max(a, b)).padStart(2, "0"),
    }));

test("no group holds a pair that people kept apart, and the order of the links does not matter", () => {
  fc.assert(
    fc.property(anyLinks, (found) => {
      const links = asLinks(found);
      const groups = groupLinks(links);
      for (const { a, b, state } of links)
        if (state !== "open") expect(groups.get(a) !== undefined && groups.get(a) === groups.get(b)).toBe(false);
      expect(groupLinks([...links].reverse())).toEqual(groups);
    }),
  );
});

test("without decisions the groups are the parts that strong links connect (naive walk)", () => {
  fc.assert(
    fc.property(anyLinks, (found) => {
      const links = asLinks(found).map((one) => ({ ...one, state: "open" as const }));
      const strong = links.filter(({ score }) => score >= 0.8);
      const walk = (from: string): string[] => {
        const seen = new Set([from]);
        for (const one of seen)
          for (const { a, b } of strong) {
            if (a === one) seen.add(b);
            if (b === one) seen.add(a);
          }
        return [...seen].sort();
      };
      const named = groupLinks(links);
      for (const one of new Set(strong.flatMap(({ a, b }) => [a, b]))) expect(named.get(one)).toBe(walk(one)[0]);
      expect(named.size).toBe(new Set(strong.flatMap(({ a, b }) => [a, b])).size);
    }),
  );
});
