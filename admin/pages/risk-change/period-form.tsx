import { Box, Button, TextField } from "@mui/material";
import { useState } from "react";
import { useDataProvider, useTranslate } from "react-admin";
import { bookLabels } from "#contracts/choices.ts";
import { books } from "#contracts/names.ts";
import { fromWallTime, toWallTime, zoneText } from "../../format/times.ts";
import type { DeskDataProvider } from "../../providers/data-provider.ts";
import { type Failure, failureOf } from "../../providers/http.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { Picker } from "../../resource-kit/picker.tsx";
import { FailureAlert } from "../../resource-kit/states.tsx";
import { usePeriod } from "./use-period.ts";

interface Props {
  readonly changeId: string;
  /** Whether there is something to rehearse and nothing under way. */
  readonly isReady: boolean;
  readonly asked: () => void;
}

const spans = [1, 7, 30] as const;

/** Which book's orders are played, and of which time. */
export function PeriodForm({ changeId, isReady, asked }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const dataProvider = useDataProvider<DeskDataProvider>();
  const { book, fromAt, toAt, setBook, setTimes, lastDays } = usePeriod();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const ask = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await dataProvider.runCommand("risk-changes", changeId, "rehearse", { book, fromAt, toAt });
      asked();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  const time = (name: "fromAt" | "toAt", value: string) => (
    <TextField
      type="datetime-local"
      label={`${translate(`desk.riskChange.${name}`)} (${zoneText()})`}
      value={value === "" ? "" : toWallTime(value)}
      onChange={({ target }) => target.value !== "" && setTimes({ [name]: fromWallTime(target.value) })}
      slotProps={{ inputLabel: { shrink: true } }}
      sx={{ width: 220, maxWidth: "100%" }}
    />
  );
  return (
    <Box
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
      sx={{ px: 2, pb: 2, display: "grid", gap: 1 }}
    >
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <Picker
          label={translate("desk.riskChange.book")}
          value={book}
          options={books.map((one) => [one, say(bookLabels[one])])}
          choose={(one) => setBook(books.find((known) => known === one) ?? "live")}
          width={120}
        />
        {time("fromAt", fromAt)}
        {time("toAt", toAt)}
        <Button type="submit" variant="contained" disabled={!isReady || isBusy || fromAt === ""}>
          {translate("desk.riskChange.rehearse")}
        </Button>
      </Box>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 0.5 }}>
        {spans.map((days) => (
          <Button key={days} size="small" onClick={() => lastDays(days)}>
            {translate("desk.riskChange.lastDays", { smart_count: days })}
          </Button>
        ))}
      </Box>
      {failure !== null && <FailureAlert failure={failure} />}
    </Box>
  );
}
