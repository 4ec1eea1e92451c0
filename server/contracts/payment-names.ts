/** The closed lists of money that comes and goes by a channel. No imports, so that the widget may use it as values. */

/** Ways in that a trader asks for: he names an amount and is told a reference. */
export const askedChannels = ["bank", "gateway", "stripe"] as const;
export type AskedChannel = (typeof askedChannels)[number];

/** A token on a chain: each account has an address of its own, and whatever comes to it is the trader's. */
export const chainChannels = ["usdt-erc20", "usdt-bep20", "usdt-trc20"] as const;
export type ChainChannel = (typeof chainChannels)[number];

/** Ways that money takes to and from the house. */
export const paymentChannels = [...askedChannels, ...chainChannels] as const;
export type PaymentChannel = (typeof paymentChannels)[number];

/** How a trader pays by a channel: at a page, by a transfer, or to an address of his own. */
export const depositKinds = ["redirect", "transfer", "address"] as const;
export type DepositKind = (typeof depositKinds)[number];

/** Those that also pay out. */
export const payoutChannels = ["bank", ...chainChannels] as const;
export type PayoutChannel = (typeof payoutChannels)[number];

/** What happens to a withdrawal of money that came by another channel: nothing, a person looks at it, it is refused where that channel pays out. */
export const sourceRules = ["off", "review", "refuse"] as const;
export type SourceRule = (typeof sourceRules)[number];

/**
 * Where a deposit stands. `waiting` for the trader's payment; `unknown` while the channel does not say; money that came and was not
 * credited by itself is `underpaid`, `overpaid`, `in-review` (it breaks a limit) or `unmatched` (nobody's). `expired` and `failed` came to
 * nothing, but money that comes all the same is taken. The last two are ends: it was sent back, or taken back by the channel.
 */
export const depositStates = [
  "waiting",
  "unknown",
  "underpaid",
  "overpaid",
  "in-review",
  "unmatched",
  "credited",
  "expired",
  "failed",
  "rejected",
  "reversed",
] as const;
export type DepositState = (typeof depositStates)[number];

/** A trader may add a proof of his bank transfer while the deposit is waited for or looked at. */
export const proofStates = [
  "waiting",
  "unknown",
  "underpaid",
  "overpaid",
  "in-review",
  "unmatched",
] as const satisfies readonly DepositState[];

/** Why a deposit is not taken, in the order of precedence; when the money has come already, why a person looks at it. */
export const depositRefusalCodes = [
  "UNKNOWN_ACCOUNT",
  "DEMO_ACCOUNT",
  "ACCOUNT_DISABLED",
  "CHANNEL_CLOSED",
  "AMOUNT_MIN",
  "AMOUNT_MAX",
  "FEE_EXCEEDS",
  "DAY_LIMIT",
  "MONTH_LIMIT",
  "TOO_MANY_OPEN",
] as const;
export type DepositRefusalCode = (typeof depositRefusalCodes)[number];

/** What else makes a person look at money that has come. */
export const depositReviewReasons = ["AMOUNT_DIFFERS", "NOTICE_DIFFERS", "NAME_DIFFERS", "FOUR_EYES"] as const;
export type DepositReviewReason = (typeof depositReviewReasons)[number];

/** What a deposit that was taken back left owed: nothing, something still, or all of it was collected. */
export const depositDebts = ["none", "open", "collected"] as const;
export type DepositDebt = (typeof depositDebts)[number];

/** What a channel says of a payment. `disputed`: its payer questions it; `given-back`: what was taken back for that is there again. */
export const paymentStatuses = ["pending", "paid", "failed", "disputed", "reversed", "given-back"] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

/** How we learned it: told by the channel, asked by us, read in a bank's statement, found in the blocks of a chain. */
export const paymentEventSources = ["notice", "answer", "statement", "chain"] as const;
export type PaymentEventSource = (typeof paymentEventSources)[number];

/** What staff decide about a deposit. */
export const depositDecisions = ["match", "reject", "reverse"] as const;
export type DepositDecision = (typeof depositDecisions)[number];

/**
 * Where a payout on a chain stands. `queued` for the signer, `signed` and stored, `unknown` when it was handed over and nobody answered, `sent`
 * when a node has it. The last three are ends; `void`: it was never signed here.
 */
export const chainPayoutStates = ["queued", "signed", "unknown", "sent", "confirmed", "failed", "void"] as const;
export type ChainPayoutState = (typeof chainPayoutStates)[number];
