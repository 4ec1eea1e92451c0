import type { LoadTrader } from "../traders.ts";

/** How a load submits: over the trader's open socket, or by POST while the socket tells him the end. */
export type Transport = "socket" | "rest";

/** What the load's own process is told to do; it answers each with one message. */
export type Command =
  | { readonly do: "connect"; readonly url: string; readonly traders: readonly LoadTrader[] }
  | {
      readonly do: "load";
      readonly transport: Transport;
      readonly seed: number;
      readonly instruments: readonly string[];
      readonly arrivals: Arrivals;
    };

/**
 * `closed`: so many traders each send the next order when the last has ended. `open`: orders arrive at a fixed rate whatever the
 * server does, and are timed from the moment they were due.
 */
export type Arrivals =
  | { readonly kind: "closed"; readonly inFlight: number; readonly forMs: number }
  | { readonly kind: "open"; readonly perSecond: number; readonly forMs: number };

export interface LoadReport {
  readonly sent: number;
  readonly filled: number;
  /** Answers that were no acceptance, by status and code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Accepted, but no end within the patience after the last arrival. */
  readonly unfinished: number;
  /** From the first arrival to the last confirmation. */
  readonly seconds: number;
  /** From the first arrival to the last answer. */
  readonly answeredSeconds: number;
  /** Milliseconds from arrival to answer, and to confirmation. */
  readonly answer: Quantiles;
  readonly confirmation: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export type Reply =
  | { readonly ok: true; readonly report: LoadReport | null }
  | { readonly ok: false; readonly problem: string };
