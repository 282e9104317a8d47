/** Returns the name of a demo: `demo`, `demo-2`, `demo-3` … */
export function demoName(number: number): string {
  return number === 1 ? 'demo' : `demo-${String(number)}`;
}

/** Tells whether a name is one that {@link demoName} returns. */
export function isDemoName(name: string): boolean {
  return /^demo(-([2-9]|[1-9]\d+))?$/.test(name);
}
