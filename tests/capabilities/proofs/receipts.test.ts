import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { toHex, utf8 } from "#core/bytes.ts";
import { canonicalJson, documentText, type Json } from "#core/canonical-json.ts";
import { readPublished, standingOf } from "#core/published-blocks.ts";
import { type Receipt, signedReceiptText } from "#core/receipt.ts";
import { verifyReceipt } from "#core/verify-receipt.ts";
import {
  publishedChain,
  type Receipts,
  receipts,
  type Signer,
  sealQuotes,
  sweepSealedQuotes,
} from "../../../server/capabilities/proofs/index.ts";
import { aSigner, nodeCrypto, quoteStored } from "../../support/proofs.ts";
import { acceptedId, anOrderRequest, type TestAccount, type TestDesk, testDesk } from "../../support/trading.ts";

let house: TestDesk;
let signer: Signer;
let giver: Receipts;
let account: TestAccount;
beforeAll(async () => {
  house = await testDesk();
  signer = await aSigner(house.db.app);
  giver = receipts({ db: house.db.app, signer });
  account = await house.openAccount(10_000_000n);
});
afterAll(() => house.close());

const seal = () => sealQuotes({ db: house.db.app, signer }, 0)();

async function filled(side: "buy" | "sell", of = account): Promise<bigint> {
  const id = acceptedId(await house.desk.place(of.trader, anOrderRequest(of, { side, lots: "2" })));
  await house.settler()([id]);
  const fill = await house.db.owner("fills").where({ order_id: id }).first("id");
  return fill.id;
}

async function receiptOf(fill: bigint): Promise<string> {
  const answer = await giver.ofTrader(account.trader.traderId, fill);
  if (answer.kind !== "receipt") throw new Error(`the receipt is ${answer.kind}`);
  return answer.text;
}

/** A sealed fill among other quotes, and its receipt. */
async function aReceipt(side: "buy" | "sell" = "buy"): Promise<{ fill: bigint; text: string }> {
  await quoteStored(house, "MES", "5000.00", "5000.25");
  await quoteStored(house, "MES", "5001.00", "5001.25");
  const fill = await filled(side);
  await quoteStored(house, "MES", "5002.00", "5002.25");
  await seal();
  return { fill, text: await receiptOf(fill) };
}

const failing = async (text: string): Promise<string[]> =>
  (await verifyReceipt(text, nodeCrypto)).findings.filter(({ holds }) => !holds).map(({ check }) => check);

test.each(["buy", "sell"] as const)(
  "the receipt of a %s is proved by itself: price, terms, block and signatures",
  async (side) => {
    const { text } = await aReceipt(side);
    const verified = await verifyReceipt(text, nodeCrypto);
    expect(verified.findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(verified.holds).toBe(true);
    expect(verified.receipt?.fill.price).toBe(side === "buy" ? "5001.25" : "5001.00");
    expect(verified.receipt?.rule.name).toBe("acceptance-quote");
  },
);

test("it says nothing of whose fill it is", async () => {
  const { text } = await aReceipt();
  const { order_id } = await house.db.owner("fills").orderBy("id", "desc").first("order_id");
  const order = await house.db.owner("orders").where({ id: order_id }).first();
  for (const personal of [order.trader_id, order.account_id, order.client_order_id, "Some One"])
    expect(text).not.toContain(personal);
});

test("only its trader gets it; before its quotes are sealed nobody does", async () => {
  await quoteStored(house, "MES", "5000.00", "5000.25");
  const fill = await filled("buy");
  const stranger = await house.openAccount(0n);
  expect(await giver.ofTrader(account.trader.traderId, fill)).toEqual({ kind: "unsealed" });
  expect(await giver.ofFill(fill)).toEqual({ kind: "unsealed" });
  expect(await giver.ofTrader(stranger.trader.traderId, fill)).toEqual({ kind: "unknown" });
  expect(await giver.ofFill(10n ** 15n)).toEqual({ kind: "unknown" });
  await seal();
  expect((await giver.ofTrader(account.trader.traderId, fill)).kind).toBe("receipt");
  expect(await giver.ofTrader(stranger.trader.traderId, fill)).toEqual({ kind: "unknown" });
});

test("any changed, missing or added byte fails", async () => {
  const { text } = await aReceipt();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (bytes[at] ?? 0) ^ 1;
    expect([at, (await verifyReceipt(changed.toString("latin1"), nodeCrypto)).holds]).toEqual([at, false]);
  }
  for (let at = 0; at < bytes.length; at += 7) {
    const cut = text.slice(0, at) + text.slice(at + 1);
    expect([at, (await verifyReceipt(cut, nodeCrypto)).holds]).toEqual([at, false]);
    const grown = `${text.slice(0, at)} ${text.slice(at)}`;
    expect([at, (await verifyReceipt(grown, nodeCrypto)).holds]).toEqual([at, false]);
  }
});

test("any changed field fails, also when the text is written anew in the right form", async () => {
  const { text } = await aReceipt();
  for (const path of leavesOf(JSON.parse(text) as Json)) {
    const document = JSON.parse(text) as Json;
    change(document, path);
    expect([path.join("."), (await verifyReceipt(documentText(document), nodeCrypto)).holds]).toEqual([
      path.join("."),
      false,
    ]);
  }
});

test("an operator who signs a false fill anew is caught by the rule: the price is not that of the quote, the fee not that of the terms", async () => {
  const { text } = await aReceipt();
  const forge = async (change: (receipt: Receipt) => Receipt): Promise<string[]> => {
    const { issued, ...rest } = change(JSON.parse(text) as Receipt);
    const { signature: _old, ...by } = issued;
    const hash = toHex(await nodeCrypto.sha256(utf8(canonicalJson({ ...rest, issued: by } as unknown as Json))));
    const signature = toHex(signer.sign(signedReceiptText(hash)));
    return failing(documentText({ ...rest, issued: { ...by, signature } } as unknown as Json));
  };
  expect(await forge((receipt) => receipt)).toEqual([]);
  expect(await forge((receipt) => ({ ...receipt, fill: { ...receipt.fill, price: "5001.50" } }))).toEqual([
    "price-rule",
  ]);
  expect(await forge((receipt) => ({ ...receipt, fill: { ...receipt.fill, fee: "1.25" } }))).toEqual(["fee"]);
  expect(await forge((receipt) => ({ ...receipt, fill: { ...receipt.fill, lots: "3", fee: "1.86" } }))).toEqual([
    "price-rule",
  ]);
  expect(await forge((receipt) => ({ ...receipt, quote: { ...receipt.quote, askTicks: "20010" } }))).toEqual([
    "price-rule",
    "quote-in-block",
  ]);
  expect(await forge((receipt) => ({ ...receipt, quote: { ...receipt.quote, flag: "crossed" } }))).toEqual([
    "price-rule",
    "order-met",
    "quote-in-block",
  ]);
  expect(await forge((receipt) => ({ ...receipt, order: { ...receipt.order, limitPrice: "5001.00" } }))).toEqual([
    "order-met",
  ]);
  expect(await forge((receipt) => ({ ...receipt, terms: { ...receipt.terms, feePerSide: "0.31" } }))).toEqual([
    "document",
    "fee",
  ]);
});

test("the receipt of a fill older than the quotes that are kept still proves it, and the other quotes are gone", async () => {
  const { fill, text } = await aReceipt();
  const inThreeDays = { now: () => new Date(Date.now() + 3 * 86_400_000), elapsedMs: () => 0 };
  const before = await house.db.owner("quotes").count<{ count: bigint }[]>("seq");
  const gone = await sweepSealedQuotes({ db: house.db.app, clock: inThreeDays });
  const after = await house.db.owner("quotes").count<{ count: bigint }[]>("seq");
  expect(gone).toBeGreaterThan(0);
  expect(Number(before[0]?.count) - Number(after[0]?.count)).toBe(gone);
  const again = JSON.parse(await receiptOf(fill)) as Receipt;
  const first = JSON.parse(text) as Receipt;
  expect([again.quote, again.inclusion, again.block]).toEqual([first.quote, first.inclusion, first.block]);
  expect(await failing(await receiptOf(fill))).toEqual([]);
  expect(await sweepSealedQuotes({ db: house.db.app, clock: inThreeDays })).toBe(0);
});

test("unsealed quotes are never swept", async () => {
  const { seq } = await quoteStored(house, "MNQ", "20000.00", "20000.25");
  await quoteStored(house, "MNQ", "20000.00", "20000.50");
  const inThreeDays = { now: () => new Date(Date.now() + 3 * 86_400_000), elapsedMs: () => 0 };
  await sweepSealedQuotes({ db: house.db.app, clock: inThreeDays });
  expect(await house.db.owner("quotes").where({ instrument_id: "MNQ", seq: seq.toString() })).toHaveLength(1);
});

test("a quote changed by a superuser after its block was sealed shows in every receipt that names it", async () => {
  const { fill } = await aReceipt();
  const { quote_seq } = await house.db.owner("fills").where({ id: fill.toString() }).first("quote_seq");
  const stored = () => house.db.owner("quotes").where({ instrument_id: "MES", seq: quote_seq.toString() });
  await stored().update({ ask_ticks: "20000" });
  expect(await failing(await receiptOf(fill))).toEqual(["price-rule", "quote-in-block"]);
  await stored().update({ ask_ticks: "20005" });
  expect(await failing(await receiptOf(fill))).toEqual([]);
});

test("published heads say whether a receipt's block is in the chain that everybody sees", async () => {
  const { text } = await aReceipt();
  const { block } = JSON.parse(text) as Receipt;
  const chain = publishedChain({ db: house.db.app, signer });
  const heads = await readPublished(JSON.stringify(await chain.heads(null)), nodeCrypto);
  if (heads === null) throw new Error("heads are not readable");
  expect(await standingOf(block, heads, nodeCrypto)).toBe("same");
  expect(heads.keys.get(block.keyId)).toBe(block.publicKey);
  await quoteStored(house, "MES", "5003.00", "5003.25");
  await seal();
  const later = await readPublished(JSON.stringify(await chain.heads(null)), nodeCrypto);
  expect(later && (await standingOf(block, later, nodeCrypto))).toBe("linked");
  const other = { ...block, hash: block.prevHash };
  expect(later && (await standingOf(other, later, nodeCrypto))).toBe("contradicted");
  expect(await standingOf({ ...block, instrument: "MNQ" }, heads, nodeCrypto)).toBe("elsewhere");
  const lines = `${JSON.stringify(await chain.heads(null))}\n${JSON.stringify({ blocks: await chain.blocks("MES", 1n, 100) })}\n`;
  const collected = await readPublished(lines, nodeCrypto);
  expect(collected && (await standingOf(block, collected, nodeCrypto))).toBe("same");
  const forged = JSON.stringify({ ...(await chain.heads(null)), at: "2020-01-01T00:00:00.000000Z" });
  expect(await readPublished(forged, nodeCrypto)).toBeNull();
});

/** The way to every value of a document that is not a list or an object. */
function leavesOf(value: Json, path: readonly (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== "object") return [[...path]];
  return Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member as Json, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function change(document: Json, path: readonly (string | number)[]): void {
  let at = document as Record<string | number, Json>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, Json>;
  const key = path.at(-1) ?? "";
  const value = at[key];
  if (typeof value === "string") at[key] = value.endsWith("1") ? `${value.slice(0, -1)}2` : `${value.slice(0, -1)}1`;
  else if (typeof value === "number") at[key] = value + 1;
  else if (typeof value === "boolean") at[key] = !value;
  else at[key] = "1";
}
