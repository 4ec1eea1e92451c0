export { type AppendLine, exportHeads } from "./export-heads.job.ts";
export { type PublishedChain, publishedChain } from "./heads.ts";
export type { ProofPorts, Signer } from "./ports.ts";
export { publishKey } from "./proof-keys.ts";
export { type RebuiltBooks, rebuildBooks } from "./rebuild-books.ts";
export { type ReceiptAnswer, type Receipts, receipts } from "./receipts.ts";
export { type SealedRound, sealQuotes } from "./seal-quotes.job.ts";
export { sweepSealedQuotes } from "./sweep-blocks.job.ts";
export { type VerifiedSeals, verifySeals } from "./verify-seals.ts";
