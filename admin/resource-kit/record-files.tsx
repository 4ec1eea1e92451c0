import DownloadIcon from "@mui/icons-material/Download";
import { Button } from "@mui/material";
import { type RaRecord, useNotify } from "react-admin";
import type { FileDeclaration, ResourceDeclaration } from "#contracts/resource.ts";
import { apiPath, failureOf, request } from "../providers/http.ts";
import { fits } from "./command-buttons.tsx";
import { useMay, useSay } from "./hooks.ts";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
}

/** The files about a record, each kept letter by letter as the server sent it; why there is none yet is said on screen. */
export function RecordFiles({ declaration, record }: Props) {
  const say = useSay();
  const notify = useNotify();
  const fetchFile = async ({ path }: FileDeclaration): Promise<void> => {
    try {
      const { body } = await request(`${apiPath}/${declaration.name}/${record.id}/${path}`);
      save(body, `truewick-${path}-${record.id}.json`);
    } catch (error) {
      notify(failureOf(error).message, { type: "warning" });
    }
  };
  const may = useMay();
  const offered = (declaration.files ?? []).filter(
    ({ exported, when }) => (exported !== true || may(declaration.name, "export")) && fits(when, record),
  );
  return offered.map((file) => (
    <Button
      key={file.path}
      size="small"
      variant="outlined"
      startIcon={<DownloadIcon />}
      {...(file.streamed === true
        ? { href: `${apiPath}/${declaration.name}/${record.id}/${file.path}`, download: "" }
        : { onClick: () => void fetchFile(file) })}
    >
      {say(file.label)}
    </Button>
  ));
}

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
