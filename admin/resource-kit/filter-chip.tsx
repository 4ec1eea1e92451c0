import CloseIcon from "@mui/icons-material/Close";
import { Box, ButtonBase, IconButton } from "@mui/material";
import { useTranslate } from "react-admin";
import { token } from "../theme/tokens.ts";
import type { FilterSpec } from "./filter-specs.ts";
import { FilterWords } from "./filter-words.tsx";
import { useSay } from "./hooks.ts";

interface Props {
  readonly spec: FilterSpec;
  readonly values: Record<string, unknown>;
  readonly edit: (at: HTMLElement) => void;
  readonly remove: () => void;
}

/** A filter in force: its words change it, the cross beside them removes it; two buttons, so that a keyboard reaches both. */
export function FilterChip({ spec, values, edit, remove }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const name = say(spec.field.label);
  return (
    <Box
      sx={{
        display: "inline-flex",
        alignItems: "center",
        height: 28,
        maxWidth: 320,
        border: `1px solid ${token("accent")}`,
        borderRadius: 999,
        color: token("accent"),
      }}
    >
      <ButtonBase
        aria-haspopup="dialog"
        title={translate("desk.filter.change", { name })}
        onClick={(event) => edit(event.currentTarget)}
        sx={{ display: "block", pl: 1.5, py: 0.5, fontSize: 13, borderRadius: 999, ...shortened }}
      >
        <FilterWords spec={spec} values={values} />
      </ButtonBase>
      <IconButton
        size="small"
        color="inherit"
        aria-label={translate("desk.filter.remove", { name })}
        onClick={remove}
        sx={{ p: 0.5, mr: 0.25 }}
      >
        <CloseIcon sx={{ fontSize: 16 }} />
      </IconButton>
    </Box>
  );
}

const shortened = { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" } as const;
