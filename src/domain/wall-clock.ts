/** What the clocks of a time zone show at a moment, in digits and in the Gregorian calendar whatever the locale. */
interface ShownTime {
  /** `2026-11-22` */
  readonly day: string;
  /** `11:45` */
  readonly minute: string;
  /** `30` */
  readonly second: string;
}

/**
 * Reads ms of the wall clock as a zone (an IANA name) shows them. To make one takes five times as long as to use it.
 */
export function wallClockIn(timezone: string): (atMs: number) => ShownTime {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
    return {
      day: `${of('year')}-${of('month')}-${of('day')}`,
      minute: `${of('hour')}:${of('minute')}`,
      second: of('second'),
    };
  };
}
