import { liveExposure, stressRun } from "../../../server/capabilities/exposure/index.ts";
import type { ExposureNews } from "../../../server/contracts/exposure.ts";
import { systemClock } from "../../../server/platform/clock.ts";
import { memoryBus, silentLog } from "../../support/market.ts";
import { type TestDesk, testDesk } from "../../support/trading.ts";
import { absoluteRow, type Benchmark, type Row } from "../row.ts";
import { openPositions } from "./stop-out.ts";

const accounts = Number(process.env.BENCH_EXPOSURE ?? 50_000);
const beats = 20;
const beatTargetMs = 200;
const stressTargetSeconds = 10;

/** The exposure desk over as many accounts with a position each: what a beat costs, and how long a stress of all takes. */
export const exposureDesk: Benchmark = {
  rows: ["exposure-beat", "stress"],
  run: async ({ say }) => {
    const house = await testDesk();
    try {
      await openPositions(house, accounts, say);
      return [await measureBeats(house, say), await measureStress(house, say)];
    } finally {
      await house.close();
    }
  },
};

const portsOf = (house: TestDesk) => ({
  ...{ db: house.db.reads, clock: systemClock, quotes: house.ports.market },
  catalog: {
    all: () => [...house.market.instruments.values()],
    get: (id: string) => house.market.instruments.get(id),
  },
});

/** Every beat has a new price, so that every position is worth something else than before. */
async function measureBeats(house: TestDesk, say: (line: string) => void): Promise<Row> {
  let heard: (news: ExposureNews) => void = () => {};
  const nextNews = (): Promise<ExposureNews> =>
    new Promise((resolve) => {
      heard = resolve;
    });
  house.market.quote("MES", "5000.00", "5000.25");
  const live = liveExposure({ ...portsOf(house), bus: memoryBus(), log: silentLog, beatMs: 1 });
  try {
    const first = nextNews();
    const begun = performance.now();
    live.watch({ tenantId: null }, { view: 1, book: "live", by: "instrument", worst: "level" }, (news) => {
      heard(news);
      return true;
    });
    await first;
    const loadedSeconds = (performance.now() - begun) / 1_000;
    const before = process.cpuUsage();
    for (let beat = 1; beat <= beats; beat++) {
      const told = nextNews();
      house.market.quote("MES", `${5_000 + beat}.00`, `${5_000 + beat}.25`);
      await told;
    }
    const { user, system } = process.cpuUsage(before);
    const beatMs = (user + system) / 1_000 / beats;
    say(
      `a beat of ${accounts} positions costs ${beatMs.toFixed(0)} ms of a core; the book was read in ${loadedSeconds.toFixed(1)} s`,
    );
    return absoluteRow({
      ...{ name: "exposure-beat", value: beatMs, unit: "ms", target: `< ${beatTargetMs} ms`, stretch: "" },
      met: beatMs < beatTargetMs,
      note: `CPU of one beat, ${accounts} positions that all changed; the book read in ${loadedSeconds.toFixed(1)} s`,
    });
  } finally {
    await live.close();
  }
}

async function measureStress(house: TestDesk, say: (line: string) => void): Promise<Row> {
  const begun = performance.now();
  const answer = await stressRun(portsOf(house))(
    { tenantId: null },
    { book: "live", shocks: [{ on: "class", assetClass: "equity-index", percent: "-7" }] },
  );
  const seconds = (performance.now() - begun) / 1_000;
  const stopped = answer.ok ? answer.value.stoppedOut.count : -1;
  say(`a stress of ${accounts} accounts took ${seconds.toFixed(1)} s; ${stopped} are stopped out`);
  return absoluteRow({
    ...{ name: "stress", value: seconds, unit: "s", target: `< ${stressTargetSeconds} s`, stretch: "" },
    met: seconds < stressTargetSeconds && stopped === accounts,
    note: `${accounts} accounts of one position, index -7 %; ${stopped} stopped out`,
  });
}
