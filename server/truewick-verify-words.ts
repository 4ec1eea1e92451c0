import type { Standing } from "#core/published-blocks.ts";
import type { Receipt } from "#core/receipt.ts";
import type { ReceiptCheck, VerifiedReceipt } from "#core/verify-receipt.ts";

/** One thing that a receipt proves, should prove and does not (`broken`), or cannot prove by itself (`open`). */
export interface Said {
  readonly about: ReceiptCheck | "key" | "chain" | "venue" | "first" | "moment" | "result";
  readonly is: "proved" | "broken" | "open";
  readonly says: string;
}

export interface Conclusion {
  readonly holds: boolean;
  readonly fill: string | null;
  readonly said: readonly Said[];
}

interface Found {
  readonly verified: VerifiedReceipt;
  /** Whether both keys are the ones the reader trusts; null: he gave none. */
  readonly keyKnown: boolean | null;
  readonly standing: Standing | null;
}

export function conclusionOf({ verified, keyKnown, standing }: Found): Conclusion {
  const { receipt } = verified;
  if (receipt === null) {
    const says = "This is not a receipt of Truewick, or a byte of it was changed since it was written.";
    return { holds: false, fill: null, said: [{ about: "document", is: "broken", says }] };
  }
  const checked = verified.findings.map(({ check, holds }): Said => {
    const [proved, broken] = checkWords[check](receipt);
    return { about: check, is: holds ? "proved" : "broken", says: holds ? proved : broken };
  });
  const said = [...checked, keySaid(receipt, keyKnown), chainSaid(receipt, standing), ...neverProved(receipt)];
  return { holds: said.every(({ is }) => is !== "broken"), fill: fillWords(receipt), said };
}

/** The conclusion for a person to read. */
export function wordsOf({ fill, said, holds }: Conclusion): string[] {
  const marks = { proved: "proved      ", broken: "WRONG       ", open: "not proved  " } as const;
  return [
    ...(fill === null ? [] : [fill, ""]),
    ...said.map(({ is, says }) => `${marks[is]}${says}`),
    "",
    holds ? "This receipt is genuine as far as a receipt can show." : "DO NOT RELY ON THIS RECEIPT.",
  ];
}

const fillWords = ({ fill, order }: Receipt): string =>
  `Fill ${fill.id}: ${fill.side === "buy" ? "bought" : "sold"} ${fill.lots} ${order.instrument} at ${fill.price}, ${fill.filledAt} (order ${order.id})`;

type Words = (receipt: Receipt) => readonly [proved: string, broken: string];

const checkWords: Readonly<Record<ReceiptCheck, Words>> = {
  document: ({ terms }) => [
    `The contract terms are version ${terms.version} of ${terms.instrument}, as their hash says.`,
    "The contract terms are not those of their hash.",
  ],
  "receipt-signature": ({ issued }) => [
    `Nothing in this file was changed since key ${issued.keyId} signed it at ${issued.at}.`,
    `This file is not what key ${issued.keyId} signed: something in it was changed.`,
  ],
  "price-rule": ({ fill, quote, order }) => [
    `The price is the ${fill.side === "buy" ? "ask" : "bid"} of quote ${quote.seq}, ${
      order.trigger === null ? "which the order was accepted at" : "which triggered the order"
    } (${fill.side} at ${fill.side === "buy" ? "ask" : "bid"}).`,
    `The price ${fill.price} is not what quote ${quote.seq} gives for this order.`,
  ],
  "order-met": ({ order }) => [
    order.trigger === null
      ? "The quote lies within the limit and the slippage that the order allowed."
      : "The quote meets the order's price, came after the order began to wait and before it expired.",
    "The quote does not meet what the order says.",
  ],
  fee: ({ fill, terms }) => [
    `The fee ${fill.fee} ${fill.currency} is ${fill.lots} × ${terms.feePerSide} of the contract terms.`,
    `The fee ${fill.fee} is not ${fill.lots} × ${terms.feePerSide} of the contract terms.`,
  ],
  "quote-in-block": ({ quote, block }) => [
    `Quote ${quote.seq} (venue ${quote.venueAt}, received ${quote.receivedAt}) is one of the ${block.count} quotes of block ${block.blockNo} of ${block.instrument}.`,
    `Quote ${quote.seq} is not in block ${block.blockNo} as it was sealed: it was changed, or never there.`,
  ],
  "block-signature": ({ block }) => [
    `Key ${block.keyId} sealed that block at ${block.sealedAt}, on top of the one with hash ${block.prevHash.slice(0, 16)}….`,
    `Block ${block.blockNo} is not what key ${block.keyId} signed.`,
  ],
};

function keySaid({ issued, block }: Receipt, known: boolean | null): Said {
  const ids = [...new Set([issued.keyId, block.keyId])].join(" and ");
  if (known === true) return { about: "key", is: "proved", says: `Key ${ids} is one that you trust.` };
  if (known === false)
    return { about: "key", is: "broken", says: `Key ${ids} is not the one you gave: somebody else made this receipt.` };
  const says = `That key ${ids} is the operator's: compare it with the one he publishes at /api/proofs/heads, and give it with --key.`;
  return { about: "key", is: "open", says };
}

const chainWords: Readonly<Record<Standing, (block: Receipt["block"]) => Omit<Said, "about">>> = {
  same: ({ blockNo }) => ({
    is: "proved",
    says: `Block ${blockNo} is the published one: it is in the heads you gave.`,
  }),
  linked: ({ blockNo }) => ({
    is: "proved",
    says: `Block ${blockNo} is in the published chain: the block after it names its hash.`,
  }),
  elsewhere: ({ blockNo, instrument }) => ({
    is: "open",
    says: `That block ${blockNo} of ${instrument} is in the published chain: what you gave does not reach it. Save /api/proofs/blocks?instrument=${instrument}&fromBlock=${blockNo} and give that.`,
  }),
  contradicted: ({ blockNo }) => ({
    is: "broken",
    says: `Block ${blockNo} contradicts what was published: the operator has shown another chain, or the file was forged.`,
  }),
};

function chainSaid({ block }: Receipt, standing: Standing | null): Said {
  if (standing !== null) return { about: "chain", ...chainWords[standing](block) };
  const says =
    "That the operator shows everybody the same chain: compare with heads that others saved, and give them with --heads.";
  return { about: "chain", is: "open", says };
}

/** What no receipt can prove, whatever holds. */
function neverProved({ quote, order, fill }: Receipt): Said[] {
  const isInvented = quote.source === "simulated" || quote.source === "replay";
  const venue = isInvented
    ? `That any venue had this price: its source is "${quote.source}", not a market.`
    : `That ${quote.source} really had this price at ${quote.venueAt}: compare with the venue's own record.`;
  return [
    { about: "venue", is: "open", says: venue },
    ...(order.trigger === null
      ? ([
          {
            about: "moment",
            is: "open",
            says: `That the order came in at ${order.acceptedAt} and no newer quote was there: the operator signs for it.`,
          },
        ] as const)
      : ([
          {
            about: "first",
            is: "open",
            says: `That no quote between ${order.activeFromSeq ?? "?"} and ${quote.seq} met the order earlier: the operator signs for it, and his auditor checks it with "npm run verify -- --rebuild".`,
          },
        ] as const)),
    {
      about: "result",
      is: "open",
      says: `The realised result ${fill.realizedPnl} ${fill.currency}: it follows from the fills before this one.`,
    },
  ];
}
