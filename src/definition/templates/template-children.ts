import type { Template } from 'liquidjs';

/** Returns the templates inside a tag, on all its branches. */
export function templateChildren(template: Template): readonly Template[] {
  const children = template.children?.(false, true);
  if (children === undefined) return [];
  // Liquid walks with a generator so that it can read other files in between; there are none here.
  for (;;) {
    const step = children.next();
    if (step.done === true) return step.value;
  }
}
