import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import type { LoadTrader } from "../traders.ts";
import type { Command, LoadReport, Reply } from "./messages.ts";

export interface LoadProcess {
  readonly connect: (url: string, traders: readonly LoadTrader[]) => Promise<void>;
  readonly run: (load: Omit<Extract<Command, { do: "load" }>, "do">) => Promise<LoadReport>;
  readonly stop: () => void;
}

/** A process of its own for the clients, so that they do not share an event loop with what is measured. */
export function startLoad(): LoadProcess {
  const { NODE_OPTIONS: _jestOnly, ...env } = process.env;
  const child = fork(path.join(import.meta.dirname, "main.ts"), { env, execArgv: ["--import", "tsx"] });
  return {
    connect: async (url, traders) => {
      await ask(child, { do: "connect", url, traders });
    },
    run: async (load) => {
      const report = await ask(child, { do: "load", ...load });
      if (report === null) throw new Error("a load without a report");
      return report;
    },
    stop: () => child.kill("SIGKILL"),
  };
}

function ask(child: ChildProcess, command: Command): Promise<LoadReport | null> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the load ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (reply: Reply) => {
      child.off("exit", ended);
      if (reply.ok) resolve(reply.report);
      else reject(new Error(reply.problem));
    });
    child.send(command);
  });
}
