import { Box, Button, Card, Typography } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import type { Book } from "#contracts/names.ts";
import { type StressReply, stressReply } from "#contracts/stress.ts";
import { type Failure, failureOf, send } from "../../../providers/http.ts";
import { FailureAlert } from "../../../resource-kit/states.tsx";
import { token } from "../../../theme/tokens.ts";
import { type Shock, ShockRows, wireShock } from "./shock-rows.tsx";
import { StressResult } from "./stress-result.tsx";

const first: Shock = { key: 1, on: "class", assetClass: "equity-index", instrumentId: "", percent: "-7" };

/** Shocks as rows, and what they would do to the book as it is now. */
export function StressBench({ book }: { readonly book: Book }) {
  const translate = useTranslate();
  const word = (key: string) => translate(`desk.stressBench.${key}`);
  const [shocks, setShocks] = useState<readonly Shock[]>([first]);
  const { reply, failure, errors, isBusy, run } = useStress();
  const isWhole = shocks.every(
    ({ on, instrumentId, percent }) => percent !== "" && (on !== "instrument" || instrumentId !== ""),
  );
  return (
    <>
      <Typography variant="body2" sx={{ color: token("textMuted"), maxWidth: 900 }}>
        {word("help")}
      </Typography>
      <Card component="section" aria-label={word("shocks")} sx={{ p: 2, display: "grid", gap: 1.5 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run({ book, shocks: shocks.map(wireShock) });
          }}
        >
          <ShockRows shocks={shocks} change={setShocks} errors={errors} />
          <Typography variant="caption" component="p" sx={{ color: token("textMuted"), my: 1 }}>
            {word("nearest")}
          </Typography>
          <Button type="submit" variant="contained" disabled={isBusy || shocks.length === 0 || !isWhole}>
            {word(isBusy ? "running" : "run")}
          </Button>
        </form>
        {failure !== null && <FailureAlert failure={failure} />}
      </Card>
      {reply !== null && (
        <Box className="stress-result" sx={{ display: "grid", gap: 2, minWidth: 0, opacity: isBusy ? 0.5 : 1 }}>
          <StressResult reply={reply} />
        </Box>
      )}
    </>
  );
}

function useStress() {
  const [reply, setReply] = useState<StressReply | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const run = async (request: object): Promise<void> => {
    setBusy(true);
    setFailure(null);
    setErrors({});
    try {
      setReply(stressReply.parse(await send("POST", "stress", request)));
    } catch (error) {
      setFailure(failureOf(error));
      setErrors(errorsOf(error));
    }
    setBusy(false);
  };
  return { reply, failure, errors, isBusy, run };
}

/** The server names the fields that are wrong, such as `shocks.1.percent`. */
function errorsOf(error: unknown): Readonly<Record<string, string>> {
  const body = error instanceof Error && "body" in error ? error.body : null;
  const errors = typeof body === "object" && body !== null && "errors" in body ? body.errors : null;
  return typeof errors === "object" && errors !== null
    ? Object.fromEntries(Object.entries(errors).map(([field, says]) => [field, String(says)]))
    : {};
}
