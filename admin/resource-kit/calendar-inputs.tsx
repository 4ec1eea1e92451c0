import { Box, Typography } from "@mui/material";
import type { ReactNode } from "react";
import {
  ArrayInput,
  DateInput,
  regex,
  required,
  SelectInput,
  SimpleFormIterator,
  TextInput,
  useTranslate,
} from "react-admin";
import { token } from "../theme/tokens.ts";

interface Props {
  readonly source: string;
  readonly label: string;
  readonly helperText: string | false;
}

const must = [required()];
export const timeOfDay = regex(/^([01]\d|2[0-3]):[0-5]\d$/, "desk.form.invalidTime");
const row = {
  "& .RaSimpleFormIterator-line": { borderBottom: `1px solid ${token("line")}`, py: 0.5, alignItems: "center" },
  "& .RaSimpleFormIterator-action": { visibility: "visible" },
  "& .RaSimpleFormIterator-form": { gap: "0 12px", alignItems: "flex-start" },
  "@media (max-width:599px)": {
    "& .RaSimpleFormIterator-form": { display: "grid", gridTemplateColumns: "1fr 1fr", minWidth: 0, flex: 1 },
    "& .RaSimpleFormIterator-form > *": { width: "100% !important", minWidth: 0 },
  },
} as const;

/** The weekly sessions as rows: from which weekday and time to which, and for which dates. */
export function SessionsInput({ source, label }: Props) {
  const translate = useTranslate();
  const weekdays = [0, 1, 2, 3, 4, 5, 6].map((id) => ({ id, name: translate(`desk.weekday.${id}`) }));
  const word = (key: string) => translate(`desk.calendar.${key}`);
  const weekday = (end: "open" | "close", key: string) => (
    <SelectInput
      source={`${end}.weekday`}
      label={word(key)}
      choices={weekdays}
      translateChoice={false}
      validate={must}
      helperText={false}
      sx={{ width: 150 }}
    />
  );
  return (
    <Rows name={`${label} *`} help={`${word("localTimes")} ${word("validToHelp")}`}>
      <ArrayInput source={source} label={false} helperText={false} validate={must}>
        <SimpleFormIterator inline disableReordering disableClear fullWidth sx={row}>
          {weekday("open", "opens")}
          <TimeOfDay source="open.time" label={word("opensAt")} isRequired />
          {weekday("close", "closes")}
          <TimeOfDay source="close.time" label={word("closesAt")} isRequired />
          <DateInput
            source="validFrom"
            label={word("validFrom")}
            validate={must}
            helperText={false}
            sx={{ width: 160 }}
          />
          <DateInput source="validTo" label={word("validTo")} helperText={false} sx={{ width: 160 }} />
        </SimpleFormIterator>
      </ArrayInput>
    </Rows>
  );
}

/** Holidays and early closes as rows. */
export function HolidaysInput({ source, label }: Props) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.calendar.${key}`);
  return (
    <Rows name={label} help={word("closesEarlyHelp")}>
      <ArrayInput source={source} label={false} helperText={false}>
        <SimpleFormIterator inline disableReordering disableClear fullWidth sx={row}>
          <DateInput source="date" label={word("date")} validate={must} helperText={false} sx={{ width: 160 }} />
          <TextInput source="name" label={word("holidayName")} validate={must} helperText={false} sx={{ width: 260 }} />
          <TimeOfDay source="closesAt" label={word("closesEarly")} />
        </SimpleFormIterator>
      </ArrayInput>
    </Rows>
  );
}

interface RowsProps {
  readonly name: string;
  readonly help: string;
  readonly children: ReactNode;
}

/** What holds for all rows is said once, above them. */
function Rows({ name, help, children }: RowsProps) {
  return (
    <Box component="fieldset" sx={{ border: 0, m: 0, mt: 2, p: 0, minWidth: 0 }}>
      <Typography component="legend" variant="h2" sx={{ p: 0 }}>
        {name}
      </Typography>
      <Typography variant="caption" component="p" sx={{ m: 0, color: token("textMuted") }}>
        {help}
      </Typography>
      {children}
    </Box>
  );
}

interface TimeProps {
  readonly source: string;
  readonly label: string;
  readonly isRequired?: boolean;
}

/** "HH:MM", as text: a time of day of the calendar's zone, not of this browser's. */
function TimeOfDay({ source, label, isRequired = false }: TimeProps) {
  return (
    <Box sx={{ width: 125 }}>
      <TextInput
        source={source}
        label={label}
        placeholder="17:00"
        slotProps={{ inputLabel: { shrink: true }, htmlInput: { inputMode: "numeric", maxLength: 5 } }}
        helperText={false}
        validate={isRequired ? [required(), timeOfDay] : [timeOfDay]}
      />
    </Box>
  );
}
