/** Tells times of the wall clock to people in their own zone, which is named, to a second: `2026-11-22 11:45:30 Europe/Berlin`. */
export function zonedTime(timezone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
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
    const day = `${of('year')}-${of('month')}-${of('day')}`;
    return `${day} ${of('hour')}:${of('minute')}:${of('second')} ${timezone}`;
  };
}
