import { Autocomplete, MenuItem, TextField } from "@mui/material";
import { useState } from "react";
import { type RaRecord, useGetList, useGetOne, useTranslate } from "react-admin";
import { type FundFlowSubject, fundFlowSubjectNames, fundFlowSubjects } from "#contracts/fund-flow.ts";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { declarationNamed } from "../../declarations.ts";
import { useScreenLocale, useSession } from "../../resource-kit/hooks.ts";
import { titleOf } from "../../resource-kit/record-title.ts";

interface Props {
  readonly of: FundFlowSubject;
  readonly id: string;
  readonly choose: (of: FundFlowSubject, id: string) => void;
}

const offeredMax = 25;

/** Whose money is followed: the sort of subject, then the one. */
export function SubjectPicker({ of, id, choose }: Props) {
  const translate = useTranslate();
  const role = useSession()?.role;
  const offered = fundFlowSubjectNames.filter(
    (name) => role !== undefined && fundFlowSubjects[name].roles.includes(role),
  );
  const declaration = declarationNamed(fundFlowSubjects[of].resource);
  return (
    <>
      <TextField
        select
        label={translate("desk.fundFlow.of")}
        value={offered.includes(of) ? of : ""}
        onChange={(event) => choose(event.target.value as FundFlowSubject, "")}
        sx={{ width: 190 }}
      >
        {offered.map((name) => (
          <MenuItem key={name} value={name}>
            {translate(`desk.fundFlow.subjects.${name}`)}
          </MenuItem>
        ))}
      </TextField>
      {declaration !== undefined && (
        <RecordPicker key={of} declaration={declaration} id={id} choose={(chosen) => choose(of, chosen)} />
      )}
    </>
  );
}

interface RecordPickerProps {
  readonly declaration: ResourceDeclaration;
  readonly id: string;
  readonly choose: (id: string) => void;
}

/** Finds a record by its name. */
function RecordPicker({ declaration, id, choose }: RecordPickerProps) {
  const translate = useTranslate();
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
      renderInput={(parameters) => <TextField {...parameters} label={translate("desk.fundFlow.which")} />}
    />
  );
}
