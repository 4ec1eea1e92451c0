import { useGetList, useTranslate } from "react-admin";
import { assetClassLabels } from "#contracts/choices.ts";
import { assetClasses } from "#contracts/names.ts";
import { useSay } from "../../resource-kit/hooks.ts";
import { Picker } from "../../resource-kit/picker.tsx";

interface Props {
  readonly object: string;
  readonly choose: (object: string) => void;
}

const instrumentsMax = 200;

/** What a line is about: everything, an asset class or an instrument. */
export function ObjectPicker({ object, choose }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const { data = [] } = useGetList("instruments", {
    pagination: { page: 1, perPage: instrumentsMax },
    sort: { field: "id", order: "ASC" },
  });
  return (
    <Picker
      label={translate("desk.riskChange.object")}
      value={object}
      options={[
        ["", translate("desk.riskChange.everything")],
        ...assetClasses.map((one) => [one, say(assetClassLabels[one])] as const),
        ...data.map(({ id }) => [String(id), String(id)] as const),
      ]}
      choose={choose}
      width={170}
    />
  );
}
