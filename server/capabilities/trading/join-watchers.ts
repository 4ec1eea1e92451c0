import type { AlarmIndex, TriggerWatchers } from "./trigger-lead.ts";

/** An alarm of one of several watchers. */
export interface JoinedAlarm<Alarm> {
  readonly watcher: number;
  readonly alarm: Alarm;
}

/** Several watchers of one stream: each has its own alarms in the one index, and sees every quote, in the order of the list. */
export function joinWatchers<Alarm>(watchers: readonly TriggerWatchers<Alarm>[]): TriggerWatchers<JoinedAlarm<Alarm>> {
  return {
    onLead: async (alarms, epoch) => {
      for (const [watcher, one] of watchers.entries()) await one.onLead?.(ownOf(alarms, watcher), epoch);
    },
    onQuote: async (quote, alarms) => {
      for (const [watcher, one] of watchers.entries())
        await one.onQuote?.(
          quote,
          alarms.flatMap((joined) => (joined.watcher === watcher ? [joined.alarm] : [])),
        );
    },
  };
}

/** A watcher's part of the index: its keys can't meet those of another. */
const ownOf =
  <Alarm>(alarms: AlarmIndex<JoinedAlarm<Alarm>>, watcher: number): AlarmIndex<Alarm> =>
  (instrumentId) => {
    const index = alarms(instrumentId);
    const ownKey = (key: string): string => `${watcher} ${key}`;
    return {
      put: ({ key, payload: alarm, ...watch }) =>
        index.put({ ...watch, key: ownKey(key), payload: { watcher, alarm } }),
      remove: (key) => index.remove(ownKey(key)),
    };
  };
