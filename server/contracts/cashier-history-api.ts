import { z } from "zod";

/** Most rows of one page of past deposits or withdrawals. */
const rowsMax = 200;
const limitText = `must be a whole number from 1 to ${rowsMax}`;

/** Asks for a page of them, newest first: those in any of `state` ("approved,sent"; absent: in all), before the one that `after` names. */
export const historyQuery = <State extends string>(states: readonly State[]) =>
  z
    .strictObject({
      accountId: z.uuid(),
      limit: z
        .string()
        .regex(/^[1-9]\d{0,2}$/, limitText)
        .transform(Number)
        .refine((limit) => limit <= rowsMax, limitText)
        .default(rowsMax),
      after: z.uuid().optional(),
      state: z
        .string()
        .max(200)
        .transform((text) => text.split(","))
        .pipe(z.array(z.enum(states)).max(states.length))
        .optional(),
    })
    .transform(({ accountId, limit, after, state }) => ({
      ...{ accountId: accountId.toLowerCase(), limit, after: after?.toLowerCase() ?? null, states: state ?? null },
    }));

/** A page that was asked for; null: all states, and from the newest on. */
export interface HistoryPage<State extends string> {
  readonly accountId: string;
  readonly limit: number;
  readonly after: string | null;
  readonly states: readonly State[] | null;
}

/** What names the next page; null: there are no older ones. */
export const nextAfter = (rows: readonly { readonly id: string }[], limit: number): string | null =>
  rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
