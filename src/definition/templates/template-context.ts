/** What a template sees: values by name. The fields of a unit's line are text. */
export type TemplateContext = Readonly<Record<string, unknown>>;
