import { useEffect, useRef, useState } from "react";
import type { ExposureAnswer, ExposureNews, ExposureRequest } from "#contracts/exposure.ts";
import { connectDesk, type DeskSocket } from "../../providers/desk-socket.ts";
import { applyNews, type ExposureView } from "./apply-news.ts";

export type ExposureQuestion = Omit<ExposureRequest, "view">;

export interface ExposureState {
  readonly shown: ExposureView | null;
  /** What was asked for what is shown: the page may ask for something else already. */
  readonly of: ExposureQuestion | null;
  readonly isLive: boolean;
  /** Why the server does not tell. */
  readonly refused: string | null;
}

const askAgainMs = 1_000;

/**
 * The view that is asked for, kept up to date by the desk's socket. After a break, or where news were left out, it is asked for again and
 * the whole comes again. `stopsChanged` is called when somebody threw or lifted a kill switch.
 */
export function useExposure(question: ExposureQuestion, stopsChanged: () => void): ExposureState {
  const [socket, setSocket] = useState<DeskSocket | null>(null);
  const [state, setState] = useState<ExposureState>({ shown: null, of: null, isLive: false, refused: null });
  const latest = useRef({ view: 0, stopsChanged });
  latest.current.stopsChanged = stopsChanged;
  useEffect(() => {
    let opened: DeskSocket | null = null;
    let isLeft = false;
    void connectDesk().then((connection) => {
      if (isLeft) return void connection.disconnect();
      opened = connection;
      connection.on("changed", ({ resource }) => resource === "kill-switches" && latest.current.stopsChanged());
      setSocket(connection);
    });
    return () => {
      isLeft = true;
      opened?.disconnect();
    };
  }, []);
  const text = JSON.stringify(question);
  useEffect(() => {
    if (socket === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      clearTimeout(timer);
      timer = undefined;
      latest.current.view += 1;
      const request = { ...JSON.parse(text), view: latest.current.view };
      socket.emit("exposure", request, (answer: ExposureAnswer) => {
        setState((before) => ({ ...before, refused: answer.status === 200 ? null : answer.message }));
        if (answer.status === 429 || answer.status === 503) timer = setTimeout(ask, askAgainMs);
      });
    };
    const hear = (news: ExposureNews): void =>
      setState((before) => {
        const shown = applyNews(before.shown, news, latest.current.view);
        // Asked from outside of the update: React may run this one twice.
        if (shown === null) timer ??= setTimeout(ask, 0);
        const of = shown !== null && news.full && shown !== before.shown ? JSON.parse(text) : before.of;
        return { ...before, isLive: true, shown: shown ?? before.shown, of };
      });
    const gone = (): void => setState((before) => ({ ...before, isLive: false }));
    socket.on("exposure", hear);
    socket.on("connect", ask);
    socket.on("disconnect", gone);
    if (socket.connected) ask();
    return () => {
      clearTimeout(timer);
      socket.off("exposure", hear);
      socket.off("connect", ask);
      socket.off("disconnect", gone);
    };
  }, [socket, text]);
  return state;
}
