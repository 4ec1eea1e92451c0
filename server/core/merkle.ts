import { joinBytes, type LaterSha256, type Sha256 } from "./bytes.ts";
import { assert } from "./result.ts";

/**
 * The Merkle tree of Certificate Transparency: leaves and nodes are hashed under different prefixes, so that no node can be
 * passed off as a leaf, and an odd one out is carried up as it is, never doubled, so that two lists never share a root.
 * Source: RFC 9162 2.1 (RFC 6962 2.1).
 */
const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafInput = (leaf: Uint8Array): Uint8Array => joinBytes(leafPrefix, leaf);
const nodeInput = (left: Uint8Array, right: Uint8Array): Uint8Array => joinBytes(nodePrefix, left, right);

/** Root of one or more leaf hashes. */
export function merkleRoot(leafHashes: readonly Uint8Array[], sha256: Sha256): Uint8Array {
  const [first] = leafHashes;
  assert(first !== undefined, "a Merkle tree of no leaves");
  if (leafHashes.length === 1) return first;
  const split = largestPowerOfTwoBelow(leafHashes.length);
  return sha256(nodeInput(merkleRoot(leafHashes.slice(0, split), sha256), merkleRoot(leafHashes.slice(split), sha256)));
}

/** The hashes that lead from the leaf at `index` to the root, the lowest first. */
export function inclusionPath(leafHashes: readonly Uint8Array[], index: number, sha256: Sha256): Uint8Array[] {
  assert(index >= 0 && index < leafHashes.length, `leaf ${index} of ${leafHashes.length}`);
  if (leafHashes.length === 1) return [];
  const split = largestPowerOfTwoBelow(leafHashes.length);
  const [left, right] = [leafHashes.slice(0, split), leafHashes.slice(split)];
  return index < split
    ? [...inclusionPath(left, index, sha256), merkleRoot(right, sha256)]
    : [...inclusionPath(right, index - split, sha256), merkleRoot(left, sha256)];
}

/** Where a leaf stands: the `index`-th of `count`. */
export interface LeafPlace {
  readonly index: number;
  readonly count: number;
}

/** The root that a leaf hash at this place leads to by `path`; null when a tree of that size has no such path. */
export async function rootFromPath(
  leafHash: Uint8Array,
  place: LeafPlace,
  path: readonly Uint8Array[],
  sha256: LaterSha256,
): Promise<Uint8Array | null> {
  if (!Number.isSafeInteger(place.index) || place.index < 0 || place.index >= place.count) return null;
  let [at, last, hash] = [BigInt(place.index), BigInt(place.count) - 1n, leafHash];
  for (const sibling of path) {
    if (last === 0n) return null;
    if ((at & 1n) === 1n || at === last) {
      hash = await sha256(nodeInput(sibling, hash));
      // The last one without a neighbour is carried up as it is.
      while ((at & 1n) === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else hash = await sha256(nodeInput(hash, sibling));
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n ? hash : null;
}

function largestPowerOfTwoBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}
