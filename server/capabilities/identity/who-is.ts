import type { TraderIdentity } from "#contracts/identity.ts";
import type { Announcement } from "../../platform/realtime/announcement.ts";
import { askTogether } from "./ask-together.ts";
import type { IdentityDeps } from "./deps.ts";
import { type FoundStaff, findStaff, findStaffOfKey, findTraders } from "./sessions.store.ts";

/** API keys are told from session tokens by this. */
export const apiKeyPrefix = "twk_";

/** How long an answer is trusted without asking the database again. */
const trustedMs = 2_000;
/** Identities kept at once; the oldest goes first. */
const keptMax = 10_000;

export interface WhoIs {
  readonly traderOf: (token: string) => Promise<TraderIdentity | null>;
  readonly staffOf: (token: string) => Promise<FoundStaff | null>;
  /** The same, unremembered and without counting as use: an open socket does not keep its session alive. */
  readonly peekStaff: (token: string) => Promise<FoundStaff | null>;
  /** Drops what is remembered of one token. */
  readonly forgetToken: (token: string) => void;
  /** Drops what an announcement makes untrue. */
  readonly hear: (announcement: Announcement) => void;
}

/** Answers who a token belongs to, from memory for at most two seconds. */
export function whoIs(deps: IdentityDeps): WhoIs {
  const traders = remembered<TraderIdentity>(deps, (trader) => trader.expiresAt);
  const traderNow = askTogether((tokens) => findTraders(deps.db, tokens, deps.clock.now()));
  const staff = remembered<FoundStaff>(deps, (found) => found.expiresAt);
  const findAnyStaff = (token: string, isUse: boolean): Promise<FoundStaff | null> =>
    token.startsWith(apiKeyPrefix)
      ? findStaffOfKey(deps.db, token, deps.clock.now())
      : findStaff(deps.db, token, deps.clock.now(), isUse);
  return {
    traderOf: (token) => traders.get(token, () => traderNow(token)),
    staffOf: (token) => staff.get(token, () => findAnyStaff(token, true)),
    peekStaff: (token) => findAnyStaff(token, false),
    forgetToken: (token) => {
      traders.drop(token);
      staff.drop(token);
    },
    hear: (announcement) => {
      const isOf = (resource: string): boolean => announcement.kind === "changed" && announcement.resource === resource;
      const ended = announcement.kind === "session-ended" ? announcement : null;
      if (isOf("traders") || isOf("accounts") || isOf("partners")) traders.clear();
      else if (ended?.subjectKind === "trader") traders.dropAll((trader) => trader.traderId === ended.subjectId);
      if (isOf("staff") || isOf("agents") || isOf("partners")) staff.clear();
      else if (ended?.subjectKind === "staff") staff.dropAll((found) => found.identity.staffId === ended.subjectId);
    },
  };
}

interface Remembered<T> {
  readonly get: (token: string, find: () => Promise<T | null>) => Promise<T | null>;
  readonly drop: (token: string) => void;
  readonly dropAll: (which: (value: T) => boolean) => void;
  readonly clear: () => void;
}

function remembered<T>({ clock }: IdentityDeps, expiryOf: (value: T) => Date): Remembered<T> {
  const kept = new Map<string, { value: T; untilMs: number }>();
  /** Questions under way: a burst of messages with one token asks the database once. */
  const asked = new Map<string, { answer: Promise<T | null>; drops: number }>();
  // An answer that was under way while something was dropped may be of before: who asked gets it, nobody after him.
  let drops = 0;

  const ask = async (token: string, find: () => Promise<T | null>): Promise<T | null> => {
    const dropsBefore = drops;
    const value = await find();
    if (value !== null && drops === dropsBefore) {
      const oldest = kept.size >= keptMax ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(token, { value, untilMs: clock.elapsedMs() + trustedMs });
    }
    return value;
  };
  return {
    get: async (token, find) => {
      const known = kept.get(token);
      if (known !== undefined && known.untilMs > clock.elapsedMs() && expiryOf(known.value) > clock.now())
        return known.value;
      kept.delete(token);
      const underWay = asked.get(token);
      if (underWay?.drops === drops) return underWay.answer;
      const question = { answer: ask(token, find), drops };
      asked.set(token, question);
      try {
        return await question.answer;
      } finally {
        if (asked.get(token) === question) asked.delete(token);
      }
    },
    drop: (token) => {
      drops += 1;
      kept.delete(token);
    },
    dropAll: (which) => {
      drops += 1;
      for (const [token, { value }] of kept) if (which(value)) kept.delete(token);
    },
    clear: () => {
      drops += 1;
      kept.clear();
    },
  };
}
