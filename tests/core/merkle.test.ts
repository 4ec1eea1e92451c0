import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fromHex, type Sha256, toHex, utf8 } from "#core/bytes.ts";
import { inclusionPath, leafInput, merkleRoot, rootFromPath } from "#core/merkle.ts";

const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const hashes = (leaves: readonly Uint8Array[]): Uint8Array[] => leaves.map((leaf) => sha256(leafInput(leaf)));
const anyLeaves = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 70 });
const anyTree = anyLeaves.chain((leaves) => fc.tuple(fc.constant(leaves), fc.nat({ max: leaves.length - 1 })));

/** Leaves and roots of Certificate Transparency's own reference tests (merkletree/merkle_tree_test.cc). */
const ctLeaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ctRoots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

test.each(ctRoots.map((root, at) => [at + 1, root] as const))(
  "the root of Certificate Transparency's first %i leaves",
  (count, root) => {
    const leaves = ctLeaves.slice(0, count).map((hex) => fromHex(hex) ?? new Uint8Array());
    expect(toHex(merkleRoot(hashes(leaves), sha256))).toBe(root);
  },
);

test("every leaf of a tree of any size leads to its root", async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, async ([leaves, index]) => {
      const tree = hashes(leaves);
      const path = inclusionPath(tree, index, sha256);
      const [leaf = new Uint8Array()] = tree.slice(index);
      const root = await rootFromPath(leaf, { index, count: leaves.length }, path, sha256);
      expect(root && toHex(root)).toBe(toHex(merkleRoot(tree, sha256)));
    }),
  );
});

test("another leaf, another place that the path does not fit, or a changed path never leads to the root", async () => {
  await fc.assert(
    fc.asyncProperty(anyTree, fc.nat(), fc.nat({ max: 255 }), async ([leaves, index], at, bits) => {
      const tree = hashes(leaves);
      const root = toHex(merkleRoot(tree, sha256));
      const path = inclusionPath(tree, index, sha256);
      const [leaf = new Uint8Array()] = tree.slice(index);
      const place = { index, count: leaves.length };
      const leadsTo = async (...given: Parameters<typeof rootFromPath>): Promise<string> => {
        const found = await rootFromPath(...given);
        return found === null ? "nowhere" : toHex(found);
      };
      const changed = (bytes: Uint8Array): Uint8Array =>
        bytes.map((byte, position) => (position === at % 32 ? byte ^ (bits === 0 ? 1 : bits) : byte));
      expect(await leadsTo(changed(leaf), place, path, sha256)).not.toBe(root);
      expect(await leadsTo(leaf, place, [...path, leaf], sha256)).not.toBe(root);
      if (path.length === 0) return;
      const which = at % path.length;
      const broken = path.map((hash, position) => (position === which ? changed(hash) : hash));
      expect(await leadsTo(leaf, place, broken, sha256)).not.toBe(root);
      expect(await leadsTo(leaf, place, path.slice(1), sha256)).not.toBe(root);
    }),
  );
});

test("a last leaf that is doubled makes another root", () => {
  const three = hashes([utf8("a"), utf8("b"), utf8("c")]);
  const doubled = [...three, ...three.slice(2)];
  expect(toHex(merkleRoot(doubled, sha256))).not.toBe(toHex(merkleRoot(three, sha256)));
});

test("two nodes side by side are no leaf: a shorter list never has the root of a longer one", async () => {
  const [a, b] = hashes([utf8("a"), utf8("b")]);
  if (a === undefined || b === undefined) throw new Error("no leaves");
  const asLeaf = Uint8Array.from([...a, ...b]);
  expect(toHex(merkleRoot(hashes([asLeaf]), sha256))).not.toBe(toHex(merkleRoot([a, b], sha256)));
});

test("no leaf stands outside its tree", async () => {
  const tree = hashes([utf8("a"), utf8("b")]);
  const [leaf = new Uint8Array()] = tree;
  for (const place of [
    { index: 2, count: 2 },
    { index: -1, count: 2 },
    { index: 0.5, count: 2 },
    { index: 0, count: 0 },
  ])
    expect(await rootFromPath(leaf, place, [], sha256)).toBeNull();
});
