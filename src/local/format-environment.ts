/** How variables are printed: for a POSIX shell, for PowerShell, or as one JSON object. */
export type EnvironmentFormat = 'posix' | 'powershell' | 'json';

/** Returns variables as lines that the shell can run as they are, whatever the values contain. */
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
