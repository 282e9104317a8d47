/** Formats a time of ISO 8601 in UTC for people: `2026-11-27 16:01:37 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** Formats a time to the minute: `2026-11-27 16:01 UTC`. */
export function formatMinute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
