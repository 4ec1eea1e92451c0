import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Receipt } from "#core/receipt.ts";
import { publishedChain, receipts, type Signer, sealQuotes } from "../../server/capabilities/proofs/index.ts";
import { projectRoot } from "../../server/config.ts";
import { aSigner, quoteStored } from "../support/proofs.ts";
import { acceptedId, anOrderRequest, type TestDesk, testDesk } from "../support/trading.ts";

let house: TestDesk;
let signer: Signer;
let folder: string;
let receipt: string;

beforeAll(async () => {
  house = await testDesk();
  signer = await aSigner(house.db.app);
  folder = mkdtempSync(path.join(os.tmpdir(), "truewick-verify-"));
  const account = await house.openAccount(1_000_000n);
  await quoteStored(house, "MES", "5000.00", "5000.25");
  const id = acceptedId(await house.desk.place(account.trader, anOrderRequest(account, { lots: "2" })));
  await house.settler()([id]);
  await quoteStored(house, "MES", "5001.00", "5001.25");
  await seal();
  const fill = await house.db.owner("fills").first("id");
  const answer = await receipts({ db: house.db.app, signer }).ofFill(fill.id);
  receipt = answer.kind === "receipt" ? answer.text : "";
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await house.close();
});

const seal = () => sealQuotes({ db: house.db.app, signer }, 0)();
const heads = async (): Promise<string> =>
  JSON.stringify(await publishedChain({ db: house.db.app, signer }).heads(null));

function file(name: string, content: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, content);
  return place;
}

/** The command as `npx truewick-verify` starts it, in a process of its own, from another folder. */
function verify(...args: readonly string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [path.join(projectRoot, "bin/truewick-verify.mjs"), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output, errors }));
  });
}

test("a genuine receipt: what is proved and what is not, in words, exit 0", async () => {
  const { code, output } = await verify(file("receipt.json", receipt));
  expect(code).toBe(0);
  expect(output).toContain("bought 2 MES at 5000.25");
  expect(output).toMatch(/^proved {6}The price is the ask of quote \d+, which the order was accepted at/m);
  expect(output).toMatch(/^proved {6}The fee 1\.24 USD is 2 × 0\.62 of the contract terms/m);
  expect(output).toMatch(/^not proved {2}That any venue had this price: its source is "simulated"/m);
  expect(output).toMatch(/^not proved {2}That key [0-9a-f]{16} is the operator's/m);
  expect(output).toMatch(/^not proved {2}That the operator shows everybody the same chain/m);
  expect(output).toContain("This receipt is genuine as far as a receipt can show.");
});

test("with the operator's key and published heads these are proved too; with another key it is refused", async () => {
  const place = file("receipt.json", receipt);
  const published = file("heads.json", await heads());
  const known = await verify(place, "--key", signer.keyId, "--heads", published);
  expect([known.code, known.output]).toEqual([0, expect.stringMatching(/^proved {6}Block 1 is the published one/m)]);
  expect(known.output).toMatch(/^proved {6}Key [0-9a-f]{16} is one that you trust/m);
  const foreign = await verify(place, "--key", "0123456789abcdef");
  expect([foreign.code, foreign.output]).toEqual([1, expect.stringContaining("somebody else made this receipt")]);
});

test("an operator who shows another chain is contradicted by heads that others saved", async () => {
  const other = await testDesk();
  try {
    await quoteStored(other, "MES", "4000.00", "4000.25");
    const theirs = await aSigner(other.db.app);
    await sealQuotes({ db: other.db.app, signer: theirs }, 0)();
    const document = JSON.stringify(await publishedChain({ db: other.db.app, signer: theirs }).heads(null));
    const { code, output } = await verify(file("receipt.json", receipt), "--heads", file("other.json", document));
    expect([code, output]).toEqual([1, expect.stringContaining("contradicts what was published")]);
    expect(output).toContain("somebody else made this receipt");
  } finally {
    await other.close();
  }
});

test("a changed byte, a byte order mark, no UTF-8, no file, no arguments: exit 1, and why", async () => {
  const changed = await verify(file("changed.json", receipt.replace("5000.25", "5000.00")));
  expect([changed.code, changed.output]).toEqual([1, expect.stringMatching(/^WRONG {7}This file is not what key/m)]);
  const marked = await verify(file("marked.json", `\ufeff${receipt}`));
  expect([marked.code, marked.output]).toEqual([1, expect.stringContaining("a byte of it was changed")]);
  const broken = await verify(file("broken.json", Uint8Array.of(0x7b, 0xff, 0x7d)));
  expect([broken.code, broken.errors]).toEqual([1, expect.stringContaining("is not text in UTF-8")]);
  expect((await verify(path.join(folder, "absent.json"))).code).toBe(1);
  const none = await verify();
  expect([none.code, none.errors]).toEqual([1, expect.stringContaining("usage: truewick-verify")]);
});

test("--json tells programs the same", async () => {
  const { code, output } = await verify(file("receipt.json", receipt), "--json");
  const { holds, said } = JSON.parse(output) as { holds: boolean; said: { about: string; is: string }[] };
  expect([code, holds]).toEqual([0, true]);
  expect(said.filter(({ is }) => is === "proved").map(({ about }) => about)).toEqual([
    "document",
    "receipt-signature",
    "price-rule",
    "order-met",
    "fee",
    "quote-in-block",
    "block-signature",
  ]);
  expect((JSON.parse(receipt) as Receipt).order.type).toBe("market");
});
