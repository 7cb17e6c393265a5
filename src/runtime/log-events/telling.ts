import type { EventMap, EventName } from '../../events.ts';
import type { LogLevel } from '../log.ts';

/** How an event is told. */
export interface Telling<Facts> {
  readonly level: LogLevel | ((facts: Facts) => LogLevel);
  readonly say: (facts: Facts) => string;
  /** What the line carries besides the sentence; the event's own facts where this is absent. */
  readonly carry?: (facts: Facts) => Readonly<Record<string, unknown>>;
}

/** One for each event whose name begins with one of these words and a dot; one that is left out fails the type check. */
export type Tellings<Family extends string> = {
  readonly [Name in Extract<EventName, `${Family}.${string}`>]: Telling<EventMap[Name]>;
};
