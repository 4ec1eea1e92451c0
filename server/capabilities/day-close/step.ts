import type { Knex } from "knex";
import type { CloseStepName, CloseWait } from "#contracts/close-names.ts";
import type { SignedBookBlock } from "#core/book-block.ts";
import type { ProofCrypto } from "#core/verify-receipt.ts";
import type { Transact, Work } from "../../platform/db/unit-of-work.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import type { AskedChannels } from "../reconciliation/index.ts";

export interface ClosePorts {
  readonly db: Knex;
  readonly transact: Transact;
  readonly announce: (announcement: Announcement) => void;
  /** Seals what was written to the books since the last block; where the chains stand now. */
  readonly sealBooks: () => Promise<readonly SignedBookBlock[]>;
  readonly crypto: ProofCrypto;
  /** Through what the payment channels are asked what they have. */
  readonly asked: AskedChannels;
}

/** A partner's book date that is being closed. */
export interface ClosingDate {
  readonly id: bigint;
  readonly tenantId: number;
  /** YYYY-MM-DD. */
  readonly bookDate: string;
}

/** What a step did or would do, in numbers and names: kept with the step, shown to staff. */
export type Figures = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a step waits for; `until` at the latest, null where nobody knows. */
export interface StepWait {
  readonly for: CloseWait;
  readonly until: Date | null;
}

/** `broken`: a rule does not hold, a person must look. `waits`: not yet, the next round tries again. */
export type StepAnswer =
  | { readonly outcome: "ready"; readonly figures: Figures }
  | { readonly outcome: "broken"; readonly figures: Figures }
  | ({ readonly outcome: "waits" } & StepWait);

/**
 * One step of a close. `prepare` works outside of the transaction that stores the outcome, so it must be safe to repeat; `act`
 * works inside of it, so it happens exactly once. The figures of both are kept. `foresee` says what the step would do and writes nothing.
 */
export interface CloseStep {
  readonly name: CloseStepName;
  readonly prepare?: (ports: ClosePorts, date: ClosingDate) => Promise<StepAnswer>;
  readonly act?: (work: Work, date: ClosingDate) => Promise<Figures>;
  readonly foresee: (db: Knex, date: ClosingDate) => Promise<Figures>;
}
