import AddIcon from "@mui/icons-material/FilterList";
import SearchIcon from "@mui/icons-material/Search";
import { Box, Button, InputAdornment, Menu, MenuItem, Popover, TextField } from "@mui/material";
import { useEffect, useState } from "react";
import { Form, useListContext, useTranslate } from "react-admin";
import { FieldInput } from "./field-input.tsx";
import { FilterChip } from "./filter-chip.tsx";
import { type FilterSpec, filterSpecs, keysOf } from "./filter-specs.ts";
import { useDeclaration, useSay } from "./hooks.ts";

/** Search, the filters in force as chips, and a menu of those one may add. */
export function FilterBar() {
  const declaration = useDeclaration();
  const { filterValues, setFilters } = useListContext();
  const [editing, setEditing] = useState<{ spec: FilterSpec; at: HTMLElement } | null>(null);
  const specs = filterSpecs(declaration, Object.keys(filterValues));
  const active = specs.filter((spec) => keysOf(spec).some((key) => isSet(filterValues[key])));
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center", flex: "1 1 320px", minWidth: 0 }}>
      {declaration.search !== undefined && <SearchBox />}
      {active.map((spec) => (
        <FilterChip
          key={spec.name}
          spec={spec}
          values={filterValues}
          edit={(at) => setEditing({ spec, at })}
          remove={() => setFilters(without(filterValues, spec))}
        />
      ))}
      <AddFilter specs={specs.filter((spec) => !active.includes(spec))} add={(spec, at) => setEditing({ spec, at })} />
      {editing !== null && <FilterEditor spec={editing.spec} anchor={editing.at} close={() => setEditing(null)} />}
    </Box>
  );
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
const searchPauseMs = 300;

function SearchBox() {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const asked = typeof filterValues.q === "string" ? filterValues.q : "";
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => {
      const { q: _, ...rest } = filterValues;
      setFilters(text === "" ? rest : { ...rest, q: text });
    }, searchPauseMs);
    return () => clearTimeout(timer);
  }, [text, asked, filterValues, setFilters]);
  return (
    <TextField
      value={text}
      onChange={(event) => setText(event.target.value)}
      placeholder={translate("desk.list.search")}
      margin="none"
      fullWidth={false}
      sx={{ width: { xs: "100%", sm: 220 } }}
      slotProps={{
        htmlInput: { "aria-label": translate("desk.list.search"), maxLength: 80 },
        input: {
          sx: { height: 32, fontSize: 13 },
          startAdornment: (
            <InputAdornment position="start">
              <SearchIcon fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
    />
  );
}

interface AddProps {
  readonly specs: readonly FilterSpec[];
  readonly add: (spec: FilterSpec, at: HTMLElement) => void;
}

function AddFilter({ specs, add }: AddProps) {
  const translate = useTranslate();
  const say = useSay();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (specs.length === 0) return null;
  const choose = (spec: FilterSpec) => {
    if (anchor !== null) add(spec, anchor);
    setAnchor(null);
  };
  return (
    <>
      <Button
        size="small"
        startIcon={<AddIcon />}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {translate("desk.list.filters")}
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {specs.map((spec) => (
          <MenuItem key={spec.name} dense onClick={() => choose(spec)}>
            {say(spec.field.label)}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

interface EditorProps {
  readonly spec: FilterSpec;
  readonly anchor: HTMLElement;
  readonly close: () => void;
}

function FilterEditor({ spec, anchor, close }: EditorProps) {
  const translate = useTranslate();
  const { filterValues, setFilters } = useListContext();
  const keys = keysOf(spec);
  const apply = (values: Record<string, unknown>) => {
    const set = keys.filter((key) => isSet(values[key])).map((key) => [key, values[key]] as const);
    setFilters({ ...without(filterValues, spec), ...Object.fromEntries(set) });
    close();
  };
  const labels = spec.kind === "range" ? ["desk.filter.from", "desk.filter.to"] : [];
  const { help: _, ...field } = spec.field;
  return (
    <Popover open anchorEl={anchor} onClose={close} anchorOrigin={{ vertical: "bottom", horizontal: "left" }}>
      <Form
        onSubmit={apply}
        record={Object.fromEntries(keys.map((key) => [key, filterValues[key] ?? null]))}
        sanitizeEmptyValues
      >
        <Box sx={{ p: 2, width: 300, maxWidth: "100%", display: "grid", gap: 1 }}>
          {keys.map((key, index) => (
            <FieldInput
              key={key}
              source={key}
              field={field}
              isRequired={false}
              {...rangeLabel(labels[index], translate)}
            />
          ))}
          <Button type="submit" variant="contained" size="small">
            {translate("desk.filter.apply")}
          </Button>
        </Box>
      </Form>
    </Popover>
  );
}

const rangeLabel = (key: string | undefined, translate: (key: string) => string) =>
  key === undefined ? {} : { label: translate(key) };

const without = (values: Record<string, unknown>, spec: FilterSpec): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => !keysOf(spec).includes(key)));
