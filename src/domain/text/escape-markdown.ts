/**
 * Returns a text of unknown origin (an id, a name, a server's message) so that Markdown shows it as it is: no link, no
 * HTML, no control or bidirectional character, no line of its own. The one escape for what the Web UI renders.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(unprintable, ' ').replace(meaningful, '\\$&').replace(autolink, '$1\\$2');
}

// Control characters, line and paragraph separators, and those that change the direction of a text or hide in it.
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;

const meaningful = /[\\`*_{}[\]<>()#+!|~&]/g;

// `https://…`, `www.…` and addresses of mail become links by themselves; an escaped colon, dot or sign is only that
// character.
const autolink = /(\w)(:(?=\/\/)|@|\.(?=\w))/g;
