/** Returns a field of an unknown error, if it is there. */
export function field(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}

/** Returns a text field of an unknown error, if it is there and not empty. */
export function textField(error: unknown, name: string): string | undefined {
  const value = field(error, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
