import { Box, Button, Card, TextField, Typography } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { token } from "../../theme/tokens.ts";
import type { Changes } from "./use-level-changes.ts";
import type { ChangeNote } from "./use-risk-path.ts";

interface Props {
  readonly changes: Changes;
  /** Why the last one was refused. */
  readonly says: string | null;
  readonly save: (note: ChangeNote) => Promise<void>;
  /** Puts them into a draft instead; null: this person writes none. */
  readonly draft: ((note: ChangeNote) => Promise<void>) | null;
  /** Whether the draft is there already: nothing is saved at once then, and its own reason holds. */
  readonly isIntoDraft: boolean;
  readonly forget: () => void;
}

/** What was typed becomes versions only here, with a reason and the time from which they hold. */
export function SaveBar({ changes, says, save, draft, isIntoDraft, forget }: Props) {
  const translate = useTranslate();
  const [reason, setReason] = useState("");
  const [from, setFrom] = useState("");
  const [isBusy, setBusy] = useState(false);
  const count = Object.values(changes).reduce((sum, line) => sum + Object.keys(line).length, 0);
  if (count === 0) return null;
  const send = async (give: Props["save"]): Promise<void> => {
    setBusy(true);
    await give({ reason: reason.trim(), effectiveAt: from === "" ? "" : new Date(from).toISOString() });
    setBusy(false);
  };
  const isReady = !isBusy && (isIntoDraft || reason.trim() !== "");
  return (
    <Card
      component="section"
      aria-label={translate("desk.riskTable.changes", { smart_count: count })}
      sx={{
        position: "sticky",
        bottom: 0,
        p: 2,
        display: "flex",
        flexWrap: "wrap",
        gap: 1.5,
        alignItems: "center",
        zIndex: 2,
      }}
    >
      <Typography variant="body2" sx={{ fontWeight: 600 }}>
        {translate("desk.riskTable.changes", { smart_count: count })}
      </Typography>
      {!isIntoDraft && <NoteFields reason={reason} setReason={setReason} from={from} setFrom={setFrom} />}
      <Button onClick={forget}>{translate("desk.riskTable.forget")}</Button>
      {draft !== null && (
        <Button variant={isIntoDraft ? "contained" : "outlined"} disabled={!isReady} onClick={() => void send(draft)}>
          {translate(`desk.riskChange.${isIntoDraft ? "intoDraft" : "asDraft"}`)}
        </Button>
      )}
      {!isIntoDraft && (
        <Button variant="contained" disabled={!isReady} onClick={() => void send(save)}>
          {translate("desk.riskTable.save")}
        </Button>
      )}
      {says !== null && (
        <Box role="alert" sx={{ flexBasis: "100%", color: token("danger") }}>
          {says}
        </Box>
      )}
    </Card>
  );
}

interface NoteProps {
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  readonly from: string;
  readonly setFrom: (from: string) => void;
}

function NoteFields({ reason, setReason, from, setFrom }: NoteProps) {
  const translate = useTranslate();
  return (
    <>
      <TextField
        label={translate("desk.riskTable.reason")}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
        sx={{ flex: "1 1 220px" }}
      />
      <TextField
        type="datetime-local"
        label={translate("desk.riskTable.from")}
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        slotProps={{ inputLabel: { shrink: true } }}
        sx={{ width: 220 }}
      />
    </>
  );
}
