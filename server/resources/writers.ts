import type { Label } from "#contracts/field.ts";
import type { Result } from "#core/result.ts";
import type { Actor, Work } from "../platform/db/unit-of-work.ts";
import type { Input } from "./input.ts";
import type { WireRecord } from "./wire.ts";

/** An expected no of a capability: where the form should show it, in words for the person. */
export interface WriteRefusal {
  readonly code: string;
  readonly says: Label;
  readonly status?: 404 | 409 | 422;
  readonly errors?: Readonly<Record<string, Label>>;
}

export interface Created {
  readonly id: string | number;
  /** Told once in the answer and stored nowhere, such as a private key. */
  readonly shownOnce?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a resource where plain SQL must not. Runs inside the engine's transaction, writes its own audit entries through
 * `work.audit`, and bumps the record's version. An operation it leaves out is done by plain SQL.
 */
export interface Writer {
  readonly create?: (work: Work, actor: Actor, input: Input) => Promise<Result<Created, WriteRefusal>>;
  readonly update?: (
    work: Work,
    actor: Actor,
    update: { readonly id: string; readonly changes: Input; readonly current: WireRecord },
  ) => Promise<Result<null, WriteRefusal>>;
  readonly delete?: (
    work: Work,
    actor: Actor,
    record: { readonly id: string; readonly current: WireRecord },
  ) => Promise<Result<null, WriteRefusal>>;
}

/** Done; with what the command declares to be told once. */
export type Done = Pick<Created, "shownOnce"> | null;

/** Does a declared command on one record, inside the engine's transaction; writes its own audit entry. */
export type Command = (
  work: Work,
  actor: Actor,
  command: { readonly id: string; readonly input: Input; readonly current: WireRecord },
) => Promise<Result<Done, WriteRefusal>>;

/** By the name a declaration gives as `writer`. */
export type Writers = Readonly<Record<string, Writer>>;

/** By resource, then by command. */
export type Commands = Readonly<Record<string, Readonly<Record<string, Command>>>>;
