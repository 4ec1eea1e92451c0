import { z } from "zod";
import { books, type StaffRole } from "./names.ts";
import transfers from "./resources/transfers.ts";

const officers: readonly StaffRole[] = ["admin", "risk", "finance"];
const officersAndAgents: readonly StaffRole[] = [...officers, "agent"];

/**
 * Whose money is followed: the resource of its record, who may ask, and how its id looks. `agent`: the agent's and that of all
 * below him, their traders' included. `partner`: what his traders and agents have. `house`: what the partner's house has.
 */
export const fundFlowSubjects = {
  trader: { resource: "traders", roles: officersAndAgents, id: z.uuid() },
  account: { resource: "accounts", roles: officersAndAgents, id: z.uuid() },
  agent: { resource: "agents", roles: officersAndAgents, id: z.uuid() },
  partner: { resource: "partners", roles: officers, id: z.string().regex(/^\d{1,9}$/) },
  house: { resource: "partners", roles: officers, id: z.string().regex(/^\d{1,9}$/) },
  "ledger-account": { resource: "ledger-accounts", roles: officers, id: z.string().regex(/^\d{1,18}$/) },
} as const satisfies Record<string, { resource: string; roles: readonly StaffRole[]; id: z.ZodType<string> }>;
export type FundFlowSubject = keyof typeof fundFlowSubjects;
export const fundFlowSubjectNames = Object.keys(fundFlowSubjects) as [FundFlowSubject, ...FundFlowSubject[]];

const code = z.enum(transfers.fields.code.options);

const rowsMax = 200;
const rowsDefault = "50";

/** First and last book date, both included. `after`: the `next` of the page before, sent with the same filters. */
export const fundFlowRequest = z
  .strictObject({
    of: z.enum(fundFlowSubjectNames),
    id: z.string().max(40),
    book: z.enum(books).optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3,8}$/, "must be a currency's code")
      .optional(),
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    code: code.optional(),
    limit: z
      .string()
      .regex(/^[1-9]\d{0,3}$/, `must be a whole number from 1 to ${rowsMax}`)
      .default(rowsDefault)
      .transform(Number)
      .refine((limit) => limit <= rowsMax, `must be a whole number from 1 to ${rowsMax}`),
    after: z.string().max(4_000).optional(),
  })
  .refine(({ of, id }) => fundFlowSubjects[of].id.safeParse(id).success, {
    path: ["id"],
    message: "is no id of such a record",
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["to"],
    message: "must not lie before from",
  });
export type FundFlowRequest = z.infer<typeof fundFlowRequest>;

const money = z.string();
const book = z.enum(books);

/**
 * GET /api/admin/fund-flow. Newest first; all pages of one reading show the books as they were at its first page. `balance` is what
 * was there after the row, whatever is filtered out. Money in major units; a balance is credits less debits.
 */
export const fundFlowReply = z.object({
  /** Where the subject has accounts, live first. */
  books: z.array(z.object({ book, currency: z.string(), balance: money })),
  /** The one that is told; null where it has none. */
  book: book.nullable(),
  currency: z.string().nullable(),
  /** With the first page only. Totals of the period by what the money moved for, whatever `code` filters. */
  period: z
    .object({
      opening: money,
      closing: money,
      totals: z.array(z.object({ code, entries: z.int(), in: money, out: money })),
    })
    .nullable(),
  rows: z.array(
    z.object({
      /** Number of the transfer, and which side of it. */
      id: z.string(),
      transferId: z.string(),
      bookDate: z.iso.date(),
      postedAt: z.iso.datetime(),
      code,
      /** Signed: received (+) or paid (-). */
      amount: money,
      balance: money,
      kind: z.string(),
      /** The trading account whose money moved, where it was a trader's. */
      accountId: z.uuid().nullable(),
      otherKind: z.string(),
      groupId: z.uuid(),
      /** Not told to agents: staff write them. */
      memo: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});
export type FundFlowReply = z.infer<typeof fundFlowReply>;
