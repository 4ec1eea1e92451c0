import { Box, Button } from "@mui/material";
import { type RaRecord, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import type { ChangeSheetReply } from "#contracts/risk-change-api.ts";
import { Panel, PanelWords } from "../dashboard/panel.tsx";
import { AddLine } from "./add-line.tsx";
import { LineCard } from "./line-card.tsx";
import { useDraft } from "./use-draft.ts";

interface Props {
  readonly record: RaRecord;
  readonly sheet: ChangeSheetReply;
  readonly isReadOnly: boolean;
}

/** What the change writes, line by line, typed in at its place. */
export function LinesPanel({ record, sheet, isReadOnly }: Props) {
  const translate = useTranslate();
  const draft = useDraft(sheet);
  const isOpen = record.state === "draft" || record.state === "proposed";
  const trader = sheet.lines.find(({ target }) => target.traderId !== null)?.target.traderId;
  const toTable = new URLSearchParams({ change: String(record.id), ...(trader == null ? {} : { trader }) });
  return (
    <Panel
      title={translate("desk.riskChange.lines")}
      note={translate("desk.riskChange.linesNote", { smart_count: sheet.lines.length })}
    >
      {sheet.lines.length === 0 && <PanelWords>{translate("desk.riskChange.noLines")}</PanelWords>}
      <Box sx={{ display: "grid" }}>
        {sheet.lines.map((line) => (
          <LineCard
            key={JSON.stringify(line.target)}
            line={line}
            draft={draft}
            isReadOnly={isReadOnly}
            isOpen={isOpen}
          />
        ))}
      </Box>
      {!isReadOnly && (
        <Box sx={{ p: 2, display: "grid", gap: 1 }}>
          <AddLine draft={draft} />
          <Box>
            <Button size="small" component={Link} to={`/risk-table?${toTable}`}>
              {translate("desk.riskChange.toTable")}
            </Button>
          </Box>
        </Box>
      )}
    </Panel>
  );
}
