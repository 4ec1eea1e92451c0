import { useState } from "react";
import { useGetList, useStore } from "react-admin";
import type { Book } from "#contracts/names.ts";

const dayMs = 86_400_000;

interface Times {
  /** ISO 8601; empty while it is not known. */
  readonly fromAt: string;
  readonly toAt: string;
}

export interface PeriodState extends Times {
  readonly book: Book;
  readonly setBook: (book: Book) => void;
  readonly setTimes: (times: Partial<Times>) => void;
  /** So many days up to and with the last one with orders. */
  readonly lastDays: (days: number) => void;
}

/** A period to rehearse: at first the last day with orders, days being those of UTC by which results are told. */
export function usePeriod(): PeriodState {
  const [book, setBook] = useStore<Book>("dashboard.book", "live");
  const [typed, setTyped] = useState<Partial<Times>>({});
  const last = useLastDay(book);
  const spanOf = (days: number): Times =>
    last === null
      ? { fromAt: "", toAt: "" }
      : { fromAt: new Date(last + dayMs - days * dayMs).toISOString(), toAt: new Date(last + dayMs).toISOString() };
  return {
    book,
    setBook,
    ...spanOf(1),
    ...typed,
    setTimes: (times) => setTyped((before) => ({ ...before, ...times })),
    lastDays: (days) => setTyped(spanOf(days)),
  };
}

/** The beginning of the last whole day on which the book had an order, in epoch milliseconds; today where there was none. Null: not yet known. */
function useLastDay(book: Book): number | null {
  const [today] = useState(() => startOf(Date.now()));
  const { data, error } = useGetList(
    "risk-decisions",
    {
      filter: { book, decidedAt_lte: new Date(today - 1).toISOString() },
      sort: { field: "decidedAt", order: "DESC" },
      pagination: { page: 1, perPage: 1 },
    },
    { retry: false },
  );
  if (error !== null) return today;
  if (data === undefined) return null;
  return data[0] === undefined ? today : startOf(Date.parse(String(data[0].decidedAt)));
}

const startOf = (ms: number): number => ms - (ms % dayMs);
