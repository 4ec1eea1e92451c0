import { dayMs, minuteMs, type Scene, type Seen } from "./link-scene.ts";

/** Accounts with what is seen of them, and who is behind each. */
export interface Population extends Scene {
  readonly personOf: readonly number[];
}

type Place = Pick<Seen, "ip" | "network">;
type Device = Pick<Seen, "device" | "fingerprint" | "isLookalike">;

interface Account {
  readonly person: number;
  readonly email: string;
  readonly payout: string | null;
}

const nowMs = 1_795_000_000_000;
const surnames = "chen wang petrov silva okafor novak tanaka martins haddad kowalski jensen rossi".split(" ");
const givenNames = "anna bo carla dmitri eva farid grace hugo ines jun karim lena mia nils omar pia".split(" ");

/**
 * `size` accounts, most of them a person's only one: at home, on the road, in families, dormitories and offices, behind VPN exits, brought by
 * agents on the agent's phone; and persons with two to four accounts, careless or careful. A fifth of those leaves no trace that
 * could be found.
 */
export function linkPopulation(size: number, random: () => number): Population {
  const world = worldOf(random);
  while (world.accounts.length < size) {
    const draw = random();
    if (draw < 0.08) world.severalAccounts();
    else if (draw < 0.18) world.family();
    else if (draw < 0.182) world.manyBehindOne("dormitory");
    else if (draw < 0.192) world.manyBehindOne("office");
    else if (draw < 0.2) world.agentWithClients();
    else world.person(world.home(), world.device());
  }
  const { accounts, seen, referrals, oppositeTrades } = world;
  return {
    ...{ accounts: accounts.length, nowMs, seen, referrals, oppositeTrades },
    emails: accounts.map(({ email }) => email),
    payouts: accounts.map(({ payout }) => payout),
    personOf: accounts.map(({ person }) => person),
  };
}

function worldOf(random: () => number) {
  const accounts: Account[] = [];
  const seen: Seen[] = [];
  const referrals: (readonly [number, number])[] = [];
  const oppositeTrades: (readonly [number, number])[] = [];
  let counter = 0;
  let persons = 0;
  const next = (): number => ++counter;
  const under = (bound: number): number => Math.floor(random() * bound);
  const chance = (share: number): boolean => random() < share;
  const pick = <One>(of: readonly [One, ...One[]] | readonly One[]): One => of[under(of.length)] as One;
  const surname = (): string => `${pick(surnames)}${under(400)}`;
  const email = (family = surname()): string =>
    `${pick(givenNames)}.${family.replace(/\d+$/, "")}${under(9_999)}@mail.example`;

  let homes = 0;
  const home = (): Place => {
    homes += 1;
    return { ip: `81.${homes >> 16}.${(homes >> 8) & 255}.${homes & 255}`, network: "residential" };
  };
  const mobile = (): Place => ({ ip: `100.64.${under(8)}.${under(25)}`, network: "mobile" });
  const exit = (): Place => ({ ip: `45.9.${under(3)}.${under(12)}`, network: "hosting" });
  /** A quarter are phones of forty models that look alike; of the others a tenth has a double somewhere. */
  const device = (): Device => {
    if (chance(0.25)) return { device: `d${next()}`, fingerprint: `phone${under(40)}`, isLookalike: true };
    return { device: `d${next()}`, fingerprint: chance(0.1) ? `common${under(300)}` : `f${next()}` };
  };
  const addAccount = (person: number, told: Partial<Omit<Account, "person">> = {}): number => {
    const payout = chance(0.4) ? `DE${next()}` : null;
    return accounts.push({ person, email: email(), payout, ...told }) - 1;
  };
  const visit = (who: number, on: Device, at: Place, atMs: number): void => void seen.push({ who, ...on, ...at, atMs });
  const visits = (who: number, on: Device, at: Place): void => {
    for (let left = 3 + under(6); left > 0; left--) {
      const [place, moment] = [
        chance(0.25) ? mobile() : chance(0.03) ? exit() : at,
        nowMs - under(90 * 1_440) * minuteMs,
      ];
      visit(who, on, place, moment);
    }
  };
  /** Logs into one account right after the other. */
  const inOneSitting = (first: number, second: number, on: Device, at: Place): void => {
    for (let left = 3 + under(6); left > 0; left--) {
      const moment = nowMs - under(90 * 1_440) * minuteMs;
      visit(first, on, at, moment);
      visit(second, on, at, moment + 3 * minuteMs);
    }
  };
  const person = (at: Place, on: Device, told?: Partial<Omit<Account, "person">>): number => {
    const who = addAccount(persons++, told);
    visits(who, on, at);
    return who;
  };
  const family = (): void => {
    const [at, name, shared] = [home(), surname(), chance(0.08) ? device() : null];
    for (let left = 2 + under(3); left > 0; left--) {
      const who = person(at, device(), chance(0.5) ? { email: email(name) } : {});
      if (shared !== null && left <= 2) visits(who, shared, at);
    }
  };
  const manyBehindOne = (kind: "dormitory" | "office"): void => {
    const at = home();
    for (let left = kind === "dormitory" ? 100 + under(100) : 5 + under(10); left > 0; left--) person(at, device());
  };
  const agentWithClients = (): void => {
    const [at, phone] = [home(), device()];
    const agent = person(at, phone);
    const day = nowMs - (5 + under(60)) * dayMs;
    for (let left = 3 + under(8); left > 0; left--) {
      const client = person(home(), device());
      visit(client, phone, at, day + left * 5 * minuteMs);
      referrals.push([agent, client]);
    }
  };
  /** One person's second, third or fourth account, and what he does to hide it. */
  const severalAccounts = (): void => {
    const [me, at, on, name, draw] = [persons++, home(), device(), surname(), random()];
    const payout = `DE${next()}`;
    const mailbox = `${pick(givenNames)}${name}${next()}`;
    const first = addAccount(me, { email: `${mailbox}@gmail.com`, payout });
    visits(first, on, at);
    for (let left = 1 + (chance(0.25) ? 1 + under(2) : 0); left > 0; left--) {
      if (draw < 0.45) inOneSitting(first, addAccount(me, { email: email() }), on, at);
      else if (draw < 0.6)
        visits(addAccount(me, { email: `${mailbox}+${left}@gmail.com` }), { ...on, device: `d${next()}` }, at);
      else if (draw < 0.7) visits(addAccount(me, { payout }), device(), at);
      else if (draw < 0.8) {
        const other = addAccount(me);
        visits(other, { ...on, device: `d${next()}` }, at);
        oppositeTrades.push([first, other]);
      } else visits(addAccount(me), device(), chance(0.5) ? home() : exit());
    }
  };
  return {
    accounts,
    seen,
    referrals,
    oppositeTrades,
    home,
    device,
    person,
    family,
    manyBehindOne,
    agentWithClients,
    severalAccounts,
  };
}
