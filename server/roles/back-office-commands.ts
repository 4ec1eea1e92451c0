import type { AccountState, PersonState, TradeMode } from "#contracts/names.ts";
import { addPartnerKey, revokePartnerKey } from "../capabilities/accounts/index.ts";
import {
  changeAccountState,
  changeAgentState,
  changePartnerState,
  isLastAdmin,
  setTradeMode,
  setTraderTier,
} from "../capabilities/administration/index.ts";
import type { Identity } from "../capabilities/identity/index.ts";
import { liftBreach } from "../capabilities/losses/index.ts";
import { liftKillSwitch } from "../capabilities/risk/index.ts";
import { settleJob } from "../capabilities/trading/index.ts";
import type { Transact } from "../platform/db/unit-of-work.ts";
import { type Command, type Commands, joined } from "../resources/index.ts";
import { linkCommands } from "./account-links.ts";
import type { BackOfficeShared } from "./back-office.ts";
import { refusedAt } from "./back-office-refusals.ts";
import { agentCommands, commissionCommands } from "./commission-commands.ts";
import { dayCloseCommands } from "./day-closes.ts";
import { exportCommands } from "./exports.ts";
import { moneyCommands } from "./money-commands.ts";
import { riskChangeCommands } from "./risk-changes.ts";

const done = { ok: true, value: null } as const;

/** Which capability does each declared command. */
export function backOfficeCommands({
  accountsDeps,
  bus,
  identityWithin,
  payments,
  quotes,
  readDb,
}: BackOfficeShared): Commands {
  const partnerTo =
    (to: PersonState): Command =>
    async (work, _actor, command) => {
      await changePartnerState(work, bus.publish, { ...changeOf<PersonState>(command), to });
      return done;
    };
  const agentTo =
    (to: PersonState): Command =>
    async (work, _actor, command) => {
      await changeAgentState(work, bus.publish, { ...changeOf<PersonState>(command), to });
      return done;
    };
  return {
    exports: exportCommands,
    instruments: {
      "set-trade-mode": async (work, _actor, { id, input, current }) => {
        const [from, to] = [current.tradeMode as TradeMode, input.tradeMode as TradeMode];
        await setTradeMode(work, { id, from, to, reason: String(input.reason) });
        return done;
      },
    },
    "kill-switches": {
      lift: async (work, actor, { id, input, current }) => {
        const tenantId = typeof current.tenantId === "number" ? current.tenantId : null;
        const lift = { id, tenantId, isLifted: current.state === "lifted", reason: String(input.reason) };
        const lifted = await liftKillSwitch(work, actor, lift);
        return lifted.ok ? lifted : refusedAt(lifted.refusal);
      },
    },
    "risk-changes": riskChangeCommands,
    "risk-breaches": {
      lift: async (work, actor, { id, input }) => {
        const lifted = await liftBreach(bus.publish, work, actor, { id, reason: String(input.reason) });
        return lifted.ok ? lifted : refusedAt(lifted.refusal);
      },
    },
    partners: {
      disable: partnerTo("disabled"),
      enable: partnerTo("active"),
      "add-key": async (work, actor, { id, input }) => {
        const deps = { ...accountsDeps, transact: joined(work, String(input.reason)) };
        const added = await addPartnerKey(deps)(actor, Number(id));
        return added.ok ? { ok: true, value: { shownOnce: { ...added.value } } } : refusedAt(added.refusal);
      },
      "revoke-key": async (work, actor, { id, input }) => {
        const deps = { ...accountsDeps, transact: joined(work, String(input.reason)) };
        const revoked = await revokePartnerKey(deps)(actor, Number(id), String(input.keyId));
        return revoked.ok ? revoked : refusedAt(revoked.refusal);
      },
    },
    agents: { disable: agentTo("disabled"), enable: agentTo("active"), ...agentCommands },
    ...commissionCommands,
    traders: traderCommands(identityWithin),
    "account-links": linkCommands((told) => bus.publish(told)),
    accounts: {
      "set-state": async (work, _actor, command) => {
        await changeAccountState(work, { ...changeOf<AccountState>(command), to: command.input.state as AccountState });
        return done;
      },
    },
    ...moneyCommands({ bus, quotes, payments }),
    "day-closes": dayCloseCommands(readDb),
    "failed-settlements": {
      "settle-again": async (work, _actor, { id }) => {
        work.outbox(settleJob, { orderIds: [id] });
        return done;
      },
    },
    staff: {
      disable: notOneself(notTheLast(personTo(identityWithin, "staff", "disabled"))),
      enable: notOneself(personTo(identityWithin, "staff", "active")),
      "reset-password": async (work, actor, { id, input }) => {
        const set = await identityWithin(joined(work)).setPassword(actor, "staff", id, String(input.password));
        return set.ok ? set : refusedAt(set.refusal);
      },
    },
  };
}

type IdentityWithin = (transact: Transact) => Identity;

const personTo =
  (identityWithin: IdentityWithin, kind: "staff" | "trader", to: PersonState): Command =>
  async (work, actor, { id, input }) => {
    const changed = await identityWithin(joined(work, String(input.reason))).setPersonState(actor, kind, id, to);
    return changed.ok ? changed : refusedAt(changed.refusal);
  };

const traderCommands = (identityWithin: IdentityWithin): NonNullable<Commands[string]> => ({
  disable: personTo(identityWithin, "trader", "disabled"),
  enable: personTo(identityWithin, "trader", "active"),
  "set-tier": setTier,
});

const setTier: Command = async (work, _actor, { id, input, current }) => {
  const tenantId = typeof current.tenantId === "number" ? current.tenantId : null;
  const [from, to] = [Number(current.tier), Number(input.tier)];
  await setTraderTier(work, { id, tenantId, from, to, reason: String(input.reason) });
  return done;
};

const notOneself =
  (command: Command): Command =>
  async (work, actor, about) =>
    actor.id === about.id ? refusedAt("SELF") : command(work, actor, about);

const notTheLast =
  (command: Command): Command =>
  async (work, actor, about) =>
    (await isLastAdmin(work, about.id)) ? refusedAt("LAST_ADMIN") : command(work, actor, about);

function changeOf<State>({ id, input, current }: Parameters<Command>[2]): {
  id: string;
  tenantId: number | null;
  from: State;
  reason: string;
} {
  const tenant = current.tenantId ?? (typeof current.id === "number" ? current.id : null);
  return {
    id,
    tenantId: typeof tenant === "number" ? tenant : null,
    from: current.state as State,
    reason: String(input.reason),
  };
}
