import BookmarkIcon from "@mui/icons-material/BookmarkBorder";
import { Button, Divider, Menu, MenuItem } from "@mui/material";
import { useState } from "react";
import {
  AddSavedQueryDialog,
  RemoveSavedQueryDialog,
  type SavedQuery,
  useListContext,
  useSavedQueries,
  useTranslate,
} from "react-admin";

/** Filters and order kept under a name, in this browser. */
export function SavedQueriesMenu() {
  const translate = useTranslate();
  const { resource, filterValues, displayedFilters, sort, perPage, setFilters, setSort, setPerPage } = useListContext();
  const [saved] = useSavedQueries(resource);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [dialog, setDialog] = useState<"add" | "remove" | null>(null);
  const current = { filter: filterValues, sort, perPage, displayedFilters };
  const isSaved = saved.some((query) => JSON.stringify(query.value) === JSON.stringify(current));
  const open = (which: "add" | "remove") => {
    setAnchor(null);
    setDialog(which);
  };
  const use = ({ value }: SavedQuery) => {
    if (value === undefined) return;
    setAnchor(null);
    setFilters(value.filter);
    if (value.sort !== undefined) setSort(value.sort);
    if (value.perPage !== undefined) setPerPage(value.perPage);
  };
  return (
    <>
      <Button
        size="small"
        startIcon={<BookmarkIcon />}
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {translate("ra.saved_queries.label")}
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {saved.map((query) => (
          <MenuItem key={query.label} dense onClick={() => use(query)}>
            {query.label}
          </MenuItem>
        ))}
        {saved.length > 0 && <Divider />}
        <MenuItem dense disabled={Object.keys(filterValues).length === 0 || isSaved} onClick={() => open("add")}>
          {translate("ra.saved_queries.new_label")}
        </MenuItem>
        {isSaved && (
          <MenuItem dense onClick={() => open("remove")}>
            {translate("ra.saved_queries.remove_label")}
          </MenuItem>
        )}
      </Menu>
      <AddSavedQueryDialog open={dialog === "add"} onClose={() => setDialog(null)} />
      <RemoveSavedQueryDialog open={dialog === "remove"} onClose={() => setDialog(null)} />
    </>
  );
}
