import { type Identifier, ReferenceField, useRecordContext } from "react-admin";
import type { RefField } from "#contracts/field.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { declarationNamed } from "../declarations.ts";
import { shortId } from "../format/figures.ts";
import { useMay, useScreenLocale } from "./hooks.ts";
import { CopyId, IdLink } from "./id-text.tsx";
import { titleOf } from "./record-title.ts";

interface Props {
  readonly field: RefField;
  readonly id: Identifier;
  /** False inside a button, which can't hold another control. */
  readonly isLink?: boolean;
}

/**
 * Another record by its name, leading to it. Where its id is its name, or the viewer may not list it, nothing is asked of the
 * server. The names of a whole page are fetched in one request.
 */
export function RefText({ field, id, isLink = true }: Props) {
  const may = useMay();
  const target = declarationNamed(field.to);
  const isNamedById = target?.recordName === "id" || field.shape === "text" || !may(field.to, "list");
  if (!isLink && (target === undefined || isNamedById)) return <>{shortId(String(id))}</>;
  if (target === undefined) return <CopyId id={String(id)} />;
  if (isNamedById) return <IdLink id={String(id)} to={field.to} />;
  return (
    <ReferenceField
      record={{ id: "", ref: id }}
      source="ref"
      reference={field.to}
      link={isLink && may(field.to, "read") ? "show" : false}
      emptyText={String(id)}
    >
      <RecordName declaration={target} />
    </ReferenceField>
  );
}

function RecordName({ declaration }: { readonly declaration: ResourceDeclaration }) {
  const record = useRecordContext();
  const locale = useScreenLocale();
  const name = record === undefined ? "" : titleOf(declaration, record, locale);
  return <span title={name}>{name}</span>;
}
