import { describe, expect, test } from "@jest/globals";
import type { Field } from "#contracts/field.ts";
import { staffRoles } from "#contracts/names.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { formFields, isFilterable, isSortable } from "../../admin/providers/fields.ts";
import { mayDo, offeredTo } from "../../admin/providers/permissions.ts";
import { filterSpecs, keysOf } from "../../admin/resource-kit/filter-specs.ts";
import { declarations } from "./support/declarations.ts";

const named = (name: string): ResourceDeclaration => {
  const found = declarations.find((declaration) => declaration.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
};

describe("what is offered", () => {
  test("nobody may do what is not declared", () => {
    for (const role of staffRoles) {
      expect(mayDo(named("fills"), { role, tenantId: null }, "delete")).toBe(false);
      expect(mayDo(named("transfers"), { role, tenantId: null }, "create")).toBe(false);
      expect(mayDo(named("orders"), { role, tenantId: null }, "no-such-action")).toBe(false);
    }
  });

  test("react-admin's show and edit are the declared read and update", () => {
    const risk = { role: "risk", tenantId: null } as const;
    expect(mayDo(named("instruments"), risk, "show")).toBe(true);
    expect(mayDo(named("instruments"), risk, "edit")).toBe(true);
    expect(mayDo(named("staff"), risk, "show")).toBe(false);
  });

  test("an agent is offered only what can be narrowed to his line, or is for everyone", () => {
    const agent = { role: "agent", tenantId: 1 } as const;
    const listed = declarations.filter((declaration) => mayDo(declaration, agent, "list"));
    for (const { scope } of listed) expect(scope.shared === true || scope.agentLineColumn !== null).toBe(true);
    expect(listed.map(({ name }) => name)).toContain("orders");
    expect(listed.map(({ name }) => name)).not.toContain("transfers");
  });

  test("nobody is offered to search, filter or sort by what he gets masked", () => {
    const traders = named("traders");
    const agent = offeredTo(traders, { role: "agent", tenantId: 1 });
    expect(agent.search).toEqual(["externalRef"]);
    expect([isSortable(agent.fields.name as Field), isFilterable(agent.fields.name as Field)]).toEqual([false, false]);
    expect(offeredTo(named("accounts"), { role: "agent", tenantId: 1 }).search).toBeUndefined();
    const support = offeredTo(traders, { role: "support", tenantId: null });
    expect(support.search).toEqual(traders.search);
    expect([isSortable(support.fields.name as Field), isSortable(support.fields.email as Field)]).toEqual([
      true,
      false,
    ]);
    expect(offeredTo(traders, { role: "agent", tenantId: 2 })).toBe(agent);
  });

  test("a partner's staff are not offered what only the operator's own may do", () => {
    for (const declaration of declarations)
      for (const operation of declaration.operatorOnly ?? [])
        expect(mayDo(declaration, { role: "admin", tenantId: 1 }, operation)).toBe(false);
  });
});

describe("forms and filters", () => {
  test("a form never holds what the system keeps, nor on an edit what is given once", () => {
    for (const declaration of declarations) {
      for (const [, field] of formFields(declaration, "create")) expect(field.readOnly).not.toBe(true);
      for (const [, field] of formFields(declaration, "edit")) expect(field.createOnly).not.toBe(true);
    }
  });

  test("times and amounts are asked for as ranges, in the server's words", () => {
    const specs = filterSpecs(named("fills"));
    const filled = specs.find(({ name }) => name === "filledAt");
    expect(filled === undefined ? [] : keysOf(filled)).toEqual(["filledAt_gte", "filledAt_lte"]);
    const side = specs.find(({ name }) => name === "side");
    expect(side === undefined ? [] : keysOf(side)).toEqual(["side"]);
  });
});
