/** The forms of an export: JSON lines, or one table of comma-separated values. */
export const exportFormats = ['ndjson', 'csv'] as const;

export type ExportFormat = (typeof exportFormats)[number];
