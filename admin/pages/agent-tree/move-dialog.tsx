import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, Skeleton, TextField } from "@mui/material";
import { type SyntheticEvent, useEffect, useState } from "react";
import { useDataProvider, useNotify, useTranslate } from "react-admin";
import { type MovePreviewReply, movePreviewReply } from "#contracts/agent-move.ts";
import type { DeskDataProvider } from "../../providers/data-provider.ts";
import { type Failure, failureOf, get } from "../../providers/http.ts";
import { FailureAlert } from "../../resource-kit/states.tsx";
import { token } from "../../theme/tokens.ts";

export interface Move {
  readonly agentId: string;
  readonly name: string;
  /** Null: to the top of the tree. */
  readonly parentId: string | null;
}

const reasonMax = 500;

/** What a move would do, as the server counts it, before it is done; and why. */
export function MoveDialog({
  move,
  close,
  done,
}: {
  readonly move: Move;
  readonly close: () => void;
  readonly done: () => void;
}) {
  const translate = useTranslate();
  const notify = useNotify();
  const dataProvider = useDataProvider<DeskDataProvider>();
  const [reason, setReason] = useState("");
  const [isBusy, setBusy] = useState(false);
  const { preview, failure, setFailure } = usePreview(move);
  const run = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await dataProvider.runCommand("agents", move.agentId, "move", { parentId: move.parentId, reason: reason.trim() });
      notify("desk.tree.moved", { type: "success", messageArgs: { name: move.name } });
      done();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm" aria-labelledby="move-title">
      <form onSubmit={(event) => void run(event)}>
        <DialogTitle id="move-title">{translate("desk.tree.moveOne", { name: move.name })}</DialogTitle>
        <DialogContent sx={{ display: "grid", gap: 2 }}>
          {preview === null && failure === null && <Skeleton variant="rounded" height={160} />}
          {preview !== null && <Preview preview={preview} />}
          {failure !== null && <FailureAlert failure={failure} />}
          {preview !== null && (
            <TextField
              label={translate("desk.tree.reason")}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              slotProps={{ htmlInput: { maxLength: reasonMax } }}
              multiline
              minRows={2}
              required
              autoFocus
            />
          )}
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={close}>{translate("ra.action.cancel")}</Button>
          <Button type="submit" variant="contained" disabled={preview === null || isBusy || reason.trim() === ""}>
            {translate("desk.tree.move")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function usePreview({ agentId, parentId }: Move) {
  const [preview, setPreview] = useState<MovePreviewReply | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const query = parentId === null ? "" : `?parentId=${encodeURIComponent(parentId)}`;
    get(`agents/${encodeURIComponent(agentId)}/move-preview${query}`)
      .then((reply) => isCurrent && setPreview(movePreviewReply.parse(reply)))
      .catch((error: unknown) => isCurrent && setFailure(failureOf(error)));
    return () => {
      isCurrent = false;
    };
  }, [agentId, parentId]);
  return { preview, failure, setFailure };
}

function Preview({ preview }: { readonly preview: MovePreviewReply }) {
  const translate = useTranslate();
  const line = (names: readonly string[]): string =>
    names.length === 0 ? translate("desk.tree.nobody") : names.join(" → ");
  const facts: [label: string, value: string, note?: string][] = [
    ["lineNow", line(preview.lineBefore)],
    ["lineThen", line(preview.lineAfter)],
    ["agents", String(preview.agents)],
    ["traders", String(preview.traders)],
    ["openOrders", String(preview.openOrders), "openOrdersNote"],
    ["unpaidPayouts", String(preview.unpaidPayouts), "unpaidPayoutsNote"],
  ];
  return (
    <Box component="dl" sx={{ m: 0, display: "grid", gridTemplateColumns: "auto 1fr", gap: "6px 16px", fontSize: 13 }}>
      {facts.map(([label, value, note]) => (
        <Box key={label} sx={{ display: "contents" }}>
          <Box component="dt" sx={{ color: token("textMuted") }}>
            {translate(`desk.tree.${label}`)}
          </Box>
          <Box component="dd" sx={{ m: 0, overflowWrap: "anywhere" }}>
            {value}
            {note !== undefined && value !== "0" && (
              <Box component="span" sx={{ color: token("textMuted"), ml: 1 }}>
                {translate(`desk.tree.${note}`)}
              </Box>
            )}
          </Box>
        </Box>
      ))}
    </Box>
  );
}
