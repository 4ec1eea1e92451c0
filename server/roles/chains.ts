import type { WireDepositAddress } from "#contracts/cashier-api.ts";
import { formatDecimal } from "#core/units.ts";
import {
  type AddressRefusal,
  type ChainDeps,
  type ChainLook,
  type DepositAddress,
  type DepositChain,
  depositAddress,
  type LookRefusal,
  lookAtChain,
} from "../capabilities/deposits/index.ts";
import type { CashierPorts, CashierRefusal } from "../platform/http/cashier-routes.ts";
import { probedGauges } from "../platform/metrics.ts";
import { type Repetition, repeat } from "../platform/queue/repeat.ts";
import type { Shared } from "./shared.ts";

const lookEveryMs = 3_000;
/** Pages of one round: a chain that is far behind is caught up over many rounds, between which the others are looked at. */
const pagesMax = 50;

type ChainShared = Pick<Shared, "transact" | "payments"> & { readonly bus: Pick<Shared["bus"], "publish"> };

export const chainDeps = ({ transact, bus, payments }: ChainShared): ChainDeps => ({
  ...{ transact, announce: (told) => bus.publish(told), chains: payments.chains },
});

/** Names a chain in logs and metrics. */
export const nameOfChain = ({ channel, tenantId }: DepositChain): string => `${channel}/${tenantId}`;

/** Measures how the chains are looked at; what it returns starts the looking. Each refusal is said once, until something else is. */
export function openChainLooks(shared: Shared): () => Repetition {
  const { log } = shared;
  const deps = chainDeps(shared);
  const states = new Map<DepositChain, LookState>();
  measureLooks(shared, states);
  const tell = (chain: DepositChain, refusal: LookRefusal | null): void => {
    const told = { chain: nameOfChain(chain), network: chain.reader.network, refusal };
    if (refusal === null) log.info(told, "the chain is looked at again");
    else if (refusal === "NO_ANSWER") log.warn(told, "a chain's node does not answer; what came is found later");
    else if (refusal !== "CHAIN_MOVED")
      log.error(told, "a chain or its token is not the one of the settings: nothing of it is taken");
  };
  const look = async (chain: DepositChain): Promise<void> => {
    const before = states.get(chain) ?? { refusal: null, look: null };
    const now = await catchUp(deps, chain, before).catch((err: unknown): LookState => {
      log.error({ err, chain: nameOfChain(chain) }, "looking at a chain failed");
      return { ...before, refusal: "NO_ANSWER" };
    });
    states.set(chain, now);
    if (now.refusal !== before.refusal) tell(chain, now.refusal);
  };
  return () =>
    repeat(lookEveryMs, async () => {
      await Promise.all(deps.chains.map(look));
    });
}

function measureLooks({ metrics }: Shared, states: ReadonlyMap<DepositChain, LookState>): void {
  const gauge = (name: string, help: string, value: (state: LookState) => number): void =>
    probedGauges(
      metrics,
      name,
      help,
      "chain",
      () => new Map([...states].map(([chain, state]) => [nameOfChain(chain), value(state)])),
    );
  gauge("truewick_chain_answers", "1 when the chain's node answered the last look, else 0: an alarm.", ({ refusal }) =>
    refusal === null || refusal === "CHAIN_MOVED" ? 1 : 0,
  );
  gauge("truewick_chain_head_block", "The newest block of the last look that succeeded.", ({ look }) =>
    Number(look?.head ?? -1n),
  );
}

interface LookState {
  readonly refusal: LookRefusal | null;
  /** The last one that succeeded; null: none did since the start, and the last blocks are looked at again. */
  readonly look: ChainLook | null;
}

async function catchUp(deps: ChainDeps, chain: DepositChain, before: LookState): Promise<LookState> {
  let state = before;
  for (let page = 0; page < pagesMax; page += 1) {
    const looked = await lookAtChain(deps, chain, { again: state.look === null });
    if (!looked.ok) return { ...state, refusal: looked.refusal };
    state = { refusal: null, look: looked.value };
    if (looked.value.isAtHead) return state;
  }
  return state;
}

/** A trader's address on a chain, over its capability. */
export function openAddresses(deps: ChainDeps): Pick<CashierPorts, "depositAddress"> {
  const address = depositAddress(deps);
  return {
    depositAddress: async (trader, { accountId, channel }) => {
      const given = await address(trader, { accountId: accountId.toLowerCase(), channel });
      return given.ok ? { value: wireAddress(given.value) } : { refusal: no[given.refusal] };
    },
  };
}

function wireAddress({ chain, address, currencyScale, min, pending }: DepositAddress): WireDepositAddress {
  const { channel, currency, reader, finality } = chain;
  return {
    ...{ channel, network: reader.network, contract: reader.contract, currency, address },
    min: formatDecimal(min, currencyScale),
    confirmations: finality === "final" ? null : Number(finality.confirmations),
    pending: pending.map(({ txid, amount, confirmations, seenAt }) => ({
      ...{ txid, amount: formatDecimal(amount, currencyScale), confirmations: Number(confirmations) },
      seenAt: seenAt.toISOString(),
    })),
  };
}

const no: Readonly<Record<AddressRefusal, CashierRefusal>> = {
  UNKNOWN_ACCOUNT: {
    ...{ status: 404, code: "UNKNOWN_ACCOUNT", field: "accountId" },
    message: "You have no account with this id.",
  },
  DEMO_ACCOUNT: { status: 422, code: "DEMO_ACCOUNT", message: "A demo account takes no real money." },
  CHANNEL_CLOSED: {
    ...{ status: 422, code: "CHANNEL_CLOSED", field: "channel" },
    message: "Deposits this way are not offered now.",
  },
  OTHER_CURRENCY: {
    ...{ status: 422, code: "OTHER_CURRENCY", field: "accountId" },
    message: "This account is in another currency: nothing is converted.",
  },
};
