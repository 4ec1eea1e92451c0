import { Box, Link } from "@mui/material";
import type { MouseEvent } from "react";
import { useCreatePath, useNotify, useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import { shortId } from "../format/figures.ts";
import { monoStack } from "../theme/theme.ts";
import { useMay } from "./hooks.ts";

const mono = { fontFamily: monoStack, fontSize: "0.95em" } as const;

/** An id, shortened; a click copies the whole. */
export function CopyId({ id }: { readonly id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const copy = async (event: MouseEvent) => {
    event.stopPropagation();
    await navigator.clipboard.writeText(id);
    notify("desk.id.copied", { type: "info", autoHideDuration: 1500 });
  };
  return (
    <Box
      component="button"
      type="button"
      title={translate("desk.id.copy", { id })}
      onClick={(event: MouseEvent) => void copy(event)}
      sx={{ ...mono, p: 0, border: 0, background: "none", color: "inherit", cursor: "copy" }}
    >
      {shortId(id)}
    </Box>
  );
}

/** The id of another record, leading to it where the viewer may read it. */
export function IdLink({ id, to }: { readonly id: string; readonly to: string }) {
  const path = useCreatePath();
  const may = useMay();
  if (!may(to, "read")) return <CopyId id={id} />;
  return (
    <Link
      component={RouterLink}
      to={path({ resource: to, type: "show", id })}
      title={id}
      underline="hover"
      sx={mono}
      onClick={(event) => event.stopPropagation()}
    >
      {shortId(id)}
    </Link>
  );
}
