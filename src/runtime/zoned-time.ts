import { wallClockIn } from '../domain/wall-clock.ts';

/**
 * Tells times of the wall clock to people in their own zone, which is named, to a second: `2026-11-22 11:45:30
 * Europe/Berlin`.
 */
export function zonedTime(timezone: string): (atMs: number) => string {
  const shownAt = wallClockIn(timezone);
  return (atMs) => {
    const { day, minute, second } = shownAt(atMs);
    return `${day} ${minute}:${second} ${timezone}`;
  };
}
