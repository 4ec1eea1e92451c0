/** Loaded before a program: its wall clock is off by CLOCK_OFF_MS, as on a machine whose time nobody keeps. Durations run as ever. */
const off = Number(process.env.CLOCK_OFF_MS);
if (!Number.isSafeInteger(off)) throw new Error(`CLOCK_OFF_MS is ${process.env.CLOCK_OFF_MS}`);
const Right = Date;

globalThis.Date = class extends Right {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(Right.now() + off);
    else super(...(given as [number]));
  }

  static override now(): number {
    return Right.now() + off;
  }
} as DateConstructor;
