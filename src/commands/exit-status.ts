/** The exit statuses of the command line; what each means is in the docs of the command line. */
export const exitStatus = {
  done: 0,
  unexpected: 1,
  usage: 2,
  failedUnits: 3,
  difference: 4,
  noSuchMigration: 5,
  unreachable: 6,
  blocked: 7,
  cancelled: 8,
  interrupted: 130,
} as const;

/** One of the numbers of {@link exitStatus}. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
