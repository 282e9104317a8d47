/** How variables are written down: for a POSIX shell, for PowerShell, or as one JSON object. */
export type EnvironmentFormat = 'posix' | 'powershell' | 'json';

/** Writes variables as text that the shell takes as it stands, whatever the values hold; one line each, ending in a line feed. */
export function formatEnvironment(env: Readonly<Record<string, string>>, shell: EnvironmentFormat): string {
  const entries = Object.entries(env);
  switch (shell) {
    case 'json':
      return `${JSON.stringify(env, null, 2)}\n`;
    case 'powershell':
      return entries.map(([name, value]) => `$env:${name} = '${value.replaceAll("'", "''")}'\n`).join('');
    case 'posix':
      return entries.map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`).join('');
  }
}
