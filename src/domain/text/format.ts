/**
 * Formats a whole number with separators: `1,234`. All units are formatted in this file, so that terminal, Web UI and
 * reports show the same figure in the same words.
 */
export function formatCount(count: number): string {
  // Workflows have no locale to ask.
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Formats bytes in decimal units: `512 B`, `41.0 MB`, `1.5 TB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const larger of ['kB', 'MB', 'GB', 'TB', 'PB']) {
    // 999.95 would print as 1000.0.
    if (value < 999.95) break;
    value /= 1_000;
    unit = larger;
  }
  return unit === 'B' ? `${String(Math.round(value))} B` : `${value.toFixed(1)} ${unit}`;
}

/** Formats a count per second: `312.5/s`, `1,204/s`, or with the name of what is counted `312.5 blobs/s`. */
export function formatPerSecond(perSecond: number, counted = ''): string {
  const count = perSecond < 999.95 ? perSecond.toFixed(1) : formatCount(perSecond);
  return `${count}${counted === '' ? '' : ` ${counted}`}/s`;
}

/** Formats bytes per second: `3.2 MB/s`. */
export function formatByteRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** Formats a share from 0 to 1: `40.1 %`. Only the whole is `100.0 %`. */
export function formatShare(share: number): string {
  const percent = share >= 1 ? 100 : Math.min(share * 100, 99.9);
  return `${percent.toFixed(1)} %`;
}

/** Formats a duration: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 9_950) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3_600) return `${String(Math.floor(seconds / 60))} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${String(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${String(Math.floor(hours / 24))} d ${String(hours % 24)} h`;
}

/** Formats the time that is left, with its uncertainty: `2 h 10 min (1 h 50 min to 2 h 40 min)`. */
export function formatEta(
  seconds: number,
  range?: { readonly fromSeconds: number; readonly toSeconds: number },
): string {
  const middle = formatDuration(seconds * 1_000);
  if (range === undefined) return middle;
  const [from, to] = [formatDuration(range.fromSeconds * 1_000), formatDuration(range.toSeconds * 1_000)];
  return from === to ? middle : `${middle} (${from} to ${to})`;
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
