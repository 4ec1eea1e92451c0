import { Box, Button } from "@mui/material";
import { useTranslate } from "react-admin";
import { sideLabels } from "#contracts/choices.ts";
import type { StressReply } from "#contracts/stress.ts";
import { figure } from "../../../format/figures.ts";
import { useSay } from "../../../resource-kit/hooks.ts";
import { RefText } from "../../../resource-kit/ref-text.tsx";
import { Panel, PanelTable, PanelWords } from "../../dashboard/panel.tsx";
import { ShortName, toAccount } from "../group-name.tsx";
import { stoppedOutCsv } from "./stopped-out-csv.ts";

const shownMax = 100;

/** The accounts that are stopped out, the worst first; as many as were told in a file. */
export function StoppedOut({ reply }: { readonly reply: StressReply }) {
  const translate = useTranslate();
  const say = useSay();
  const word = (key: string, more = {}) => translate(`desk.stressBench.${key}`, more);
  const { count, rows: told } = reply.stoppedOut;
  const shown = told.slice(0, shownMax);
  const columns = [
    { name: translate("desk.exposureDesk.account"), isFigure: false },
    { name: translate("desk.exposureDesk.partner"), isFigure: false },
    ...["equityBefore", "levelBefore", "equityShocked", "levelShocked", "fees", "madeGood", "equityAfter"].map(
      (key) => ({
        name: word(key),
        isFigure: true,
      }),
    ),
    { name: word("closes"), isFigure: false },
  ];
  const rows = shown.map((one) => ({
    key: one.accountId,
    cells: [
      <ShortName key="account">
        <RefText field={toAccount} id={one.accountId} />
      </ShortName>,
      <ShortName key="partner">{one.partner}</ShortName>,
      figure(one.before.equity),
      figure(one.before.percent ?? "–"),
      figure(one.shocked.equity),
      figure(one.shocked.percent ?? "–"),
      figure(one.fees),
      figure(one.madeGood),
      figure(one.after.equity),
      <Box key="closes" sx={{ whiteSpace: "normal", minWidth: 110 }}>
        {one.closed
          .map(({ instrumentId, side, lots }) => `${say(sideLabels[side])} ${figure(lots)} ${instrumentId}`)
          .join(", ")}
      </Box>,
    ],
  }));
  return (
    <Panel
      title={word("accounts")}
      note={
        told.length > 0 && (
          <Button size="small" variant="outlined" onClick={() => download(reply)}>
            {word("csv")}
          </Button>
        )
      }
    >
      {rows.length === 0 ? <PanelWords>{word("none")}</PanelWords> : <PanelTable columns={columns} rows={rows} />}
      {count > shown.length && (
        <Box sx={{ pt: 1 }}>
          <PanelWords>{word("cut", { shown: figure(shown.length), count: figure(count) })}</PanelWords>
        </Box>
      )}
    </Panel>
  );
}

function download(reply: StressReply): void {
  const address = URL.createObjectURL(new Blob([stoppedOutCsv(reply)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `stress_${reply.book}_${reply.at.slice(0, 19).replace(/[-:]/g, "")}Z.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
