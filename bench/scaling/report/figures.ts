/** How figures are written on the pages. What is extrapolated begins with ≈. */

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Two digits are as many as an extrapolation is worth. */
export function rounded(value: number): string {
  return number(Number(value.toPrecision(2)));
}

/** Marks a figure that is extrapolated, which is rounded as well. */
export function marked(value: number, isMeasured: boolean): string {
  return isMeasured ? number(value) : `≈ ${rounded(value)}`;
}

export function ms(seconds: number): string {
  return `${Number((seconds * 1e3).toPrecision(2)).toString()} ms`;
}

export function bytes(value: number): string {
  return value < 1e9 ? `${rounded(value / 1e6)} MB` : `${Number((value / 1e9).toPrecision(2)).toString()} GB`;
}

export function dollars(value: number): string {
  return value < 10 ? value.toFixed(2) : rounded(value);
}

export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7_200) return `${(seconds / 60).toFixed(0)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(0)} days`;
}
