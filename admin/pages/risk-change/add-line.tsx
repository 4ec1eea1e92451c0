import { Box, Button, Typography } from "@mui/material";
import { useState } from "react";
import { useGetOne, useTranslate } from "react-admin";
import { limitScopeLabels } from "#contracts/choices.ts";
import { riskSettingFields } from "#contracts/risk-fields.ts";
import { type RiskSetting, riskSettingNames } from "#contracts/risk-names.ts";
import { declarationNamed } from "../../declarations.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { Picker } from "../../resource-kit/picker.tsx";
import { RecordPicker } from "../../resource-kit/record-picker.tsx";
import { token } from "../../theme/tokens.ts";
import { SettingCell } from "../risk-table/setting-cell.tsx";
import { mayCarry } from "../risk-table/setting-groups.ts";
import { FaultAlert } from "./fault-alert.tsx";
import { draftScopes, type LineWish, targetOf, whoseResource } from "./line-wish.ts";
import { ObjectPicker } from "./object-picker.tsx";
import type { Draft } from "./use-draft.ts";

const noWish: LineWish = { scope: "default", whose: "", object: "", name: "", value: null };

/** Another line for the change: for whom, for what, and the first setting that it changes. */
export function AddLine({ draft }: { readonly draft: Draft }) {
  const translate = useTranslate();
  const say = useSay();
  const [wish, setWish] = useState<LineWish>(noWish);
  const resource = whoseResource[wish.scope];
  const { data: whose } = useGetOne(
    resource ?? "partners",
    { id: wish.whose },
    { enabled: wish.whose !== "", retry: false },
  );
  const target = targetOf(wish, whose);
  const offered = riskSettingNames.filter((name) => target !== null && mayCarry(name, { target }));
  const name = offered.find((one) => one === wish.name) ?? null;
  const set = (changes: Partial<LineWish>): void => setWish((before) => ({ ...before, ...changes }));
  const fault = draft.fault?.line === "" ? draft.fault : null;
  const add = async (): Promise<void> => {
    if (target === null || name === null) return;
    if (await draft.add(target, { [name]: wish.value })) setWish(noWish);
  };
  return (
    <Box component="section" aria-label={translate("desk.riskChange.addLine")} sx={{ display: "grid", gap: 1 }}>
      <Typography variant="h3" sx={{ fontSize: 14, fontWeight: 600 }}>
        {translate("desk.riskChange.addLine")}
      </Typography>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <WhosePicker wish={wish} set={set} />
        <ObjectPicker object={wish.object} choose={(object) => set({ object })} />
        <Picker
          label={translate("desk.riskTable.setting")}
          value={name ?? ""}
          options={offered.map((one) => [one, say(riskSettingFields[one].label)])}
          choose={(chosen) => set({ name: chosen as RiskSetting, value: null })}
          width={240}
        />
        {name !== null && <ValueField name={name} wish={wish} isAtFault={fault?.name === name} set={set} />}
        <Button
          variant="outlined"
          disabled={draft.isBusy || target === null || name === null}
          onClick={() => void add()}
        >
          {translate("desk.riskChange.add")}
        </Button>
      </Box>
      {fault !== null && <FaultAlert fault={fault} />}
    </Box>
  );
}

interface PartProps {
  readonly wish: LineWish;
  readonly set: (changes: Partial<LineWish>) => void;
}

/** For whom: the sort of subject, then the one. */
function WhosePicker({ wish: { scope: chosen, whose }, set }: PartProps) {
  const translate = useTranslate();
  const say = useSay();
  const declaration = declarationNamed(whoseResource[chosen] ?? "");
  return (
    <>
      <Picker
        label={translate("desk.riskChange.scope")}
        value={chosen}
        options={draftScopes.map((scope) => [scope, say(limitScopeLabels[scope])])}
        choose={(scope) => set({ scope: draftScopes.find((one) => one === scope) ?? "default", whose: "" })}
        width={150}
      />
      {declaration !== undefined && (
        <RecordPicker
          key={chosen}
          declaration={declaration}
          label={say(declaration.one)}
          id={whose}
          choose={(id) => set({ whose: id })}
        />
      )}
    </>
  );
}

function ValueField({
  name,
  wish,
  isAtFault,
  set,
}: PartProps & { readonly name: RiskSetting; readonly isAtFault: boolean }) {
  const translate = useTranslate();
  const say = useSay();
  return (
    <Box sx={{ border: `1px solid ${token("lineStrong")}`, borderRadius: "6px", width: 180 }}>
      <SettingCell
        key={name}
        name={name}
        label={`${translate("desk.riskChange.draft")}: ${say(riskSettingFields[name].label)}`}
        value={wish.value}
        inherited={null}
        isChanged={false}
        fault={isAtFault}
        isReadOnly={false}
        change={(value) => set({ value })}
      />
    </Box>
  );
}
