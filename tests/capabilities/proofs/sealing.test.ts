import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fromHex, toHex } from "#core/bytes.ts";
import { merkleRoot } from "#core/merkle.ts";
import { noBlock, quoteLeafInput, type SignedBlock } from "#core/quote-block.ts";
import { ticks } from "#core/units.ts";
import { isSealed } from "#core/verify-receipt.ts";
import { insertQuotes } from "../../../server/capabilities/market-data/quotes.store.ts";
import { newestBlock, readBlocks, readLeaves } from "../../../server/capabilities/proofs/blocks.store.ts";
import { publishedChain, type Signer, sealQuotes, verifySeals } from "../../../server/capabilities/proofs/index.ts";
import { sha256 } from "../../../server/capabilities/proofs/ports.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { anInstrument, aQuote } from "../../support/market.ts";
import { aSigner, nodeCrypto } from "../../support/proofs.ts";

let database: TestDatabase;
let signer: Signer;
beforeAll(async () => {
  database = await testDatabase();
  signer = await aSigner(database.app);
});
afterAll(() => database.drop());

const anHourMs = 3_600_000;
const store = (instrumentId: string, from: number, to: number, receivedAt = new Date()) =>
  insertQuotes(
    database.app,
    Array.from({ length: to - from + 1 }, (_, at) =>
      aQuote({ instrumentId, seq: BigInt(from + at), bid: ticks(BigInt(13_000 + (at % 7))), receivedAt }),
    ),
  );
const blocksOf = (instrumentId: string): Promise<SignedBlock[]> => readBlocks(database.app, instrumentId, 1n, 1000);
const seal = (closeAfterMs = 0) => sealQuotes({ db: database.app, signer }, closeAfterMs)();
const rangesOf = async (id: string) =>
  (await blocksOf(id)).map((block) => [block.firstSeq, block.lastSeq, block.count]);

test("quotes are sealed in order, in chained and signed blocks of at most 1024, each with the root of its quotes", async () => {
  await anInstrument(database.app, { id: "CHAINED" });
  await store("CHAINED", 1, 2_500);
  await seal();
  expect(await rangesOf("CHAINED")).toEqual([
    ["1", "1024", 1024],
    ["1025", "2048", 1024],
    ["2049", "2500", 452],
  ]);
  const blocks = await blocksOf("CHAINED");
  expect(blocks.map(({ prevHash }) => prevHash)).toEqual([noBlock, blocks[0]?.hash, blocks[1]?.hash]);
  for (const block of blocks) {
    expect(await isSealed(block, toHex(signer.publicKey), nodeCrypto)).toBe(true);
    const range = { after: BigInt(block.firstSeq) - 1n, last: BigInt(block.lastSeq), limit: 2_000 };
    const leaves = (await readLeaves(database.app, "CHAINED", range)).map((leaf) => sha256(quoteLeafInput(leaf)));
    expect(toHex(merkleRoot(leaves, sha256))).toBe(block.merkleRoot);
  }
});

test("a block that is not full waits for its oldest quote's minute, and says how long", async () => {
  await anInstrument(database.app, { id: "WAITS" });
  await store("WAITS", 1, 3);
  const { lagSeconds } = await seal(anHourMs);
  expect(await blocksOf("WAITS")).toEqual([]);
  expect(lagSeconds.get("WAITS")).toBeGreaterThanOrEqual(0);
  expect(lagSeconds.get("WAITS")).toBeLessThan(60);
  await store("WAITS", 4, 1_030);
  await seal(anHourMs);
  expect(await rangesOf("WAITS")).toEqual([["1", "1024", 1024]]);
  await seal(0);
  expect(await rangesOf("WAITS")).toEqual([
    ["1", "1024", 1024],
    ["1025", "1030", 6],
  ]);
  expect((await seal(0)).lagSeconds.get("WAITS")).toBe(0);
  expect(await rangesOf("WAITS")).toHaveLength(2);
});

test("sealing goes on where another process stopped; of two at once, one seals each block", async () => {
  await anInstrument(database.app, { id: "TWICE" });
  await store("TWICE", 1, 3_000);
  const outcomes = await Promise.allSettled([seal(), seal(), seal()]);
  expect(outcomes.some(({ status }) => status === "fulfilled")).toBe(true);
  await seal();
  expect(await rangesOf("TWICE")).toEqual([
    ["1", "1024", 1024],
    ["1025", "2048", 1024],
    ["2049", "3000", 952],
  ]);
});

test("numbers that were missing before the first seal show in its header", async () => {
  await anInstrument(database.app, { id: "GAPS" });
  await store("GAPS", 5, 9);
  await database.owner("quotes").where("instrument_id", "GAPS").whereBetween("seq", ["7", "8"]).delete();
  await seal();
  expect(await rangesOf("GAPS")).toEqual([["5", "9", 3]]);
});

test("a new key seals what follows; the old one stays published, and the chain goes on", async () => {
  await anInstrument(database.app, { id: "ROTATED" });
  await store("ROTATED", 1, 2);
  await seal();
  const next = await aSigner(database.app);
  await store("ROTATED", 3, 4);
  await sealQuotes({ db: database.app, signer: next }, 0)();
  const [old, fresh] = await blocksOf("ROTATED");
  expect([old?.keyId, fresh?.keyId]).toEqual([signer.keyId, next.keyId]);
  expect(fresh?.prevHash).toBe(old?.hash);
  const { keys } = await publishedChain({ db: database.app, signer: next }).heads(null);
  expect(keys.map(({ keyId }) => keyId)).toEqual(expect.arrayContaining([signer.keyId, next.keyId]));
});

test("blocks and keys are never changed or removed, not even by the owner, nor is a block put beside the chain", async () => {
  await anInstrument(database.app, { id: "FIXED" });
  await store("FIXED", 1, 2);
  await seal();
  const head = await newestBlock(database.app, "FIXED");
  for (const table of ["quote_blocks", "proof_keys", "quote_proofs", "swept_blocks"])
    await expect(database.owner.raw("TRUNCATE ?? CASCADE", [table])).rejects.toThrow();
  const ofFixed = () => database.owner("quote_blocks").where({ instrument_id: "FIXED" });
  await expect(ofFixed().update({ quotes: 1 })).rejects.toThrow();
  await expect(ofFixed().delete()).rejects.toThrow();
  const [row] = await ofFixed();
  const beside = { ...row, hash: Buffer.alloc(32, 7) };
  for (const wrong of [
    { ...beside, block_no: 3, first_seq: 3, last_seq: 4, prev_hash: Buffer.from(fromHex(head?.hash ?? "") ?? []) },
    { ...beside, block_no: 2, first_seq: 2, last_seq: 4, prev_hash: Buffer.from(fromHex(head?.hash ?? "") ?? []) },
    { ...beside, block_no: 2, first_seq: 3, last_seq: 4, prev_hash: Buffer.alloc(32) },
  ])
    await expect(database.app("quote_blocks").insert(wrong)).rejects.toThrow("does not follow");
});

test("a changed, a deleted or an added quote is named by the check of the seals", async () => {
  await anInstrument(database.app, { id: "CHECKED" });
  await store("CHECKED", 1, 1_100);
  await seal();
  const faults = async () => (await verifySeals(database.app, nodeCrypto)).faults;
  const quote = (seq: number) => database.owner("quotes").where({ instrument_id: "CHECKED", seq });
  expect(await faults()).toEqual([]);
  const [row] = await quote(1_050);
  await quote(1_050).update({ flag: "crossed" });
  expect(await faults()).toEqual(["block 2 of CHECKED: its quotes are not those that were sealed"]);
  await quote(1_050).delete();
  expect(await faults()).toEqual(["block 2 of CHECKED: 75 of its 76 quotes are stored"]);
  await database.owner("quotes").insert(row);
  expect(await faults()).toEqual([]);
  const first = () => database.owner("quote_blocks").where({ instrument_id: "CHECKED", block_no: 1 });
  const { sealed_at } = await first().first("sealed_at");
  const setSealed = (at: Date) =>
    database.owner.transaction(async (trx) => {
      await trx.raw("ALTER TABLE quote_blocks DISABLE TRIGGER USER");
      await trx("quote_blocks").where({ instrument_id: "CHECKED", block_no: 1 }).update({ sealed_at: at });
      for (const name of ["quote_blocks_append_only", "quote_blocks_no_truncate", "quote_blocks_chain"])
        await trx.raw("ALTER TABLE quote_blocks ENABLE ALWAYS TRIGGER ??", [name]);
    });
  await setSealed(new Date(sealed_at.getTime() - 1));
  expect(await faults()).toEqual([`block 1 of CHECKED is not what key ${signer.keyId} signed`]);
});

test("the heads are the newest block of each instrument; those of a moment are the newest by then", async () => {
  await anInstrument(database.app, { id: "HEADED" });
  const chain = publishedChain({ db: database.app, signer });
  await store("HEADED", 1, 1);
  await seal();
  const [first] = await blocksOf("HEADED");
  await store("HEADED", 2, 2);
  await seal();
  const headOf = async (at: Date | null) =>
    (await chain.heads(at)).heads.find(({ instrument }) => instrument === "HEADED")?.blockNo;
  expect(await headOf(null)).toBe("2");
  expect(await headOf(new Date(Date.parse(first?.sealedAt ?? "") + 1))).toBe("1");
  expect(await headOf(new Date(0))).toBeUndefined();
  expect(await chain.blocks("HEADED", 2n, 10)).toHaveLength(1);
  expect(await chain.blocks("NOTHING", 1n, 10)).toBeNull();
});
