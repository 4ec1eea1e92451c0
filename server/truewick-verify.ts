import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Published, readPublished, type Standing, standingOf } from "#core/published-blocks.ts";
import type { Receipt } from "#core/receipt.ts";
import { type VerifiedReceipt, verifyReceipt } from "#core/verify-receipt.ts";
import { nodeProofCrypto } from "./node-proof-crypto.ts";
import { type Conclusion, conclusionOf, wordsOf } from "./truewick-verify-words.ts";

/**
 * `npx truewick-verify receipt.json`: checks a receipt with nothing but the file itself, offline, and says in words what is
 * proved and what is not. Exit 0: all that a receipt can prove holds; 1: it does not, or there is nothing to check.
 */
const usage = `usage: truewick-verify RECEIPT.json [--key KEY] [--heads FILE] [--json]
  --key KEY     the operator's key id (16 digits) or public key (64 digits), from where you trust it
  --heads FILE  heads or blocks that you or others saved from /api/proofs/heads and /api/proofs/blocks
  --json        the findings for programs`;

interface Asked {
  readonly file: string;
  readonly key: string | null;
  readonly heads: string | null;
  readonly json: boolean;
}

export async function main(args: readonly string[]): Promise<number> {
  const asked = parse(args);
  if (asked === null) {
    process.stderr.write(`${usage}\n`);
    return 1;
  }
  try {
    const conclusion = await check(asked);
    const told = asked.json ? JSON.stringify(conclusion, null, 2) : wordsOf(conclusion).join("\n");
    process.stdout.write(`${told}\n`);
    return conclusion.holds ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

function parse(args: readonly string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: "string" }, heads: { type: "string" }, json: { type: "boolean", default: false } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return null;
    return { file, key: values.key ?? null, heads: values.heads ?? null, json: values.json };
  } catch {
    return null;
  }
}

async function check({ file, key, heads }: Asked): Promise<Conclusion> {
  const verified = await verifyReceipt(textOf(file), nodeProofCrypto);
  const published = heads === null ? null : await readPublished(textOf(heads), nodeProofCrypto);
  if (heads !== null && published === null)
    throw new Error(`${heads} holds no heads or blocks, or they are not signed by a key they name`);
  return conclusionOf({
    verified,
    keyKnown: keyKnown(verified, key, published),
    standing: await standing(verified, published),
  });
}

/** Only valid UTF-8, and a byte order mark counts as what it is: a change. */
function textOf(file: string): string {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${file} is not text in UTF-8`);
  }
}

/** Whether both keys of the receipt are the given one, or among the published ones; null: none was given. */
function keyKnown({ receipt }: VerifiedReceipt, key: string | null, published: Published | null): boolean | null {
  if (receipt === null || (key === null && (published === null || published.keys.size === 0))) return null;
  const isKnown = ({ keyId, publicKey }: Receipt["issued"] | Receipt["block"]): boolean =>
    key === null ? published?.keys.get(keyId) === publicKey : [keyId, publicKey].includes(key.toLowerCase());
  return isKnown(receipt.issued) && isKnown(receipt.block);
}

const standing = async ({ receipt }: VerifiedReceipt, published: Published | null): Promise<Standing | null> =>
  receipt === null || published === null ? null : standingOf(receipt.block, published, nodeProofCrypto);
