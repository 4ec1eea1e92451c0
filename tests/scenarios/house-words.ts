import { tradeModes } from "#contracts/names.ts";
import { liftKillSwitch, throwKillSwitch } from "../../server/capabilities/risk/index.ts";
import { systemActor } from "../../server/platform/db/unit-of-work.ts";
import type { TestAccount, TestDesk } from "../support/trading.ts";

/** What the house does in a story: `mode MES long-only`, `stop close-only REASON` (the account), `lift`. */
export const houseVerbs: readonly string[] = ["mode", "stop", "lift"];

export async function playHouse(house: TestDesk, account: TestAccount, words: readonly string[]): Promise<null> {
  const [verb, first = "", ...rest] = words;
  if (verb === "mode") setMode(house, first, rest[0] ?? "");
  else if (verb === "stop") await stop(house, account, first, rest.join(" "));
  else await liftAll(house);
  return null;
}

function setMode(house: TestDesk, id: string, mode: string): void {
  const instrument = house.market.instruments.get(id);
  const tradeMode = tradeModes.find((known) => known === mode);
  if (instrument === undefined || tradeMode === undefined) throw new Error(`no instrument ${id} or no mode ${mode}`);
  house.market.instruments.set(id, { ...instrument, tradeMode });
}

async function stop(house: TestDesk, { accountId }: TestAccount, word: string, reason: string): Promise<void> {
  const mode = word === "halt" ? "halt" : "close-only";
  await house.ports.transact(systemActor, async (work) => {
    const thrown = await throwKillSwitch(work, systemActor, { scope: "account", mode, accountId, reason });
    if (!thrown.ok) throw new Error(thrown.refusal.code);
  });
}

async function liftAll(house: TestDesk): Promise<void> {
  const open: { id: string }[] = await house.db.app("kill_switches").whereNull("lifted_at").select("id");
  for (const { id } of open)
    await house.ports.transact(systemActor, (work) =>
      liftKillSwitch(work, systemActor, { id, tenantId: null, isLifted: false, reason: "all well" }),
    );
}
