import type { Field } from "#contracts/field.ts";
import type { StaffRole } from "#contracts/names.ts";
import { loadResources, openApiDocument } from "../../../server/resources/index.ts";
import { fixedFields } from "./examples.ts";

export const resources = await loadResources();
export const document = openApiDocument(resources);

type Resource = NonNullable<ReturnType<typeof resources.get>>;

/** One operation of /openapi.json, with what the declarations say about its input. */
export interface Operation {
  /** "post /api/admin/staff/{id}" */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The first role that may do it; a trader; null: anybody. */
  readonly as: StaffRole | "trader" | null;
  readonly resource: Resource | undefined;
  readonly kind: "create" | "update" | "command" | "rows" | "other";
  /** Fields of the body. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Takes JSON. What payment channels send is signed bytes: tests/capabilities/deposits/notices. */
  readonly hasBody: boolean;
  /** Names of its query parameters. */
  readonly query: readonly string[];
}

export const operations: readonly Operation[] = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item ?? {}).map(([method, described]) =>
    operationOf(method, path, described as Parameters<typeof operationOf>[2]),
  ),
);

function operationOf(
  method: string,
  path: string,
  described: {
    description?: string;
    security?: readonly Record<string, unknown>[];
    parameters?: { in: string; name: string }[];
    requestBody?: { readonly content?: Readonly<Record<string, unknown>> };
  },
): Operation {
  const [, name = ""] = /^\/api\/admin\/([a-z-]+)/.exec(path) ?? [];
  const resource = resources.get(name);
  const command = /\/commands\/([a-z-]+)$/.exec(path)?.[1];
  const [, first] = /Roles: ([a-z]+)/.exec(described.description ?? "") ?? [];
  const isTrader = described.security?.some((scheme) => "traderToken" in scheme) === true;
  const isStaff = described.security?.some((scheme) => "staffCookie" in scheme) === true;
  const query = (described.parameters ?? []).filter((one) => one.in === "query").map((one) => one.name);
  const { kind, fields } = inputOf(method, resource, command);
  return {
    name: `${method} ${path}`,
    method: method.toUpperCase(),
    path,
    as: isTrader ? "trader" : isStaff ? ((first ?? "admin") as StaffRole) : null,
    resource,
    kind: resource !== undefined && query.includes("filter") ? "rows" : kind,
    fields: fields ?? fixedFields[`${method} ${path}`] ?? {},
    hasBody: described.requestBody?.content?.["application/json"] !== undefined,
    query,
  };
}

function inputOf(
  method: string,
  resource: Resource | undefined,
  command: string | undefined,
): { kind: Operation["kind"]; fields?: Readonly<Record<string, Field>> } {
  if (resource === undefined) return { kind: "other" };
  const { declaration } = resource;
  if (command !== undefined) return { kind: "command", fields: declaration.commands?.[command]?.input ?? {} };
  const all = Object.entries<Field>(declaration.fields);
  if (method === "put") return { kind: "update", fields: Object.fromEntries(all) };
  if (method === "post")
    return { kind: "create", fields: Object.fromEntries(all.filter(([, spec]) => !spec.readOnly)) };
  return { kind: "other" };
}
