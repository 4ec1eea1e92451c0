import type { Locale, StaffRole } from "#contracts/names.ts";

/** Who is in the demo. All names, addresses and places are made up; `.example` can never receive mail. */
export interface DemoPartner {
  readonly code: string;
  readonly name: string;
  readonly agents: readonly DemoAgent[];
  readonly traders: readonly DemoTrader[];
}

/** Agents are listed from the top, so that each finds the one above it. */
interface DemoAgent {
  readonly code: string;
  readonly name: string;
  readonly parent?: string;
}

export interface DemoTrader {
  readonly name: string;
  readonly email: string;
  readonly locale: Locale;
  readonly agent?: string;
  /** Minor units of USD on the live account. */
  readonly live: bigint;
}

/** Minor units of USD on every demo account. */
export const demoFunds = 10_000_000n;

export const partners: readonly DemoPartner[] = [
  {
    code: "harbour",
    name: "Harbour Markets",
    agents: [
      { code: "north", name: "North Desk" },
      { code: "north-city", name: "North City Office", parent: "north" },
      { code: "north-city-1", name: "Counter One", parent: "north-city" },
      { code: "south", name: "South Desk" },
    ],
    traders: [
      { name: "Ada Marlow", email: "ada@harbour.example", locale: "en", agent: "north-city-1", live: 2_500_000n },
      { name: "林美", email: "mei@harbour.example", locale: "zh-CN", agent: "north-city", live: 5_000_000n },
      { name: "Jonas Brandt", email: "jonas@harbour.example", locale: "en", agent: "south", live: 1_000_000n },
      { name: "Ines Duarte", email: "ines@harbour.example", locale: "en", live: 250_000n },
    ],
  },
  {
    code: "lantern",
    name: "Lantern Trading",
    agents: [{ code: "lead", name: "Lantern Lead" }],
    traders: [
      { name: "王伟", email: "wei@lantern.example", locale: "zh-CN", agent: "lead", live: 3_000_000n },
      { name: "Noor Haddad", email: "noor@lantern.example", locale: "en", agent: "lead", live: 800_000n },
      { name: "Tom Ellery", email: "tom@lantern.example", locale: "en", live: 1_500_000n },
    ],
  },
];

export interface DemoStaff {
  readonly role: StaffRole;
  readonly name: string;
  readonly email: string;
  /** Partner and agent of role agent. */
  readonly agent?: readonly [partner: string, agent: string];
}

export const staff: readonly DemoStaff[] = [
  { role: "admin", name: "Alex Admin", email: "admin@truewick.example" },
  { role: "risk", name: "Robin Risk", email: "risk@truewick.example" },
  { role: "finance", name: "Fay Finance", email: "finance@truewick.example" },
  { role: "support", name: "Sam Support", email: "support@truewick.example" },
  { role: "agent", name: "Nell North", email: "agent@truewick.example", agent: ["harbour", "north"] },
];
