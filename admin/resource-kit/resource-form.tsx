import { Alert, Box, Button, Card } from "@mui/material";
import { useState } from "react";
import {
  CreateBase,
  EditBase,
  FormDataConsumer,
  HttpError,
  type Identifier,
  type RaRecord,
  SaveButton,
  SimpleForm,
  Title,
  Toolbar,
  useCreateContext,
  useEditContext,
  useNotify,
  useRedirect,
  useTranslate,
} from "react-admin";
import type { ResourceDeclaration } from "#contracts/resource.ts";
import { formFields, isAsked, type NamedField } from "../providers/fields.ts";
import { type Failure, failureOf } from "../providers/http.ts";
import { type Told, takeTold } from "../providers/told-once.ts";
import { token } from "../theme/tokens.ts";
import { FieldInput } from "./field-input.tsx";
import { useDeclaration, useSentence } from "./hooks.ts";
import { ErrorState, TraceId } from "./states.tsx";
import { ToldPanel } from "./told-panel.tsx";

/** The form of a new record. */
export function ResourceCreate() {
  const declaration = useDeclaration();
  const { name, shownOnce = {} } = declaration;
  const [failure, setFailure] = useState<Failure | null>(null);
  const [made, setMade] = useState<{ readonly id: Identifier; readonly told: Told } | null>(null);
  const notify = useNotify();
  const redirect = useRedirect();
  const onSuccess = ({ id }: RaRecord) => {
    const told = takeTold(name, id);
    notify("ra.notification.created", { type: "success", messageArgs: { smart_count: 1 } });
    if (told === null) redirect("show", name, id);
    else setMade({ id, told });
  };
  return (
    <CreateBase
      transform={(data: RaRecord) => given(declaration, data)}
      mutationOptions={{ onSuccess, onError: (error: unknown) => setFailure(unlessOnFields(error)) }}
    >
      <CreateTitle />
      {made === null ? (
        <FormCard declaration={declaration} mode="create" failure={failure} reload={null} />
      ) : (
        <Card sx={{ my: 2, p: 3, maxWidth: 720 }}>
          <ToldPanel declared={shownOnce} told={made.told} done={() => redirect("show", name, made.id)} />
        </Card>
      )}
    </CreateBase>
  );
}

/** The form of an existing record. It is saved only if nobody has changed it meanwhile. */
export function ResourceEdit() {
  const declaration = useDeclaration();
  const [failure, setFailure] = useState<Failure | null>(null);
  return (
    <EditBase
      mutationMode="pessimistic"
      redirect="show"
      queryOptions={{ retry: false, onError: () => undefined }}
      mutationOptions={{
        onError: (error: unknown) => {
          setFailure(unlessOnFields(error));
        },
      }}
    >
      <EditForm declaration={declaration} failure={failure} forget={() => setFailure(null)} />
    </EditBase>
  );
}

interface EditFormProps {
  readonly declaration: ResourceDeclaration;
  readonly failure: Failure | null;
  readonly forget: () => void;
}

function EditForm({ declaration, failure, forget }: EditFormProps) {
  const { record, error, refetch, defaultTitle } = useEditContext();
  if (error !== null && error !== undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  const reload = () => {
    forget();
    void refetch();
  };
  // The version is the form's key: a newer record begins a fresh form, so nothing of the old one is kept by mistake.
  const key = `${record?.id} ${declaration.version === undefined ? "" : record?.[declaration.version]}`;
  return (
    <>
      <Title defaultTitle={defaultTitle} />
      {record !== undefined && (
        <FormCard key={key} declaration={declaration} mode="edit" failure={failure} reload={reload} />
      )}
    </>
  );
}

function CreateTitle() {
  return <Title defaultTitle={useCreateContext().defaultTitle} />;
}

interface FormProps {
  readonly declaration: ResourceDeclaration;
  readonly mode: "create" | "edit";
  readonly failure: Failure | null;
  readonly reload: (() => void) | null;
}

function FormCard({ declaration, mode, failure, reload }: FormProps) {
  const fields = formFields(declaration, mode);
  const initial = Object.fromEntries(
    fields.filter(([, { initial }]) => initial !== undefined).map(([name, field]) => [name, field.initial]),
  );
  const isWide = (kind: string) => kind === "json" || kind === "texts";
  return (
    <Card sx={{ my: 2, maxWidth: 1080 }}>
      <SimpleForm
        defaultValues={mode === "create" ? initial : {}}
        toolbar={<FormToolbar />}
        warnWhenUnsavedChanges={failure === null}
        noValidate
      >
        <Box
          sx={{
            width: "100%",
            display: "grid",
            gap: "4px 24px",
            gridTemplateColumns: { xs: "minmax(0, 1fr)", md: "repeat(2, minmax(0, 1fr))" },
          }}
        >
          <FormDataConsumer>
            {({ formData }) =>
              fields
                .filter(([, field]) => isAsked(field, formData))
                .map(([name, field]) => (
                  <Box key={name} sx={{ minWidth: 0, gridColumn: isWide(field.kind) ? "1 / -1" : "auto" }}>
                    <FieldInput source={name} field={field} isRequired={isInsisted([name, field], mode)} />
                  </Box>
                ))
            }
          </FormDataConsumer>
        </Box>
        {failure !== null && <FormFailure failure={failure} reload={reload} />}
      </SimpleForm>
    </Card>
  );
}

/** A present password may stay; what is asked for only in some cases is needed in them. */
const isInsisted = ([, field]: NamedField, mode: FormProps["mode"]): boolean =>
  field.neededWhen !== undefined || (field.required === true && !(mode === "edit" && field.kind === "secret"));

function FormToolbar() {
  return (
    <Toolbar sx={{ backgroundColor: token("surfaceRaised"), borderRadius: "10px" }}>
      <SaveButton alwaysEnable />
    </Toolbar>
  );
}

function FormFailure({ failure, reload }: { readonly failure: Failure; readonly reload: (() => void) | null }) {
  const translate = useTranslate();
  const sentence = useSentence();
  const conflict = isConflict(failure) && reload !== null;
  const action = conflict && (
    <Button color="inherit" size="small" onClick={reload}>
      {translate("desk.form.reload")}
    </Button>
  );
  return (
    <Alert severity={conflict ? "warning" : "error"} sx={{ mt: 2, width: "100%" }} action={action}>
      {conflict ? translate("desk.form.conflict") : sentence(failure.message)}
      {failure.traceId !== null && <TraceId traceId={failure.traceId} />}
    </Alert>
  );
}

const isConflict = ({ status }: Failure): boolean => status === 412;

/** Nothing to say above the form when every complaint stands at its field. */
function unlessOnFields(error: unknown): Failure | null {
  const errors: unknown = error instanceof HttpError ? error.body?.errors : undefined;
  const named = typeof errors === "object" && errors !== null ? Object.keys(errors) : [];
  return named.length > 0 && !named.includes("root") ? null : failureOf(error);
}

/** What was asked for and filled in: an empty field is not sent, the server's own default holds. */
function given(declaration: ResourceDeclaration, data: RaRecord): Partial<RaRecord> {
  const filled = formFields(declaration, "create")
    .filter(([, field]) => isAsked(field, data))
    .map(([name]) => [name, data[name]] as const)
    .filter(([, value]) => value !== null && value !== undefined && value !== "");
  return Object.fromEntries(filled);
}
