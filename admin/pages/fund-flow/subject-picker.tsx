import { MenuItem, TextField } from "@mui/material";
import { useTranslate } from "react-admin";
import { type FundFlowSubject, fundFlowSubjectNames, fundFlowSubjects } from "#contracts/fund-flow.ts";
import { declarationNamed } from "../../declarations.ts";
import { useSession } from "../../resource-kit/hooks.ts";
import { RecordPicker } from "../../resource-kit/record-picker.tsx";

interface Props {
  readonly of: FundFlowSubject;
  readonly id: string;
  readonly choose: (of: FundFlowSubject, id: string) => void;
}

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
        <RecordPicker
          key={of}
          declaration={declaration}
          label={translate("desk.fundFlow.which")}
          id={id}
          choose={(chosen) => choose(of, chosen)}
        />
      )}
    </>
  );
}
