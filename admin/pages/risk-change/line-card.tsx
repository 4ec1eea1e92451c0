import { Alert, Box, Button, Link, MenuItem, TextField, Typography } from "@mui/material";
import { useEffect, useRef, useState } from "react";
import { useTranslate } from "react-admin";
import { Link as RouterLink } from "react-router-dom";
import type { SheetLine } from "#contracts/risk-change-api.ts";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { token } from "../../theme/tokens.ts";
import { isSame } from "../risk-table/cell-text.ts";
import { mayCarry } from "../risk-table/setting-groups.ts";
import { FaultAlert } from "./fault-alert.tsx";
import { LineTable } from "./line-table.tsx";
import { useTargetWords } from "./target-words.ts";
import type { Draft } from "./use-draft.ts";

interface Props {
  readonly line: SheetLine;
  readonly draft: Draft;
  readonly isReadOnly: boolean;
  /** Whether the change is still to be applied: then its lines are beside what is in force. */
  readonly isOpen: boolean;
}

/** One line of a change: for whom and what, and each setting that it changes. */
export function LineCard({ line, draft, isReadOnly, isOpen }: Props) {
  const translate = useTranslate();
  const words = useTargetWords();
  const [begun, setBegun] = useState<readonly RiskSetting[]>([]);
  const card = useRef<HTMLElement>(null);
  const newest = begun.at(-1);
  useEffect(() => {
    if (newest === undefined) return;
    // After the menu that it was chosen from has given the focus back.
    const frame = requestAnimationFrame(() => {
      const cell = card.current?.querySelector(`[data-setting="${newest}"] [data-part="draft"]`);
      cell?.querySelector<HTMLElement>("textarea, input:not([aria-hidden]), button, [role=combobox]")?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [newest]);
  const changed = line.settings.flatMap(({ name, own, drafted }) =>
    isSame(own, drafted) ? [] : [name as RiskSetting],
  );
  const shown = riskSettingNames.filter((name) => changed.includes(name) || begun.includes(name));
  const fault = draft.fault?.line === line.id ? draft.fault : null;
  const isStale = isOpen && line.seenVersion !== line.version;
  const title = words(line);
  return (
    <Box
      component="article"
      ref={card}
      aria-label={title}
      sx={{ borderTop: `1px solid ${token("line")}`, minWidth: 0 }}
    >
      <Box sx={{ px: 2, pt: 1, display: "flex", flexWrap: "wrap", gap: "4px 12px", alignItems: "center" }}>
        <Typography variant="h3" sx={{ fontSize: 14, fontWeight: 600 }}>
          {title}
        </Typography>
        <Box component="span" sx={{ color: token("textMuted"), fontSize: 12 }}>
          <LineVersion line={line} />
        </Box>
        {!isReadOnly && (
          <Button size="small" disabled={draft.isBusy} onClick={() => void draft.remove(line)} sx={{ ml: "auto" }}>
            {translate("desk.riskChange.takeOut")}
          </Button>
        )}
      </Box>
      {line.needsSecond && (
        <Typography variant="body2" sx={{ px: 2, color: token("warn") }}>
          {translate("desk.riskChange.lineNeedsSecond")}
        </Typography>
      )}
      {isStale && <Stale line={line} draft={draft} isReadOnly={isReadOnly} />}
      <LineTable
        line={line}
        shown={shown}
        draft={draft}
        fault={fault}
        isReadOnly={isReadOnly}
        isOpen={isOpen}
        forget={(name) => setBegun((before) => before.filter((one) => one !== name))}
      />
      {fault !== null && (
        <Box sx={{ px: 2, pb: 1 }}>
          <FaultAlert fault={fault} />
        </Box>
      )}
      {!isReadOnly && (
        <FurtherSetting line={line} shown={shown} begin={(name) => setBegun((before) => [...before, name])} />
      )}
    </Box>
  );
}

function LineVersion({ line: { limitId, seenVersion } }: Pick<Props, "line">) {
  const translate = useTranslate();
  if (limitId === null || seenVersion === 0) return <>{translate("desk.riskChange.newLine")}</>;
  return (
    <Link component={RouterLink} to={`/risk-limits/${limitId}/show`} underline="hover">
      {translate("desk.riskChange.version", { version: seenVersion })}
    </Link>
  );
}

/** Somebody wrote the line after it was drafted: what was weighed is no longer what is changed. */
function Stale({ line, draft, isReadOnly }: Omit<Props, "isOpen">) {
  const translate = useTranslate();
  return (
    <Alert
      severity="warning"
      sx={{ mx: 2, my: 1 }}
      action={
        !isReadOnly && (
          <Button size="small" color="inherit" disabled={draft.isBusy} onClick={() => void draft.renew(line)}>
            {translate("desk.riskChange.renew")}
          </Button>
        )
      }
    >
      {translate(`desk.riskChange.${line.seenVersion === 0 ? "staleNew" : "staleLine"}`, {
        ...{ seen: line.seenVersion, now: line.version },
      })}
    </Alert>
  );
}

interface FurtherProps {
  readonly line: SheetLine;
  readonly shown: readonly RiskSetting[];
  readonly begin: (name: RiskSetting) => void;
}

/** Offers the settings that the line may carry and does not change yet. */
function FurtherSetting({ line, shown, begin }: FurtherProps) {
  const translate = useTranslate();
  const say = useSay();
  const offered = riskSettingNames.filter((name) => mayCarry(name, line) && !shown.includes(name));
  if (offered.length === 0) return null;
  return (
    <Box sx={{ px: 2, pb: 1.5 }}>
      <TextField
        select
        label={translate("desk.riskChange.further")}
        value=""
        onChange={({ target }) => begin(target.value as RiskSetting)}
        sx={{ width: 280, maxWidth: "100%" }}
      >
        {offered.map((name) => (
          <MenuItem key={name} value={name}>
            {say(riskSettingFields[name].label)}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  );
}
