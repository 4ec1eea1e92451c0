import { Box, Button, Skeleton } from "@mui/material";
import { useQuery } from "@tanstack/react-query";
import { useStore, useTranslate } from "react-admin";
import { type BreachPreviewReply, breachPreviewReply } from "#contracts/breach-preview.ts";
import { bookLabels } from "#contracts/choices.ts";
import { type Book, books } from "#contracts/names.ts";
import { figure } from "../../format/figures.ts";
import { timeText } from "../../format/times.ts";
import { get } from "../../providers/http.ts";
import { useSay, useScreenLocale } from "../../resource-kit/hooks.ts";
import { Picker } from "../../resource-kit/picker.tsx";
import { ErrorState } from "../../resource-kit/states.tsx";
import { Panel } from "../dashboard/panel.tsx";
import { BreachTable } from "./breach-table.tsx";

interface Props {
  readonly changeId: string;
  /** Of the lines as they are: others are another question. */
  readonly lineIds: readonly string[];
}

/** Who would be over a limit as soon as the change holds, as accounts stand now. */
export function BreachesPanel({ changeId, lineIds }: Props) {
  const translate = useTranslate();
  const say = useSay();
  const locale = useScreenLocale();
  const [book, setBook] = useStore<Book>("dashboard.book", "live");
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["risk-change-breaches", changeId, book, lineIds.join(" ")],
    queryFn: async () =>
      breachPreviewReply.parse(await get(`risk-changes/${encodeURIComponent(changeId)}/breaches?book=${book}`)),
    retry: false,
  });
  const word = (key: string, values = {}): string => translate(`desk.breachPreview.${key}`, values);
  return (
    <Panel title={word("title")} note={data === undefined ? null : word("at", { at: timeText(data.at, locale) })}>
      <Box sx={{ px: 2, pb: 1, display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <Picker
          label={translate("desk.riskChange.book")}
          value={book}
          options={books.map((one) => [one, say(bookLabels[one])])}
          choose={(one) => setBook(books.find((known) => known === one) ?? "live")}
          width={120}
        />
        <Button size="small" disabled={isFetching} onClick={() => void refetch()}>
          {word("again")}
        </Button>
      </Box>
      {error !== null && <ErrorState error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton variant="rounded" height={72} sx={{ mx: 2, mb: 2 }} />}
      {data !== undefined && error === null && (
        <>
          <Words preview={data} />
          {data.added.rows.length > 0 && <BreachTable rows={data.added.rows} breaches={data.added.breaches} />}
        </>
      )}
    </Panel>
  );
}

/** How many, and what becomes of them. */
function Words({
  preview: { settings, accounts, unpriced, added, standing, relieved },
}: {
  readonly preview: BreachPreviewReply;
}) {
  const translate = useTranslate();
  const word = (key: string, count: number, values = {}): string =>
    translate(`desk.breachPreview.words.${key}`, { smart_count: count, count: figure(count), ...values });
  const acted = new Set(
    added.rows.filter(({ action }) => action !== null && action !== "alert").map((row) => row.accountId),
  );
  const sentences =
    settings.length === 0
      ? [word("nothingHeld", 1)]
      : [
          added.accounts === 0
            ? word("none", accounts)
            : word("added", added.accounts, { of: figure(accounts), breaches: figure(added.breaches) }),
          ...(acted.size > 0 ? [word("acted", acted.size)] : []),
          ...(standing.accounts > 0 ? [word("standing", standing.accounts)] : []),
          ...(relieved.accounts > 0 ? [word("relieved", relieved.accounts)] : []),
          ...(unpriced > 0 ? [word("unpriced", unpriced)] : []),
        ];
  return (
    <Box component="ul" sx={{ m: 0, px: 2, pb: 1.5, listStyle: "none", fontSize: 14, display: "grid", gap: 0.5 }}>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </Box>
  );
}
