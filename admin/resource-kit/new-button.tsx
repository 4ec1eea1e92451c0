import AddIcon from "@mui/icons-material/Add";
import { Button } from "@mui/material";
import { useCreatePath, useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { useDeclaration } from "./hooks.ts";

/** Leads to the form of a new record. It stands in its row on a phone too: nothing floats over the last record. */
export function NewButton() {
  const { name } = useDeclaration();
  const path = useCreatePath();
  const translate = useTranslate();
  return (
    <Button
      size="small"
      variant="contained"
      startIcon={<AddIcon />}
      component={Link}
      to={path({ resource: name, type: "create" })}
    >
      {translate("ra.action.create")}
    </Button>
  );
}
