import DownloadIcon from "@mui/icons-material/Download";
import { Box, Button, Tooltip } from "@mui/material";
import { ColumnsButton, useListContext, useTranslate } from "react-admin";
import { apiPath } from "../providers/http.ts";
import { FilterBar } from "./filter-bar.tsx";
import { useDeclaration, useMay } from "./hooks.ts";
import { NewButton } from "./new-button.tsx";
import { SavedQueriesMenu } from "./saved-queries-menu.tsx";

/** The row above a table: what is asked for on the left, what one can do with it on the right. */
export function ListTools({ hasColumns }: { readonly hasColumns: boolean }) {
  const { name } = useDeclaration();
  const may = useMay();
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center", width: "100%", py: 1 }}>
      <FilterBar />
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 0.5, alignItems: "center", ml: "auto" }}>
        <SavedQueriesMenu />
        {hasColumns && <ColumnsButton />}
        {may(name, "export") && <ExportAllButton />}
        {may(name, "create") && <NewButton />}
      </Box>
    </Box>
  );
}

/** Downloads the server's file of everything that matches the filters, in the order on screen. */
function ExportAllButton() {
  const translate = useTranslate();
  const { resource, filterValues, sort } = useListContext();
  const query = new URLSearchParams({
    filter: JSON.stringify(filterValues),
    sort: JSON.stringify([sort.field, sort.order]),
  });
  return (
    <Tooltip title={translate("desk.list.exportHelp")}>
      <Button
        size="small"
        startIcon={<DownloadIcon />}
        component="a"
        download
        href={`${apiPath}/${resource}/export.csv?${query}`}
      >
        {translate("desk.list.exportAll")}
      </Button>
    </Tooltip>
  );
}
