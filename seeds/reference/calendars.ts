import type { Holiday, SessionRule } from "#core/session-calendar.ts";

export interface SeedCalendar {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly tradeDateCut: string;
  readonly sessions: readonly SessionRule[];
  readonly holidays: readonly Holiday[];
}

type Weekday = SessionRule["open"]["weekday"];
const weekdays = (days: readonly number[]): Weekday[] => days as Weekday[];
const next = (day: Weekday): Weekday => ((day + 1) % 7) as Weekday;

interface Hours {
  readonly from: string;
  readonly to: string | null;
  readonly open: string;
  readonly close: string;
}

/** Opens on each evening from Sunday to Thursday, closes on the next day. */
const overnight = ({ from, to, open, close }: Hours): SessionRule[] =>
  weekdays([0, 1, 2, 3, 4]).map((weekday) => ({
    validFrom: from,
    validTo: to,
    open: { weekday, time: open },
    close: { weekday: next(weekday), time: close },
  }));

/** Opens and closes on the same day, Monday to Friday. */
const daytime = ({ from, to, open, close }: Hours): SessionRule[] =>
  weekdays([1, 2, 3, 4, 5]).map((weekday) => ({
    validFrom: from,
    validTo: to,
    open: { weekday, time: open },
    close: { weekday, time: close },
  }));

const closedAllDay: readonly Holiday[] = [
  { date: "2026-12-25", name: "Christmas Day", closesAt: null },
  { date: "2027-01-01", name: "New Year's Day", closesAt: null },
];

/**
 * Hours by asset class, as the exchanges publish them and as the trades of 2013, 2014, 2020 and 2024 show. Holidays beyond
 * those here are the operator's to enter from the exchange's yearly list.
 */
export const calendars: readonly SeedCalendar[] = [
  {
    // CME: the 15:15 halt fell away on 28 June 2021; the daily pause moved from 16:15 to 16:00 on 21 September 2015.
    id: "cme-equity-index",
    name: "CME equity index futures",
    zone: "America/Chicago",
    tradeDateCut: "17:00",
    sessions: [
      ...overnight({ from: "2012-11-18", to: "2021-06-25", open: "17:00", close: "15:15" }),
      ...daytime({ from: "2012-11-18", to: "2015-09-18", open: "15:30", close: "16:15" }),
      ...daytime({ from: "2015-09-21", to: "2021-06-25", open: "15:30", close: "16:00" }),
      ...overnight({ from: "2021-06-27", to: null, open: "17:00", close: "16:00" }),
    ],
    holidays: [
      { date: "2026-11-26", name: "Thanksgiving Day", closesAt: "12:00" },
      { date: "2026-11-27", name: "Day after Thanksgiving", closesAt: "12:15" },
      { date: "2026-12-24", name: "Christmas Eve", closesAt: "12:15" },
      ...closedAllDay,
    ],
  },
  {
    id: "cme-metals-energy",
    name: "COMEX and NYMEX futures",
    zone: "America/Chicago",
    tradeDateCut: "17:00",
    sessions: [
      ...overnight({ from: "2012-11-18", to: "2015-09-18", open: "17:00", close: "16:15" }),
      ...overnight({ from: "2015-09-20", to: null, open: "17:00", close: "16:00" }),
    ],
    holidays: closedAllDay,
  },
  {
    id: "cme-fx-crypto",
    name: "CME currency and crypto futures",
    zone: "America/Chicago",
    tradeDateCut: "17:00",
    sessions: overnight({ from: "2012-11-18", to: null, open: "17:00", close: "16:00" }),
    holidays: closedAllDay,
  },
  {
    id: "forex",
    name: "Spot currencies, 24 hours on 5 days",
    zone: "America/New_York",
    tradeDateCut: "17:00",
    sessions: [
      {
        validFrom: "2000-01-02",
        validTo: null,
        open: { weekday: 0, time: "17:00" },
        close: { weekday: 5, time: "17:00" },
      },
    ],
    holidays: closedAllDay,
  },
  {
    // Follows the pause of the gold futures, one hour later by New York's clock.
    id: "spot-metals",
    name: "Spot metals",
    zone: "America/New_York",
    tradeDateCut: "18:00",
    sessions: [
      ...overnight({ from: "2012-11-18", to: "2015-09-18", open: "18:00", close: "17:15" }),
      ...overnight({ from: "2015-09-20", to: null, open: "18:00", close: "17:00" }),
    ],
    holidays: closedAllDay,
  },
  {
    id: "crypto",
    name: "Crypto, always open",
    zone: "UTC",
    tradeDateCut: "00:00",
    sessions: [
      {
        validFrom: "2009-01-03",
        validTo: null,
        open: { weekday: 0, time: "00:00" },
        close: { weekday: 0, time: "00:00" },
      },
    ],
    holidays: [],
  },
];
