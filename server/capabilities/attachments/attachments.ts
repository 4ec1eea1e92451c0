import { createHash } from "node:crypto";
import type { Knex } from "knex";
import type { AttachmentType } from "#contracts/attachment-names.ts";
import { type AttachmentRefusalCode, attachmentBytesMax, attachmentsMax } from "#contracts/attachments-api.ts";
import { fileKindOf } from "#core/file-kind.ts";
import { ok, type Result, refuse } from "#core/result.ts";
import type { Actor, Work } from "../../platform/db/unit-of-work.ts";
import { newId } from "../../platform/ids.ts";

/** The record that files are added to. */
export interface About {
  readonly resource: string;
  readonly objectId: string;
  readonly tenantId: number | null;
}

export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly media_type: AttachmentType;
  readonly size: number;
  readonly sha256: Buffer;
  readonly added_by_id: string | null;
  readonly added_by: string;
  readonly added_at: Date;
}

const shown = ["id", "name", "media_type", "size", "sha256", "added_by_id", "added_by", "added_at"] as const;

/**
 * Adds a file to a record whose row the caller has locked. What it is, its first bytes say, not its name. The same bytes again are the
 * same attachment. `ownMax`: so many of a record may be this actor's. A refusal writes nothing.
 */
export async function addAttachment(
  { db, audit }: Work,
  actor: Actor,
  { resource, objectId, tenantId }: About,
  file: { readonly name: string; readonly bytes: Buffer },
  { ownMax = attachmentsMax }: { readonly ownMax?: number } = {},
): Promise<Result<AttachmentRow, AttachmentRefusalCode>> {
  const { name, bytes } = file;
  if (bytes.length === 0) return refuse("FILE_EMPTY");
  if (bytes.length > attachmentBytesMax) return refuse("FILE_TOO_LARGE");
  const mediaType = fileKindOf(bytes);
  if (mediaType === null) return refuse("FILE_TYPE_UNKNOWN");
  const sha256 = createHash("sha256").update(bytes).digest();
  const there = await listAttachments(db, { resource, objectId });
  const same = there.find((one) => one.sha256.equals(sha256));
  if (same !== undefined) return ok(same);
  const own = there.filter(({ added_by_id }) => added_by_id === actor.id);
  if (there.length >= attachmentsMax || own.length >= ownMax) return refuse("TOO_MANY_FILES");
  const [row] = await db("attachments")
    .insert({
      ...{ id: newId(), tenant_id: tenantId, resource, object_id: objectId, name, media_type: mediaType },
      ...{ size: bytes.length, sha256, bytes, added_by_id: actor.id, added_by: actor.name },
    })
    .returning<AttachmentRow[]>([...shown]);
  if (row === undefined) throw new Error(`an attachment of ${resource} ${objectId} was not written`);
  const after = { name, mediaType, size: bytes.length, sha256: sha256.toString("hex") };
  audit({ action: "attach", resource, objectId, tenantId, after });
  return ok(row);
}

/** A record's files, oldest first. */
export const listAttachments = (
  db: Knex,
  { resource, objectId }: Pick<About, "resource" | "objectId">,
): Promise<AttachmentRow[]> =>
  db("attachments")
    .where({ resource, object_id: objectId })
    .orderBy(["added_at", "id"])
    .select<AttachmentRow[]>([...shown]);

/** One file of a record with its bytes; null: the record has no such file. */
export async function readAttachment(
  db: Knex,
  { resource, objectId }: Pick<About, "resource" | "objectId">,
  id: string,
): Promise<(AttachmentRow & { readonly bytes: Buffer }) | null> {
  const row = await db("attachments").where({ resource, object_id: objectId, id }).first();
  return row ?? null;
}

/** How many files of each record an actor has added; none are not in the answer. */
export async function countOwnAttachments(
  db: Knex,
  {
    resource,
    addedById,
    objectIds,
  }: Pick<About, "resource"> & {
    readonly addedById: string;
    readonly objectIds: readonly string[];
  },
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.raw<{ rows: { object_id: string; files: number }[] }>(
    `SELECT object_id, count(*)::int AS files FROM attachments WHERE resource = ? AND object_id = ANY (?::text[]) AND added_by_id = ?
     GROUP BY 1`,
    [resource, [...objectIds], addedById],
  );
  return new Map(rows.map(({ object_id, files }) => [object_id, files]));
}
