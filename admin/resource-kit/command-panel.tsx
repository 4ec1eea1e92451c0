import { Alert, Box, Button, Drawer, Typography } from "@mui/material";
import { useState } from "react";
import {
  Form,
  FormDataConsumer,
  HttpError,
  type RaRecord,
  useDataProvider,
  useNotify,
  useRefresh,
  useTranslate,
} from "react-admin";
import type { Field } from "#contracts/field.ts";
import type { CommandDeclaration, ResourceDeclaration } from "#contracts/resource.ts";
import type { DeskDataProvider } from "../providers/data-provider.ts";
import { columnFields, isAsked } from "../providers/fields.ts";
import { type Failure, failureOf } from "../providers/http.ts";
import type { Told } from "../providers/told-once.ts";
import { token } from "../theme/tokens.ts";
import { FieldInput } from "./field-input.tsx";
import { FieldView } from "./field-view.tsx";
import { useSay } from "./hooks.ts";
import { FailureAlert } from "./states.tsx";
import { ToldPanel } from "./told-panel.tsx";

interface Props {
  readonly declaration: ResourceDeclaration;
  readonly record: RaRecord;
  readonly name: string;
  readonly command: CommandDeclaration;
  readonly close: () => void;
}

const factsRepeated = 5;
const paper = {
  sx: { width: 420, maxWidth: "100%" },
  "aria-labelledby": "command-title",
  role: "dialog",
} as const;

/** What a command asks for, as far as it is filled in: some of it only with some answers. */
const asked = ({ input }: CommandDeclaration, filled: Readonly<Record<string, unknown>>): [string, Field][] =>
  Object.entries(input).filter(([, field]) => isAsked(field, filled));

/** Says again what will be done, to whom and with which consequence, before it is done. */
export function CommandPanel({ declaration, record, name, command, close }: Props) {
  const say = useSay();
  const translate = useTranslate();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const done = (answer: Told | null) => (answer === null ? close() : setTold(answer));
  const run = useRun(
    { resource: declaration.name, record, name, label: say(command.label), inputs: Object.keys(command.input) },
    done,
    setFailure,
  );
  // An answer that is not asked for any more is not given.
  const give = (filled: Record<string, unknown>) =>
    run(Object.fromEntries(asked(command, filled).map(([source]) => [source, filled[source]])));
  if (told !== null) return <ToldDrawer command={command} told={told} close={close} />;
  return (
    <Drawer anchor="right" open onClose={close} slotProps={{ paper }}>
      <Form onSubmit={give} record={{}}>
        <Box sx={{ p: 3, display: "grid", gap: 2 }}>
          <Typography id="command-title" variant="h1" component="h2">
            {say(command.label)}
          </Typography>
          <Concerned declaration={declaration} record={record} />
          <Alert severity={command.danger === true ? "warning" : "info"} variant="outlined">
            <strong>
              {translate("desk.command.consequence")}
              {translate("desk.colon")}
            </strong>
            {say(command.consequence)}
          </Alert>
          <Box>
            <FormDataConsumer>
              {({ formData }) =>
                asked(command, formData).map(([source, field]) => (
                  <FieldInput
                    key={source}
                    source={source}
                    field={field}
                    owner={{ resource: declaration.name, id: record.id }}
                    isRequired={field.neededWhen !== undefined || field.required === true}
                  />
                ))
              }
            </FormDataConsumer>
          </Box>
          {failure !== null && <FailureAlert failure={failure} />}
          <Box sx={{ display: "flex", gap: 1, justifyContent: "flex-end" }}>
            <Button onClick={close}>{translate("ra.action.cancel")}</Button>
            <Button type="submit" variant="contained" color={command.danger === true ? "error" : "primary"}>
              {say(command.label)}
            </Button>
          </Box>
        </Box>
      </Form>
    </Drawer>
  );
}

interface ToldProps extends Pick<Props, "command" | "close"> {
  readonly told: Told;
}

/** Only its own button closes it: a stray click beside it would lose what is told once. */
function ToldDrawer({ command, told, close }: ToldProps) {
  const say = useSay();
  return (
    <Drawer anchor="right" open slotProps={{ paper }}>
      <Box sx={{ p: 3, display: "grid", gap: 2 }}>
        <Typography id="command-title" variant="h1" component="h2">
          {say(command.label)}
        </Typography>
        <ToldPanel declared={command.shownOnce ?? {}} told={told} done={close} />
      </Box>
    </Drawer>
  );
}

interface Run {
  readonly resource: string;
  readonly record: RaRecord;
  readonly name: string;
  readonly label: string;
  /** What the panel asks for. */
  readonly inputs: readonly string[];
}

/** Of the fields that are asked for here: what is wrong elsewhere is told by the panel. */
function errorsOf(error: unknown, inputs: readonly string[]): Record<string, unknown> {
  const errors: object = error instanceof HttpError ? (error.body?.errors ?? {}) : {};
  return Object.fromEntries(Object.entries(errors).filter(([field]) => inputs.includes(field.split(".")[0] ?? "")));
}

/** Runs the command; field errors go back to their fields, any other failure to the panel. */
function useRun(
  { resource, record, name, label, inputs }: Run,
  done: (told: Told | null) => void,
  fail: (failure: Failure) => void,
) {
  const dataProvider = useDataProvider<DeskDataProvider>();
  const notify = useNotify();
  const refresh = useRefresh();
  return async (input: Record<string, unknown>) => {
    let told: Told | null;
    try {
      told = await dataProvider.runCommand(resource, record.id, name, input);
    } catch (error) {
      fail(failureOf(error));
      return errorsOf(error, inputs);
    }
    notify("desk.command.done", { type: "success", messageArgs: { name: label } });
    refresh();
    done(told);
    return {};
  };
}

function Concerned({ declaration, record }: Pick<Props, "declaration" | "record">) {
  const say = useSay();
  const translate = useTranslate();
  const facts = columnFields(declaration).slice(0, factsRepeated);
  return (
    <Box component="section" aria-label={translate("desk.command.concerns")}>
      <Box
        component="dl"
        sx={{ m: 0, display: "grid", gridTemplateColumns: "auto 1fr", gap: "4px 16px", fontSize: 13 }}
      >
        {facts.map(([source, field]) => (
          <Box key={source} sx={{ display: "contents" }}>
            <Box component="dt" sx={{ color: token("textMuted") }}>
              {say(field.label)}
            </Box>
            <Box component="dd" sx={{ m: 0, overflowWrap: "anywhere" }}>
              <FieldView name={source} field={field} record={record} />
            </Box>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
