import { isDeepStrictEqual } from "node:util";
import type { Knex } from "knex";
import type { StaffIdentity } from "#contracts/identity.ts";
import { assert, type Result } from "#core/result.ts";
import type { Actor, Transact, Work } from "../platform/db/unit-of-work.ts";
import { ProblemError } from "../platform/http/problem.ts";
import { once } from "./idempotency.ts";
import { FieldErrors, type Input, readBody, readChanges, readCommand, readCreate } from "./input.ts";
import { type Known, lockRecord, recordOf } from "./known-record.ts";
import { inLocale, says } from "./messages.ts";
import type { Resource, Resources } from "./model.ts";
import { withinScope } from "./scopes.ts";
import { insertRow, tableOf, updateRow } from "./stored-rows.ts";
import { explainDeleteViolation, explainViolation } from "./violations.ts";
import type { WireRecord } from "./wire.ts";
import type { Command, WriteRefusal, Writers } from "./writers.ts";

export interface WriteDeps {
  readonly resources: Resources;
  readonly transact: Transact;
  readonly writers: Writers;
  /** Tells every process that a record changed; called after the commit. */
  readonly publishChanged: (resource: string, id: string) => void;
}

/** Who writes: his identity decides, the actor is remembered. */
export interface Writing {
  readonly staff: StaffIdentity;
  readonly actor: Actor;
}

export async function createRecord(
  deps: WriteDeps,
  { staff, actor }: Writing,
  resource: Resource,
  request: { readonly body: unknown; readonly key: string | undefined },
): Promise<WireRecord> {
  const body = readBody(request.body, staff.locale);
  const input = inOwnTenant(resource, staff, readCreate(resource, inOwnTenant(resource, staff, body), staff.locale));
  const run = (work: Work) => async () => {
    await refuseForeignReferences(work.db, deps.resources, resource, staff, input);
    const writer = deps.writers[resource.declaration.writer ?? ""];
    const created =
      writer?.create === undefined
        ? { id: await insertRow(work.db, resource, input) }
        : unwrap(await writer.create(work, actor, input), staff);
    const record = await recordOf(work.db, resource, staff, String(created.id));
    if (writer?.create === undefined) work.audit({ ...about(resource, record), action: "create", after: record.bare });
    work.afterCommit(() => deps.publishChanged(resource.name, String(created.id)));
    return { stored: record.shown, answer: { ...record.shown, ...created.shownOnce } };
  };
  const { locale } = staff;
  return explained(resource, staff, () =>
    deps.transact(actor, (work) => once(work, actor, { ...request, body, resource: resource.name, locale }, run(work))),
  );
}

export async function updateRecord(
  deps: WriteDeps,
  { staff, actor }: Writing,
  resource: Resource,
  request: { readonly id: string; readonly body: unknown; readonly ifMatch: string | undefined },
): Promise<WireRecord> {
  const body = readBody(request.body, staff.locale);
  return explained(resource, staff, () =>
    deps.transact(actor, async (work) => {
      const before = await lockRecord(work.db, resource, staff, request.id);
      refuseOtherVersion(resource, staff, before, { body, ifMatch: request.ifMatch });
      const changes = readChanges(resource, body, before.shown, staff.locale);
      if (Object.keys(changes).length === 0) return before.shown;
      await refuseForeignReferences(work.db, deps.resources, resource, staff, changes);
      const writer = deps.writers[resource.declaration.writer ?? ""];
      if (writer?.update === undefined) await updateRow(work.db, resource, request.id, changes);
      else unwrap(await writer.update(work, actor, { id: request.id, changes, current: before.bare }), staff);
      const after = await recordOf(work.db, resource, staff, request.id);
      if (writer?.update === undefined) {
        const images = { before: differing(before.bare, after.bare), after: differing(after.bare, before.bare) };
        work.audit({ ...about(resource, after), action: "update", ...images });
      }
      work.afterCommit(() => deps.publishChanged(resource.name, request.id));
      return after.shown;
    }),
  );
}

export async function deleteRecord(
  deps: WriteDeps,
  { staff, actor }: Writing,
  resource: Resource,
  request: { readonly id: string; readonly ifMatch: string | undefined },
): Promise<WireRecord> {
  return deps.transact(actor, async (work) => {
    const before = await lockRecord(work.db, resource, staff, request.id);
    if (request.ifMatch !== undefined)
      refuseOtherVersion(resource, staff, before, { body: {}, ifMatch: request.ifMatch });
    const writer = deps.writers[resource.declaration.writer ?? ""];
    if (writer?.delete === undefined) await deletePlainly(work, resource, staff, request.id, before);
    else unwrap(await writer.delete(work, actor, { id: request.id, current: before.bare }), staff);
    work.afterCommit(() => deps.publishChanged(resource.name, request.id));
    return before.shown;
  });
}

async function deletePlainly(
  work: Work,
  resource: Resource,
  { locale }: StaffIdentity,
  id: string,
  before: Known,
): Promise<void> {
  try {
    await work.db(tableOf(resource)).where(resource.id.name, id).delete();
  } catch (error) {
    explainDeleteViolation(error, locale);
  }
  work.audit({ ...about(resource, before), action: "delete", before: before.bare });
}

export async function runCommand(
  deps: WriteDeps,
  { staff, actor }: Writing,
  resource: Resource,
  request: { readonly id: string; readonly command: CommandRequest },
): Promise<WireRecord> {
  const { id, command } = request;
  const { locale } = staff;
  const body = readBody(command.body ?? {}, locale);
  const fields = resource.declaration.commands?.[command.name]?.input ?? {};
  const input = readCommand(fields, body, locale);
  const run = (work: Work) => async () => {
    const { bare } = await lockRecord(work.db, resource, staff, id);
    const done = unwrap(await command.run(work, actor, { id, input, current: bare }), staff);
    work.afterCommit(() => deps.publishChanged(resource.name, id));
    const { shown } = await recordOf(work.db, resource, staff, id);
    return { stored: shown, answer: { ...shown, ...done?.shownOnce } };
  };
  const said = { key: command.key, resource: `${resource.name}/${id}/${command.name}`, body, locale };
  return explained(resource, staff, () => deps.transact(actor, (work) => once(work, actor, said, run(work))));
}

export interface CommandRequest {
  readonly name: string;
  readonly body: unknown;
  readonly key: string | undefined;
  readonly run: Command;
}

function refuseOtherVersion(
  resource: Resource,
  { locale }: StaffIdentity,
  current: Known,
  seen: { readonly body: Record<string, unknown>; readonly ifMatch: string | undefined },
): void {
  const field = resource.declaration.version;
  if (field === undefined) return;
  const version = seen.body[field] ?? seen.ifMatch?.replace(/^(W\/)?"(.*)"$/, "$2");
  if (version === undefined || version === null)
    throw new ProblemError(428, "VERSION_MISSING", says("versionMissing", locale), {
      errors: { [field]: says("versionMissing", locale) },
    });
  if (version === seen.body[field] && !Number.isSafeInteger(version))
    throw new ProblemError(422, "INVALID_REQUEST", says("invalid", locale), {
      errors: { [field]: says("whole", locale) },
    });
  if (String(version) !== String(current.shown[field]))
    throw new ProblemError(412, "CHANGED_MEANWHILE", says("changedMeanwhile", locale), {
      extra: { current: current.shown },
    });
}

/** Staff of a partner write for their own partner, whether they say so or not. */
function inOwnTenant(resource: Resource, staff: StaffIdentity, input: Input): Record<string, unknown> {
  const { tenantColumn } = resource.declaration.scope;
  const column = [...resource.columns.values()].find(({ name }) => name === tenantColumn);
  if (staff.tenantId === null || column === undefined || column.spec.readOnly === true || column === resource.id)
    return { ...input };
  return { ...input, [column.field]: input[column.field] ?? staff.tenantId };
}

/** A reference to a row this person may not see is a reference to nothing. */
async function refuseForeignReferences(
  db: Knex,
  resources: Resources,
  resource: Resource,
  staff: StaffIdentity,
  input: Input,
): Promise<void> {
  const errors = new FieldErrors(staff.locale);
  for (const [field, value] of Object.entries(input)) {
    const spec = resource.columns.get(field)?.spec;
    if (spec?.kind !== "ref" || value === null) continue;
    const target = resources.get(spec.to);
    assert(target !== undefined, `${resource.name}.${field} refers to ${spec.to}, which is not loaded`);
    const query = withinScope(db(target.declaration.source), target, staff).where(target.id.name, value as string);
    if ((await query.first(target.id.name)) === undefined) errors.add(field, "reference");
  }
  errors.throwIfAny();
}

const about = (resource: Resource, record: Known) => ({
  resource: resource.name,
  objectId: String(record.bare.id),
  tenantId: record.tenantId,
});

/** The part of `one` that `other` has not. */
const differing = (one: WireRecord, other: WireRecord): WireRecord =>
  Object.fromEntries(Object.entries(one).filter(([field, value]) => !isDeepStrictEqual(value, other[field])));

function unwrap<Value>(result: Result<Value, WriteRefusal>, { locale }: StaffIdentity): Value {
  if (result.ok) return result.value;
  const { status = 422, code, says: sentence, errors = {} } = result.refusal;
  const told = Object.entries(errors).map(([field, label]) => [field, inLocale(label, locale)]);
  throw new ProblemError(status, code, inLocale(sentence, locale), { errors: Object.fromEntries(told) });
}

async function explained<T>(resource: Resource, staff: StaffIdentity, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return explainViolation(error, resource, staff.locale);
  }
}
