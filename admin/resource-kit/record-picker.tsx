import { Autocomplete, TextField } from "@mui/material";
import { useState } from "react";
import { type RaRecord, useGetList, useGetOne } from "react-admin";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { useScreenLocale } from "./hooks.ts";
import { titleOf } from "./record-title.ts";

const offeredMax = 25;

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly label: string;
  /** Empty: none is chosen. */
  readonly id: string;
  readonly choose: (id: string) => void;
}

/** Finds a record by its name. */
export function RecordPicker({ declaration, label, id, choose }: Props) {
  const locale = useScreenLocale();
  const [typed, setTyped] = useState("");
  const { data: chosen } = useGetOne(declaration.name, { id }, { enabled: id !== "", retry: false });
  const isSearched = typed !== "" && (chosen === undefined || typed !== titleOf(declaration, chosen, locale));
  const { data: found = [], isFetching } = useGetList(declaration.name, {
    filter: isSearched && declaration.search !== undefined ? { q: typed.slice(0, 80) } : {},
    pagination: { page: 1, perPage: offeredMax },
    sort: { field: declaration.sort[0], order: declaration.sort[1] },
  });
  return (
    <Autocomplete<RaRecord>
      sx={{ flex: "1 1 240px", maxWidth: 420 }}
      options={found}
      value={id === "" ? null : (chosen ?? null)}
      loading={isFetching}
      filterOptions={(options) => options}
      isOptionEqualToValue={(one, other) => one.id === other.id}
      getOptionLabel={(record) => titleOf(declaration, record, locale)}
      getOptionKey={({ id: key }) => key}
      onInputChange={(_event, text, why) => why !== "reset" && setTyped(text)}
      onChange={(_event, record) => choose(record === null ? "" : String(record.id))}
      renderInput={(parameters) => <TextField {...parameters} label={label} />}
    />
  );
}
