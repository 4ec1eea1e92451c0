import { parseArgs } from "node:util";
import { type FaultName, faultNames, faults } from "./runner/fault-schedule.ts";
import { makePlan, type Plan } from "./runner/plan.ts";
import { type RunReport, runFaults, violationsOf } from "./runner/run.ts";

/**
 * `npm run faults -- --seed N --minutes M [--traders N] [--only F1,F7] [--plan]`: a whole installation under a nemesis. The seed
 * decides the traders, their orders, the prices and the faults; `--plan` prints them and runs nothing. Exit 1 on a violation.
 */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "5" },
    traders: { type: "string", default: "10" },
    only: { type: "string" },
    pace: { type: "string", default: "1" },
    plan: { type: "boolean", default: false },
  },
});

const plan = makePlan({
  seed: Number(values.seed),
  trafficMs: Number(values.minutes) * 60_000,
  traders: Number(values.traders),
  pauseMs: 500,
  faults: values.only === undefined ? faultNames : (values.only.split(",") as FaultName[]),
  pace: Number(values.pace),
});
// What was started ends with us; without this a signal would skip that.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));
if (values.plan) tellPlan(plan);
else {
  const report = await runFaults(plan, say);
  tellReport(report);
  process.exitCode = violationsOf(report).length > 0 ? 1 : 0;
}

function tellPlan({ options, faults: planned, actions }: Plan): void {
  say(`seed ${options.seed}: ${actions.flat().length} actions of ${options.traders} traders`);
  for (const { atMs, fault, target, lastsMs } of planned)
    say(
      `${(atMs / 1000).toFixed(1).padStart(7)} s  ${fault.padEnd(4)} ${faults[fault].says} (target ${target}, ${lastsMs} ms)`,
    );
}

function tellReport(report: RunReport): void {
  say(
    `\n${report.sent} orders sent in ${Math.round(report.trafficMs / 1000)} s (${report.attempts} attempts): ${report.ok} ok, ${report.refused} refused, ${report.unknown} unknown; ${report.filled} filled; drained in ${report.drainedMs} ms`,
  );
  say(`memory at most: ${[...report.memory].map(([name, mb]) => `${name} ${mb} MB`).join(", ")}`);
  for (const { invariant, says, looked, broken } of report.verdicts) {
    say(`${broken.length === 0 ? "holds " : "BROKEN"}  ${invariant}  ${says} (${looked} looked at)`);
    for (const one of broken) say(`          ${one}`);
  }
  const violations = violationsOf(report);
  say(
    violations.length === 0
      ? `seed ${report.seed}: no violation`
      : `seed ${report.seed}: ${violations.length} VIOLATIONS`,
  );
}
