import { describe, expect, test } from "@jest/globals";
import { isOpen, type SessionCalendar, sessionState, tradeDateOf } from "#core/session-calendar.ts";
import { instantOf, localTimeOf, zoneOffsetMs } from "#core/zone-time.ts";

const weekdays = [0, 1, 2, 3, 4] as const;
const nextDay = { 0: 1, 1: 2, 2: 3, 3: 4, 4: 5 } as const;

/** CME equity index futures: with the afternoon halt until 2020, without it since (validity dates of the test's own making). */
const cme: SessionCalendar = {
  id: "cme",
  zone: "America/Chicago",
  tradeDateCut: "17:00",
  sessions: weekdays.flatMap((weekday) => {
    const close = nextDay[weekday];
    return [
      {
        validFrom: "2010-01-01",
        validTo: "2020-12-31",
        open: { weekday, time: "17:00" },
        close: { weekday: close, time: "15:15" },
      },
      {
        validFrom: "2010-01-01",
        validTo: "2020-12-31",
        open: { weekday: close, time: "15:30" },
        close: { weekday: close, time: "16:15" },
      },
      {
        validFrom: "2021-01-01",
        validTo: null,
        open: { weekday, time: "17:00" },
        close: { weekday: close, time: "16:00" },
      },
    ];
  }),
  holidays: [
    { date: "2024-12-25", name: "Christmas Day", closesAt: null },
    { date: "2024-12-24", name: "Christmas Eve", closesAt: "12:15" },
  ],
};
const crypto: SessionCalendar = {
  id: "round-the-clock",
  zone: "UTC",
  tradeDateCut: "00:00",
  sessions: [
    {
      validFrom: "2000-01-01",
      validTo: null,
      open: { weekday: 0, time: "00:00" },
      close: { weekday: 0, time: "00:00" },
    },
  ],
  holidays: [],
};
const forex: SessionCalendar = {
  id: "forex",
  zone: "America/New_York",
  tradeDateCut: "17:00",
  sessions: [
    {
      validFrom: "2000-01-01",
      validTo: null,
      open: { weekday: 0, time: "17:00" },
      close: { weekday: 5, time: "17:00" },
    },
  ],
  holidays: [{ date: "2024-12-25", name: "Christmas Day", closesAt: null }],
};
const at = (text: string): Date => new Date(text);

describe("zone time", () => {
  test("Chicago is 6 hours behind in winter and 5 in summer", () => {
    expect(zoneOffsetMs("America/Chicago", Date.parse("2024-01-10T12:00:00Z"))).toBe(-6 * 3_600_000);
    expect(zoneOffsetMs("America/Chicago", Date.parse("2024-07-10T12:00:00Z"))).toBe(-5 * 3_600_000);
  });
  test("a local time goes there and back on both sides of a clock change", () => {
    for (const [date, utc] of [
      ["2024-03-09", "2024-03-09T23:00:00.000Z"],
      ["2024-03-10", "2024-03-10T22:00:00.000Z"],
      ["2024-11-02", "2024-11-02T22:00:00.000Z"],
      ["2024-11-03", "2024-11-03T23:00:00.000Z"],
    ] as const) {
      const instant = instantOf("America/Chicago", date, "17:00");
      expect(new Date(instant).toISOString()).toBe(utc);
      expect(localTimeOf("America/Chicago", instant)).toMatchObject({ date, time: "17:00" });
    }
  });
  test("a skipped time means the moment as much later, a doubled time the first", () => {
    expect(new Date(instantOf("America/Chicago", "2024-03-10", "02:30")).toISOString()).toBe(
      "2024-03-10T08:30:00.000Z",
    );
    expect(new Date(instantOf("America/Chicago", "2024-11-03", "01:30")).toISOString()).toBe(
      "2024-11-03T06:30:00.000Z",
    );
  });
});

describe("trade date", () => {
  test("Sunday 17:00 in Chicago belongs to Monday, a minute earlier to Sunday", () => {
    expect(tradeDateOf(cme, at("2024-03-03T23:00:00Z"))).toBe("2024-03-04");
    expect(tradeDateOf(cme, at("2024-03-03T22:59:59Z"))).toBe("2024-03-03");
  });
  test("the cut moves by an hour of UTC with the clock change", () => {
    expect(tradeDateOf(cme, at("2024-03-10T22:00:00Z"))).toBe("2024-03-11");
    expect(tradeDateOf(cme, at("2024-11-03T22:30:00Z"))).toBe("2024-11-03");
    expect(tradeDateOf(cme, at("2024-11-03T23:00:00Z"))).toBe("2024-11-04");
  });
  test("crypto counts UTC days", () => {
    expect(tradeDateOf(crypto, at("2024-03-03T23:59:59.999Z"))).toBe("2024-03-03");
  });
});

describe("sessions", () => {
  test("the ES halts of October 2013 are where the exchange's data has them: 20:15-20:30 and 21:15-22:00 UTC", () => {
    const open = ["20:14", "20:30", "21:14", "22:00"].map((time) => isOpen(cme, at(`2013-10-09T${time}:00Z`)));
    const shut = ["20:15", "20:29", "21:15", "21:59"].map((time) => isOpen(cme, at(`2013-10-09T${time}:00Z`)));
    expect(open).toEqual([true, true, true, true]);
    expect(shut).toEqual([false, false, false, false]);
  });
  test("after the validity date the halt is gone", () => {
    expect(isOpen(cme, at("2024-01-10T21:20:00Z"))).toBe(true);
    expect(isOpen(cme, at("2024-01-10T22:00:00Z"))).toBe(false);
  });
  test("in the week of the spring change Sunday opens at 22:00 UTC, in the autumn week at 23:00 UTC", () => {
    expect(sessionState(cme, at("2024-03-10T12:00:00Z")).nextOpenAt?.toISOString()).toBe("2024-03-10T22:00:00.000Z");
    expect(sessionState(cme, at("2024-11-03T12:00:00Z")).nextOpenAt?.toISOString()).toBe("2024-11-03T23:00:00.000Z");
  });
  test("on Friday evening the market is shut until Sunday evening", () => {
    expect(sessionState(cme, at("2024-01-12T22:00:00Z"))).toEqual({
      open: false,
      nextOpenAt: at("2024-01-14T23:00:00Z"),
      nextCloseAt: at("2024-01-15T22:00:00Z"),
    });
  });
  test("while open it tells the close and the open after it", () => {
    expect(sessionState(cme, at("2024-01-10T12:00:00Z"))).toEqual({
      open: true,
      nextOpenAt: at("2024-01-10T23:00:00Z"),
      nextCloseAt: at("2024-01-10T22:00:00Z"),
    });
  });
  test("an early close ends the trade date, a holiday takes its evening before with it", () => {
    expect(isOpen(cme, at("2024-12-24T18:14:00Z"))).toBe(true);
    expect(isOpen(cme, at("2024-12-24T18:15:00Z"))).toBe(false);
    expect(isOpen(cme, at("2024-12-24T23:30:00Z"))).toBe(false);
    expect(sessionState(cme, at("2024-12-24T20:00:00Z")).nextOpenAt).toEqual(at("2024-12-25T23:00:00Z"));
  });
  test("a holiday inside a week-long session takes only its own trade date", () => {
    expect(isOpen(forex, at("2024-12-24T21:59:00Z"))).toBe(true);
    expect(isOpen(forex, at("2024-12-24T22:00:00Z"))).toBe(false);
    expect(isOpen(forex, at("2024-12-25T21:59:00Z"))).toBe(false);
    expect(isOpen(forex, at("2024-12-25T22:00:00Z"))).toBe(true);
  });
  test("a market that never shuts has neither a next close nor a next open", () => {
    expect(sessionState(crypto, at("2024-01-13T12:00:00Z"))).toEqual({
      open: true,
      nextOpenAt: null,
      nextCloseAt: null,
    });
  });
  test("a calendar without sessions is never open", () => {
    const empty = { ...cme, sessions: [] };
    expect(sessionState(empty, at("2024-01-10T12:00:00Z"))).toEqual({
      open: false,
      nextOpenAt: null,
      nextCloseAt: null,
    });
  });
});
