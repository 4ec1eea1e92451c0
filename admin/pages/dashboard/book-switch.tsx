import { Box, ToggleButton, ToggleButtonGroup } from "@mui/material";
import { useTranslate } from "react-admin";
import { type Book, books } from "#contracts/names.ts";
import { token } from "../../theme/tokens.ts";

interface Props {
  readonly book: Book;
  readonly choose: (book: Book) => void;
}

/** Whose exposure the page shows; the choice is remembered in this browser. */
export function BookSwitch({ book, choose }: Props) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center", justifyContent: "flex-end" }}>
      <Box component="span" id="exposure-book" sx={{ fontSize: 13, color: token("textMuted") }}>
        {translate("desk.dashboard.exposureOf")}
      </Box>
      <ToggleButtonGroup
        exclusive
        size="small"
        color="primary"
        value={book}
        aria-labelledby="exposure-book"
        onChange={(_event, chosen: Book | null) => chosen !== null && choose(chosen)}
      >
        {books.map((one) => (
          <ToggleButton key={one} value={one} sx={{ px: 1.5, py: 0.25, textTransform: "none", fontSize: 13 }}>
            {translate(`desk.dashboard.books.${one}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </Box>
  );
}
