import AttachFileIcon from "@mui/icons-material/AttachFile";
import { Button } from "@mui/material";
import { useRef } from "react";

interface Props {
  readonly label: string;
  /** Kinds that the browser offers; absent: any. */
  readonly accept?: string;
  readonly take: (file: File) => void;
}

/** Chooses a file. A browser's own control speaks the browser's language, not the page's. */
export function FileButton({ label, accept, take }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button size="small" variant="outlined" startIcon={<AttachFileIcon />} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          // Emptied, so that the same file chosen again is a choice too.
          target.value = "";
          if (file !== undefined) take(file);
        }}
      />
    </>
  );
}
