import type { LinkState } from "#contracts/link-names.ts";
import { strongFrom } from "./link-weights.ts";

export interface Link {
  readonly a: string;
  readonly b: string;
  readonly score: number;
  readonly state: LinkState;
}

/**
 * Account -> the group it is in, named after the least of its accounts; who is alone is in none. Confirmed links join whatever the
 * score; open ones join from `strongFrom` on, the strongest first; dismissed and household links cut: no open link joins two groups that
 * hold such a pair.
 */
export function groupLinks(links: readonly Link[]): Map<string, string> {
  const groups = disjointSets(links.filter(({ state }) => state === "dismissed" || state === "household"));
  for (const { a, b } of links.filter(({ state }) => state === "confirmed")) groups.join(a, b, true);
  const open = links.filter(({ state, score }) => state === "open" && score >= strongFrom);
  for (const { a, b } of open.sort((x, y) => y.score - x.score || (pairOf(x) < pairOf(y) ? -1 : 1)))
    groups.join(a, b, false);
  return groups.named();
}

/** A pair of a cluster that is confirmed through others though people said that it is not one person; null: there is none. */
export function contradiction(links: readonly Link[]): Link | null {
  const sets = disjointSets([]);
  for (const { a, b } of links.filter(({ state }) => state === "confirmed")) sets.join(a, b, true);
  return links.find(({ a, b, state }) => (state === "dismissed" || state === "household") && sets.areOne(a, b)) ?? null;
}

const pairOf = ({ a, b }: Pick<Link, "a" | "b">): string => `${a} ${b}`;

interface Sets {
  readonly join: (a: string, b: string, isForced: boolean) => void;
  readonly areOne: (a: string, b: string) => boolean;
  readonly named: () => Map<string, string>;
}

/** Union-find; each set knows whom it may not meet. */
function disjointSets(cuts: readonly Pick<Link, "a" | "b">[]): Sets {
  const parents = new Map<string, string>();
  const members = new Map<string, string[]>();
  const foes = new Map<string, Set<string>>();
  const rootOf = (one: string): string => {
    let root = one;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    for (let at = one; at !== root; ) {
      const up = parents.get(at) ?? root;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  const foesOf = (one: string): Set<string> => {
    const known = foes.get(one) ?? new Set();
    foes.set(one, known);
    return known;
  };
  for (const { a, b } of cuts) {
    foesOf(a).add(b);
    foesOf(b).add(a);
  }
  const areFoes = (x: string, y: string): boolean => {
    const [few, other] = (foes.get(x)?.size ?? 0) <= (foes.get(y)?.size ?? 0) ? [x, y] : [y, x];
    return [...(foes.get(few) ?? [])].some((foe) => rootOf(foe) === other);
  };
  return {
    join: (a, b, isForced) => {
      const [x, y] = [rootOf(a), rootOf(b)];
      if (x === y || (!isForced && areFoes(x, y))) return;
      const [ofX, ofY] = [members.get(x) ?? [x], members.get(y) ?? [y]];
      const [root, under] = ofX.length >= ofY.length ? [x, y] : [y, x];
      parents.set(under, root);
      members.set(root, [...ofX, ...ofY]);
      members.delete(under);
      for (const foe of foes.get(under) ?? []) foesOf(root).add(foe);
    },
    areOne: (a, b) => rootOf(a) === rootOf(b),
    named: () => {
      const names = new Map<string, string>();
      for (const group of members.values()) {
        const least = group.reduce((one, other) => (other < one ? other : one));
        for (const member of group) names.set(member, least);
      }
      return names;
    },
  };
}
