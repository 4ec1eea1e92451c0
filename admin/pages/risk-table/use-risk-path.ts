import { useEffect, useState } from "react";
import { HttpError } from "react-admin";
import { type PathLevel, type PathReply, pathReply } from "#contracts/risk-api.ts";
import type { RiskSetting } from "#contracts/risk-names.ts";
import { get, request } from "../../providers/http.ts";

export interface PathState {
  readonly reply: PathReply | null;
  readonly error: unknown;
  readonly again: () => void;
}

/** Reads the way of inheritance that `search` asks for. Empty: nothing is asked. */
export function useRiskPath(search: string): PathState {
  const [reply, setReply] = useState<PathReply | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further turn reads the same again.
  useEffect(() => {
    let isWanted = true;
    setError(null);
    if (search === "") {
      setReply(null);
      return;
    }
    get(`risk-limits/path?${search}`)
      .then((answer) => isWanted && setReply(pathReply.parse(answer)))
      .catch((failure: unknown) => isWanted && setError(failure));
    return () => {
      isWanted = false;
    };
  }, [search, turn]);
  return { reply, error, again: () => setTurn((before) => before + 1) };
}

/** Changes of one line: setting -> value, null where it is taken away. */
export type LineChanges = Readonly<Partial<Record<RiskSetting, unknown>>>;

export interface ChangeNote {
  readonly reason: string;
  /** ISO 8601; empty: from now on. */
  readonly effectiveAt: string;
}

/** Writes the next version of a level's line, or makes the line. Throws what the server says. */
export async function saveLevel(level: PathLevel, changes: LineChanges, note: ChangeNote): Promise<void> {
  const told = {
    ...(note.reason === "" ? {} : { reason: note.reason }),
    ...(note.effectiveAt === "" ? {} : { effectiveAt: note.effectiveAt }),
  };
  const isNew = level.limitId === null;
  const body = isNew ? { ...level.target, ...changes, ...told } : { ...changes, ...told, version: level.version };
  await request(`/api/admin/risk-limits${isNew ? "" : `/${level.limitId}`}`, {
    method: isNew ? "POST" : "PUT",
    headers: new Headers({ "Content-Type": "application/json" }),
    body: JSON.stringify(body),
  });
}

/** Which setting a refusal names, if it is one of these. */
export function settingAtFault(error: unknown, changes: LineChanges): RiskSetting | null {
  const fields = Object.keys(fieldErrors(error));
  return (
    (Object.keys(changes) as RiskSetting[]).find((name) => fields.some((field) => field.split(".")[0] === name)) ?? null
  );
}

/** What the server says of each field that is wrong. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  const errors: unknown = error instanceof HttpError ? error.body?.errors : undefined;
  const named = typeof errors === "object" && errors !== null ? Object.entries(errors) : [];
  return Object.fromEntries(named.map(([field, says]) => [field, String(says)]));
}
