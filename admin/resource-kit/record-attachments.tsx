import { Box, Card, Link, Typography } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { type RaRecord, useNotify, useTranslate } from "react-admin";
import { attachmentTypes } from "#contracts/attachment-names.ts";
import { attachmentsReply, type WireAttachment } from "#contracts/attachments-api.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { apiPath, failureOf, get, sendFile } from "../providers/http.ts";
import { token } from "../theme/tokens.ts";
import { fits } from "./command-buttons.tsx";
import { Time } from "./field-view.tsx";
import { FileButton } from "./file-button.tsx";
import { useSession } from "./hooks.ts";
import { ErrorState } from "./states.tsx";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

/** Files that people added to a record, for resources that are declared with attachments. */
export function RecordAttachments({ declaration, record }: Props) {
  if (declaration.attachments === undefined) return null;
  return <Attachments declaration={declaration} record={record} />;
}

function Attachments({ declaration, record }: Props) {
  const translate = useTranslate();
  const path = `${declaration.name}/${encodeURIComponent(String(record.id))}/attachments`;
  const { data, error, refetch } = useQuery({
    queryKey: ["attachments", path],
    queryFn: async () => attachmentsReply.parse(await get(path)).attachments,
    retry: false,
  });
  return (
    <Card component="section" aria-label={translate("desk.show.files")} sx={{ p: 2, minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center", justifyContent: "space-between" }}>
        <Typography variant="h2">{translate("desk.show.files")}</Typography>
        <AddFile declaration={declaration} record={record} path={path} added={() => void refetch()} />
      </Box>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data?.length === 0 && (
        <Typography variant="body2" sx={{ color: token("textMuted"), mt: 1 }}>
          {translate("desk.show.noFiles")}
        </Typography>
      )}
      <Box component="ul" sx={{ listStyle: "none", m: 0, mt: 1, p: 0, display: "grid", gap: 1 }}>
        {data?.map((file) => (
          <FileRow key={file.id} file={file} address={`${apiPath}/${path}/${file.id}`} />
        ))}
      </Box>
    </Card>
  );
}

function FileRow({ file, address }: { readonly file: WireAttachment; readonly address: string }) {
  const translate = useTranslate();
  return (
    <Box component="li" sx={{ display: "flex", flexWrap: "wrap", gap: "0 16px", overflowWrap: "anywhere" }}>
      <Link href={address} download={file.name}>
        {file.name}
      </Link>
      <Typography
        variant="caption"
        component="span"
        sx={{ color: token("textMuted") }}
        title={`SHA-256 ${file.sha256}`}
      >
        {Math.ceil(file.size / 1_000)} kB · {translate("desk.show.by", { name: file.addedBy })} ·{" "}
        <Time iso={file.addedAt} />
      </Typography>
    </Box>
  );
}

/** Offered to whoever may add one to the record as it stands. */
function AddFile({ declaration, record, path, added }: Props & { readonly path: string; readonly added: () => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const session = useSession();
  const { roles = [], when } = declaration.attachments ?? {};
  if (session === undefined || !roles.includes(session.role) || !fits(when, record)) return null;
  const take = async (file: File): Promise<void> => {
    try {
      await sendFile(`${path}?name=${encodeURIComponent(file.name)}`, file);
      notify("desk.show.fileAdded", { type: "success" });
      added();
    } catch (error) {
      notify(failureOf(error).message, { type: "warning" });
    }
  };
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
      <Typography variant="caption" sx={{ color: token("textMuted") }}>
        {translate("desk.show.fileKinds")}
      </Typography>
      <FileButton
        label={translate("desk.show.addFile")}
        accept={attachmentTypes.join(",")}
        take={(file) => void take(file)}
      />
    </Box>
  );
}
