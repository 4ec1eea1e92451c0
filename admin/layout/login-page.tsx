import { Alert, Box, Button, Card, TextField, Typography } from "@mui/material";
import { type FormEvent, useState } from "react";
import { Notification, ToggleThemeButton, useLogin, useTranslate } from "react-admin";
import { type Failure, failureOf } from "../providers/http.ts";
import { useSentence } from "../resource-kit/hooks.ts";
import { TraceId } from "../resource-kit/states.tsx";
import { token } from "../theme/tokens.ts";
import { LocaleButton } from "./locale-button.tsx";
import { Mark } from "./mark.tsx";

/** The door: name of the house, who comes in, and in which language. */
export function LoginPage() {
  const translate = useTranslate();
  return (
    <Box sx={{ minHeight: "100vh", display: "flex", flexDirection: "column", backgroundColor: token("surfaceSunken") }}>
      <Box sx={{ display: "flex", justifyContent: "flex-end", p: 1 }}>
        <LocaleButton />
        <ToggleThemeButton />
      </Box>
      <Box
        component="main"
        sx={{ flex: 1, display: "grid", placeContent: "center", p: 2, gridTemplateColumns: "minmax(0, 380px)" }}
      >
        <Box sx={{ display: "flex", alignItems: "center", gap: 1.5, mb: 3, color: token("accent") }}>
          <Mark size={36} />
          <Typography variant="h1" sx={{ fontSize: 28, fontWeight: 650, color: token("text") }}>
            {translate("desk.name")}
          </Typography>
          <Typography sx={{ color: token("textMuted"), pt: 1 }}>{translate("desk.tagline")}</Typography>
        </Box>
        <Card sx={{ p: 3 }}>
          <LoginForm />
        </Card>
        <Box sx={{ minHeight: 96 }} />
      </Box>
      <Notification />
    </Box>
  );
}

function LoginForm() {
  const translate = useTranslate();
  const login = useLogin();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFailure(null);
    try {
      await login({ email: form.get("email"), password: form.get("password"), totp: form.get("totp") ?? undefined });
    } catch (error) {
      setFailure(failureOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box
      component="form"
      onSubmit={(event: FormEvent<HTMLFormElement>) => void submit(event)}
      sx={{ display: "grid", gap: 1 }}
    >
      {failure !== null && <LoginFailure failure={failure} />}
      <TextField
        name="email"
        type="email"
        label={translate("ra.auth.email")}
        autoComplete="username"
        required
        autoFocus
        slotProps={limit(254)}
      />
      <TextField
        name="password"
        type="password"
        label={translate("ra.auth.password")}
        autoComplete="current-password"
        required
        slotProps={limit(128)}
      />
      <TextField
        name="totp"
        label={translate("desk.login.totp")}
        helperText={translate("desk.login.totpHelp")}
        autoComplete="one-time-code"
        slotProps={{ htmlInput: { inputMode: "numeric", pattern: "[0-9]{6}", maxLength: 6 } }}
      />
      <Button type="submit" variant="contained" size="large" disabled={isBusy} sx={{ mt: 1 }}>
        {translate("ra.auth.sign_in")}
      </Button>
    </Box>
  );
}

const limit = (maxLength: number) => ({ htmlInput: { maxLength } });

const wordsOfStatus: Readonly<Record<number, string>> = { 401: "ra.auth.sign_in_error", 429: "desk.login.wait" };

/** A wrong password is told in our words, in the language of the screen; anything else as the server says it. */
function LoginFailure({ failure }: { readonly failure: Failure }) {
  const translate = useTranslate();
  const sentence = useSentence();
  const known = failure.code === "TOTP_REQUIRED" ? "desk.login.totpRequired" : wordsOfStatus[failure.status ?? 0];
  return (
    <Alert severity="error">
      {known === undefined ? sentence(failure.message) : translate(known)}
      {failure.traceId !== null && <TraceId traceId={failure.traceId} />}
    </Alert>
  );
}
