import { Box, Typography } from "@mui/material";
import {
  AppBar,
  LoadingIndicator,
  TitlePortal,
  ToggleThemeButton,
  UserMenu,
  useGetIdentity,
  useTranslate,
} from "react-admin";
import { token } from "../theme/tokens.ts";
import { LocaleButton } from "./locale-button.tsx";
import { Mark } from "./mark.tsx";

/** The name of the house, the title of the page, language, colours, the one who works here. */
export function DeskAppBar() {
  const translate = useTranslate();
  return (
    <AppBar alwaysOn color="default" toolbar={<Tools />} userMenu={<Person />}>
      <Box sx={{ display: { xs: "none", sm: "flex" }, alignItems: "center", gap: 1, color: token("accent"), mr: 3 }}>
        <Mark size={20} />
        <Typography component="span" sx={{ fontWeight: 650, fontSize: 16, color: token("text") }}>
          {translate("desk.name")}
        </Typography>
      </Box>
      <TitlePortal
        component="h1"
        sx={{
          fontSize: 16,
          fontWeight: 600,
          m: 0,
          minWidth: 0,
          overflow: "hidden",
          textOverflow: "ellipsis",
          whiteSpace: "nowrap",
          // Boxes within the line would be cut instead of ending in an ellipsis.
          "& *": { display: "inline !important" },
        }}
      />
    </AppBar>
  );
}

/** The button is called by the name that it shows. */
function Person() {
  const { data } = useGetIdentity();
  return <UserMenu {...(data?.fullName === undefined ? {} : { label: data.fullName })} />;
}

function Tools() {
  const translate = useTranslate();
  return (
    <>
      <LocaleButton />
      <ToggleThemeButton />
      <LoadingIndicator {...{ "aria-label": translate("ra.page.loading") }} />
    </>
  );
}
