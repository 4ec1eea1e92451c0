import { expect, test } from "@jest/globals";
import { mayGoUnder } from "../../admin/pages/agent-tree/tree-rows.ts";

const agents = [
  { id: "root", parentId: null, tenantId: 1 },
  { id: "left", parentId: "root", tenantId: 1 },
  { id: "leaf", parentId: "left", tenantId: 1 },
  { id: "right", parentId: "root", tenantId: 1 },
  { id: "foreign", parentId: null, tenantId: 2 },
];

test.each([
  ["leaf", "right", true],
  ["leaf", "root", true],
  ["leaf", null, true],
  ["leaf", "left", false],
  ["left", "leaf", false],
  ["left", "left", false],
  ["root", null, false],
  ["leaf", "foreign", false],
  ["foreign", "root", false],
])("%s may go under %s: %s", (agentId, parentId, may) => {
  expect(mayGoUnder(agents, agentId, parentId)).toBe(may);
});
