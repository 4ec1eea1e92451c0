import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { fromHex, type Sha256, toHex, utf8 } from "#core/bytes.ts";
import { canonicalJson, documentText } from "#core/canonical-json.ts";
import {
  blockHeaderText,
  nextBlock,
  noBlock,
  type QuoteLeaf,
  quoteLeafInput,
  quoteLeafText,
} from "#core/quote-block.ts";

const sha256: Sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const aLeaf = (more: Partial<QuoteLeaf> = {}): QuoteLeaf => ({
  instrument: "MES",
  seq: "1",
  bidTicks: "21001",
  askTicks: "21002",
  lastTicks: null,
  lastSize: null,
  tickSize: "0.25",
  venueAt: "2026-01-02T03:04:05.678901Z",
  receivedAt: "2026-01-02T03:04:05.690000Z",
  source: "simulated",
  flag: null,
  ...more,
});
const seal = { sealedAt: "2026-01-02T03:05:05.000000Z", keyId: "0123456789abcdef" };

test("golden vector: the text and hash of a quote, version 1", () => {
  expect(quoteLeafText(aLeaf())).toBe(
    '["truewick/quote/1","MES","1","21001","21002",null,null,"0.25","2026-01-02T03:04:05.678901Z","2026-01-02T03:04:05.690000Z","simulated",null]',
  );
  expect(toHex(sha256(quoteLeafInput(aLeaf())))).toBe(
    "330718480fcd8cb049ad04a3e7a6f8538efebee433e35a67c1fb9fd666b4e06d",
  );
});

test("golden vector: the text and hash of two chained blocks, version 1", () => {
  const quotes = [
    aLeaf(),
    aLeaf({ seq: "2", lastTicks: "21001", lastSize: "0.5" }),
    aLeaf({ seq: "3", flag: "crossed" }),
  ];
  const first = nextBlock(null, quotes, seal, sha256);
  expect(blockHeaderText(first.header)).toBe(
    `["truewick/block/1","MES","1","1","3","3","${first.header.merkleRoot}","${noBlock}","2026-01-02T03:05:05.000000Z","0123456789abcdef"]`,
  );
  expect(first.header.merkleRoot).toBe("932417fa12d4d9ff2231ce2c06f5e6c8f44f6f06e4adfb14452064d979e5e979");
  expect(first.hash).toBe("5266fecab358019866353e9cdb0dec0232df38e64abf507bbcd9a6375e3722f0");
  const second = nextBlock({ ...first.header, hash: first.hash }, [aLeaf({ seq: "4" })], seal, sha256);
  expect(second.header).toMatchObject({ blockNo: "2", firstSeq: "4", lastSeq: "4", count: 1, prevHash: first.hash });
  expect(second.hash).toBe("a23744b714df7431a3f75d2d6c72a406e470724be3d5f37906af6d6a02caa342");
});

test("a quote that differs in any one member has another hash", () => {
  const members = Object.keys(aLeaf()) as (keyof QuoteLeaf)[];
  const hashOf = (leaf: QuoteLeaf): string => toHex(sha256(quoteLeafInput(leaf)));
  for (const member of members) {
    expect(hashOf(aLeaf({ [member]: `${aLeaf()[member] ?? ""}1` }))).not.toBe(hashOf(aLeaf()));
    if (aLeaf()[member] === null) expect(hashOf(aLeaf({ [member]: "" }))).not.toBe(hashOf(aLeaf()));
  }
});

test("members cannot be shifted into one another", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      expect(quoteLeafText(aLeaf({ source: a, flag: b }))).not.toBe(quoteLeafText(aLeaf({ source: c, flag: d })));
    }),
  );
});

test("a block of another instrument's quote, of a quote out of order or of one that was sealed is a bug, and thrown", () => {
  expect(() => nextBlock(null, [aLeaf(), aLeaf({ instrument: "MNQ", seq: "2" })], seal, sha256)).toThrow("MNQ");
  expect(() => nextBlock(null, [aLeaf({ seq: "2" }), aLeaf({ seq: "2" })], seal, sha256)).toThrow("does not follow 2");
  const head = { blockNo: "1", lastSeq: "7", hash: noBlock };
  expect(() => nextBlock(head, [aLeaf({ seq: "7" })], seal, sha256)).toThrow("does not follow 7");
  expect(() => nextBlock(null, [], seal, sha256)).toThrow("no quotes");
});

test("canonical JSON: the same members give the same text, in whatever order they came", () => {
  expect(canonicalJson({ b: [1, "é\n", null], a: { d: true, c: "" } })).toBe(
    '{"a":{"c":"","d":true},"b":[1,"é\\n",null]}',
  );
  expect(() => canonicalJson({ a: 0.5 })).toThrow("0.5");
});

test("a document's text is its only spelling", () => {
  const text = documentText({ a: [1, "x"] });
  expect(text).toBe('{\n  "a": [\n    1,\n    "x"\n  ]\n}\n');
});

test("hexadecimal has one spelling for each byte", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromHex(toHex(bytes))).toEqual(bytes)));
  for (const wrong of ["A0", "a", "0g", " 0", "0x"]) expect(fromHex(wrong)).toBeNull();
  expect(toHex(utf8("\u00ff"))).toBe("c3bf");
});
