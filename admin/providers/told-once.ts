import type { Identifier, RaRecord } from "react-admin";
import type { ShownOnce } from "#contracts/resource.ts";

/** What an answer told once, by name. It is never kept: whoever takes it shows it and forgets it. */
export type Told = Readonly<Record<string, string>>;

type Declared = Readonly<Record<string, ShownOnce>> | undefined;

/** An answer without what it tells once, and that apart; null where it told nothing. */
export function partOf<Answer extends RaRecord>(
  declared: Declared,
  answer: Answer,
): { readonly record: Answer; readonly told: Told | null } {
  const names = Object.keys(declared ?? {});
  const told = Object.entries(answer).filter(
    (entry): entry is [string, string] => names.includes(entry[0]) && typeof entry[1] === "string",
  );
  const rest = Object.entries(answer).filter(([name]) => !names.includes(name));
  return {
    record: Object.fromEntries(rest) as Answer,
    told: told.length === 0 ? null : Object.fromEntries(told),
  };
}

const handed = new Map<string, Told>();
const keyOf = (resource: string, id: Identifier): string => `${resource}/${id}`;

/** Leaves for the page what the cache of records must not hold. */
export const handOver = (resource: string, id: Identifier, told: Told): void =>
  void handed.set(keyOf(resource, id), told);

/** Takes it away: a second call finds nothing. */
export function takeTold(resource: string, id: Identifier): Told | null {
  const told = handed.get(keyOf(resource, id)) ?? null;
  handed.delete(keyOf(resource, id));
  return told;
}
