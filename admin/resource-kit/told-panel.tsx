import CopyIcon from "@mui/icons-material/ContentCopy";
import DownloadIcon from "@mui/icons-material/Download";
import { Alert, Box, Button, Typography } from "@mui/material";
import { useNotify, useTranslate } from "react-admin";
import type { ShownOnce } from "#contracts/resource.ts";
import type { Told } from "../providers/told-once.ts";
import { monoStack } from "../theme/theme.ts";
import { token } from "../theme/tokens.ts";
import { useSay } from "./hooks.ts";

interface Props {
  readonly declared: Readonly<Record<string, ShownOnce>>;
  readonly told: Told;
  readonly done: () => void;
}

/** What is told once, to be copied or kept as a file now: it is gone when this panel is left. */
export function ToldPanel({ declared, told, done }: Props) {
  const translate = useTranslate();
  const shown = Object.entries(declared).flatMap(([name, spec]) => {
    const value = told[name];
    return value === undefined ? [] : [{ name, spec, value }];
  });
  // The first of them names the rest, also as a file.
  const fileName = shown[0]?.value ?? "";
  return (
    <Box sx={{ display: "grid", gap: 2, minWidth: 0 }} role="status">
      <Alert severity="info" variant="outlined">
        {translate("desk.told.now")}
      </Alert>
      {shown.map(({ name, spec, value }) => (
        <ToldValue key={name} spec={spec} value={value} fileName={fileName} />
      ))}
      <Box sx={{ display: "flex", justifyContent: "flex-end" }}>
        <Button variant="contained" onClick={done}>
          {translate("desk.told.kept")}
        </Button>
      </Box>
    </Box>
  );
}

interface ValueProps {
  readonly spec: ShownOnce;
  readonly value: string;
  readonly fileName: string;
}

function ToldValue({ spec, value, fileName }: ValueProps) {
  const say = useSay();
  const translate = useTranslate();
  const notify = useNotify();
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    notify("desk.id.copied", { type: "info", autoHideDuration: 1500 });
  };
  return (
    <Box component="section" aria-label={say(spec.label)} sx={{ minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, mb: 0.5 }}>
        <Typography variant="h2" component="h3" sx={{ flex: 1 }}>
          {say(spec.label)}
        </Typography>
        {/* Browsers offer the clipboard over https and on the same machine only. */}
        {window.isSecureContext && (
          <Button size="small" startIcon={<CopyIcon />} onClick={() => void copy()}>
            {translate("desk.told.copy")}
          </Button>
        )}
        {spec.file !== undefined && (
          <Button size="small" startIcon={<DownloadIcon />} onClick={() => download(`${fileName}.${spec.file}`, value)}>
            {translate("desk.told.download", { ending: spec.file })}
          </Button>
        )}
      </Box>
      <Box
        component="pre"
        tabIndex={0}
        sx={{
          m: 0,
          p: 1.5,
          fontFamily: monoStack,
          fontSize: 12,
          whiteSpace: "pre-wrap",
          overflowWrap: "anywhere",
          backgroundColor: token("surfaceSunken"),
          border: `1px solid ${token("line")}`,
          borderRadius: "6px",
        }}
      >
        {value}
      </Box>
    </Box>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-pem-file" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
