import { z } from "zod";

/** Which part of the books, of a journal or of an agent line's statements: first and last book date, both included; absent: all. */
export const journalRequest = z
  .strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["to"],
    message: "must not lie before from",
  });
