import AddIcon from "@mui/icons-material/Add";
import DeleteIcon from "@mui/icons-material/DeleteOutlined";
import { Box, Button, IconButton, MenuItem, TextField } from "@mui/material";
import { useGetList, useTranslate } from "react-admin";
import { assetClassLabels } from "#contracts/choices.ts";
import { type AssetClass, assetClasses } from "#contracts/names.ts";
import type { WireShock } from "#contracts/stress.ts";
import { useSay } from "../../../resource-kit/hooks.ts";

/** A row of the workbench: what is shocked and by how much, as it is being typed. */
export interface Shock {
  readonly key: number;
  readonly on: WireShock["on"];
  readonly assetClass: AssetClass;
  readonly instrumentId: string;
  readonly percent: string;
}

export const wireShock = ({ on, assetClass, instrumentId, percent }: Shock): WireShock => {
  // A person may type a true minus.
  const plain = percent.trim().replace("−", "-");
  if (on === "all") return { on, percent: plain };
  return on === "class" ? { on, assetClass, percent: plain } : { on, instrumentId, percent: plain };
};

const targets: readonly WireShock["on"][] = ["all", "class", "instrument"];
const shocksMax = 50;
const instrumentsMax = 200;

interface Props {
  readonly shocks: readonly Shock[];
  readonly change: (shocks: readonly Shock[]) => void;
  /** By field, such as `shocks.1.percent`. */
  readonly errors: Readonly<Record<string, string>>;
}

/** As many shocks at once as a scenario needs. */
export function ShockRows({ shocks, change, errors }: Props) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.stressBench.${key}`);
  const set = (key: number, changes: Partial<Shock>): void =>
    change(shocks.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  const add = (): void => {
    const key = Math.max(0, ...shocks.map((one) => one.key)) + 1;
    change([...shocks, { key, on: "instrument", assetClass: "equity-index", instrumentId: "", percent: "" }]);
  };
  return (
    <Box sx={{ display: "grid", gap: 1 }}>
      {shocks.map((shock, at) => (
        <Box key={shock.key} sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "flex-start" }}>
          <TextField
            select
            label={word("on")}
            value={shock.on}
            onChange={(event) => set(shock.key, { on: targets.find((one) => one === event.target.value) ?? "all" })}
            error={errors[`shocks.${at}`] !== undefined}
            helperText={errors[`shocks.${at}`]}
            sx={{ width: 150 }}
          >
            {targets.map((one) => (
              <MenuItem key={one} value={one}>
                {word(`targets.${one}`)}
              </MenuItem>
            ))}
          </TextField>
          {shock.on === "class" && <ClassPicker shock={shock} set={(changes) => set(shock.key, changes)} />}
          {shock.on === "instrument" && (
            <InstrumentPicker
              shock={shock}
              set={(changes) => set(shock.key, changes)}
              error={errors[`shocks.${at}.instrumentId`]}
            />
          )}
          <TextField
            label={word("percent")}
            value={shock.percent}
            onChange={(event) => set(shock.key, { percent: event.target.value })}
            error={errors[`shocks.${at}.percent`] !== undefined}
            helperText={errors[`shocks.${at}.percent`]}
            slotProps={{ htmlInput: { inputMode: "text", maxLength: 9, style: { textAlign: "right" } } }}
            sx={{ width: { xs: 92, sm: 120 } }}
          />
          <IconButton
            aria-label={word("remove")}
            title={word("remove")}
            onClick={() => change(shocks.filter(({ key }) => key !== shock.key))}
          >
            <DeleteIcon fontSize="small" />
          </IconButton>
        </Box>
      ))}
      <Box>
        <Button size="small" startIcon={<AddIcon />} onClick={add} disabled={shocks.length >= shocksMax}>
          {word("add")}
        </Button>
      </Box>
    </Box>
  );
}

interface PickerProps {
  readonly shock: Shock;
  readonly set: (changes: Partial<Shock>) => void;
  readonly error?: string | undefined;
}

function ClassPicker({ shock, set }: PickerProps) {
  const translate = useTranslate();
  const say = useSay();
  return (
    <TextField
      select
      label={translate("desk.stressBench.targets.class")}
      value={shock.assetClass}
      onChange={(event) => set({ assetClass: assetClasses.find((one) => one === event.target.value) ?? "crypto" })}
      sx={{ width: { xs: 150, sm: 170 } }}
    >
      {assetClasses.map((one) => (
        <MenuItem key={one} value={one}>
          {say(assetClassLabels[one])}
        </MenuItem>
      ))}
    </TextField>
  );
}

function InstrumentPicker({ shock, set, error }: PickerProps) {
  const translate = useTranslate();
  const { data = [] } = useGetList("instruments", {
    pagination: { page: 1, perPage: instrumentsMax },
    sort: { field: "id", order: "ASC" },
  });
  return (
    <TextField
      select
      label={translate("desk.stressBench.targets.instrument")}
      value={data.length === 0 ? "" : shock.instrumentId}
      onChange={(event) => set({ instrumentId: event.target.value })}
      error={error !== undefined}
      helperText={error}
      sx={{ width: { xs: 150, sm: 170 } }}
    >
      {data.map(({ id }) => (
        <MenuItem key={id} value={id}>
          {id}
        </MenuItem>
      ))}
    </TextField>
  );
}
