export { type Balance, lockBalances, readBalances } from "./balances.ts";
export { type NewHold, openHolds, resolveHolds } from "./holds.ts";
export { type Invariant, invariants } from "./invariants.ts";
export {
  clearingKind,
  type HouseAccounts,
  type HouseKey,
  houseAccount,
  houseAccounts,
  inFlightKind,
  openPersonalAccount,
  type PersonalAccountKey,
  receivableKind,
  suspenseKind,
} from "./ledger-accounts.ts";
export { ensureTransferPartitions, type NewTransfer, postTransfers } from "./transfers.ts";
export { type BrokenInvariant, verifyBooks } from "./verify-books.ts";
export { type ClosedDate, verifyClosedDate } from "./verify-closed-date.ts";
