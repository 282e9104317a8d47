/** The values that a template sees, by name. The fields of a unit's line are text. */
export type TemplateContext = Readonly<Record<string, unknown>>;
