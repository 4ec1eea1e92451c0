import { MenuItem, TextField } from "@mui/material";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, says: string])[];
  readonly choose: (value: string) => void;
  /** In px; narrower where there is no room. */
  readonly width: number;
}

/** One of a short list. A value that is not offered shows as nothing. */
export function Picker({ label, value, options, choose, width }: Props) {
  return (
    <TextField
      select
      label={label}
      value={options.some(([one]) => one === value) ? value : ""}
      onChange={({ target }) => choose(target.value)}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
      sx={{ width, maxWidth: "100%" }}
    >
      {options.map(([one, says]) => (
        <MenuItem key={one} value={one}>
          {says}
        </MenuItem>
      ))}
    </TextField>
  );
}
