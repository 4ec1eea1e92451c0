import { Alert, Box, Chip, Skeleton } from "@mui/material";
import { useCallback, useState } from "react";
import { useTranslate } from "react-admin";
import { useSearchParams } from "react-router-dom";
import type { Book } from "#contracts/names.ts";
import { timeText } from "../../format/times.ts";
import { useMay, useScreenLocale, useSession } from "../../resource-kit/hooks.ts";
import { ExposurePanel } from "./exposure-panel.tsx";
import { changed, questionIn } from "./question.ts";
import { StandingStops } from "./standing-stops.tsx";
import { StopDialog, type StopTarget } from "./stop-dialog.tsx";
import { useExposure } from "./use-exposure.ts";
import { useStops } from "./use-stops.ts";
import { WorstPanel } from "./worst-panel.tsx";

/** The book as it moves. The address holds the view, so that a colleague can be sent it. */
export function ExposureDesk({ book }: { readonly book: Book }) {
  const translate = useTranslate();
  const locale = useScreenLocale();
  const may = useMay();
  const session = useSession();
  const [search, setSearch] = useSearchParams();
  const [target, setTarget] = useState<StopTarget | null>(null);
  const [stopsRead, setStopsRead] = useState(0);
  const readStops = useCallback(() => setStopsRead((times) => times + 1), []);
  const isOperators = session?.tenantId === null;
  const question = questionIn(search, book, isOperators);
  const { shown, of, isLive, refused } = useExposure(question, readStops);
  const change = (changes: Parameters<typeof changed>[1]): void => setSearch(changed(search, changes));
  const stop = may("kill-switches", "create") ? setTarget : null;
  const seesStops = may("kill-switches", "list");
  const stops = useStops(stopsRead, seesStops);
  return (
    <>
      {refused !== null && <Alert severity="error">{refused}</Alert>}
      {shown !== null && !isLive && (
        <Alert severity="warning">{translate("desk.exposureDesk.offline", { at: timeText(shown.at, locale) })}</Alert>
      )}
      {shown === null || of === null ? (
        <Skeleton variant="rounded" height={360} />
      ) : (
        <Box className="exposure-live" sx={{ display: "grid", gap: 2, minWidth: 0 }}>
          <ExposurePanel
            shown={shown}
            of={of}
            question={question}
            isOperators={isOperators}
            change={change}
            stops={stops}
            stop={stop}
            note={isLive && <LiveMark at={timeText(shown.at, locale)} />}
          />
          <WorstPanel worst={shown.worst} order={question.worst} change={change} stops={stops} stop={stop} />
        </Box>
      )}
      {seesStops && <StandingStops stops={stops} stopAll={isOperators ? stop : null} />}
      {target !== null && <StopDialog target={target} close={() => setTarget(null)} done={readStops} />}
    </>
  );
}

function LiveMark({ at }: { readonly at: string }) {
  const translate = useTranslate();
  return (
    <Box component="span" sx={{ display: "inline-flex", gap: 1, alignItems: "center" }}>
      <Chip size="small" color="success" variant="outlined" label={translate("desk.exposureDesk.connected")} />
      {translate("desk.exposureDesk.at", { at })}
    </Box>
  );
}
