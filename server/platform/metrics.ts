import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

const answerSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Prometheus metrics of this process. Gauges that need a look elsewhere are asked at scrape time through `probes`. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "truewick_" }); // event-loop lag, memory, garbage collection
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: "truewick_http_request_seconds",
      help: "Time to answer a request, by route, method and status.",
      labelNames: ["method", "route", "status"],
      buckets: answerSeconds,
      registers,
    }),
    orders: new Counter({
      name: "truewick_orders_total",
      help: "Orders by outcome of acceptance: accepted, repeated, or the refusal code.",
      labelNames: ["outcome"],
      registers,
    }),
    acceptSeconds: new Histogram({
      name: "truewick_order_accept_seconds",
      help: "Time from an order's arrival until its answer.",
      buckets: answerSeconds,
      registers,
    }),
    settleSeconds: new Histogram({
      name: "truewick_settle_batch_seconds",
      help: "Time to settle a batch of orders.",
      buckets: answerSeconds,
      registers,
    }),
    failedSettlements: new Counter({
      name: "truewick_settle_failures_total",
      help: "Orders whose settlement threw: failed (is tried again) or given-up (rejected). Each is an alarm.",
      labelNames: ["outcome"],
      registers,
    }),
    triggers: new Counter({
      name: "truewick_triggers_total",
      help: "Working orders that a quote made due.",
      registers,
    }),
    stopOuts: new Counter({
      name: "truewick_stop_outs_total",
      help: "Positions closed because an account was below its stop-out level.",
      registers,
    }),
    lossBreaches: new Counter({
      name: "truewick_loss_breaches_total",
      help: "Loss limits and profit targets that accounts came to.",
      registers,
    }),
    settledOrders: new Counter({
      name: "truewick_settle_orders_total",
      help: "Orders settled, by outcome.",
      labelNames: ["outcome"],
      registers,
    }),
  };
}

/** A gauge whose value is asked for at each scrape; a probe that fails leaves it out rather than lying. */
export function probedGauge(metrics: Metrics, name: string, help: string, probe: () => Promise<number> | number): void {
  new Gauge({
    name,
    help,
    registers: [metrics.registry],
    async collect() {
      try {
        this.set(await probe());
      } catch {
        this.remove();
      }
    },
  });
}

/** As `probedGauge`, with one value for each label. */
export function probedGauges(
  metrics: Metrics,
  name: string,
  help: string,
  label: string,
  probe: () => ReadonlyMap<string, number>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [metrics.registry],
    collect() {
      this.reset();
      for (const [key, value] of probe()) this.set({ [label]: key }, value);
    },
  });
}
