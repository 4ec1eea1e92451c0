/// <reference types="vite/client" />
import type { ResourceDeclaration, ResourceGroup } from "#contracts/resource.ts";

/** Every resource file of the contracts, found by folder scan as on the server. */
const found = import.meta.glob<ResourceDeclaration>("../server/contracts/resources/*.ts", {
  eager: true,
  import: "default",
});

/** All declared resources; the order within a group is the file order. */
export const declarations: readonly ResourceDeclaration[] = Object.values(found);

const byName = new Map(declarations.map((declaration) => [declaration.name, declaration]));

export const declarationNamed = (name: string): ResourceDeclaration | undefined => byName.get(name);

/** The left rail from top to bottom. */
export const groups: readonly ResourceGroup[] = [
  "desk",
  "risk",
  "traders",
  "money",
  "agents",
  "market",
  "partners",
  "settings",
];
