/** The exit statuses of the command line. {@link exitStatusMeanings} says what each means. */
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

/** What each status means, for the help and the documentation. */
export const exitStatusMeanings: Readonly<Record<keyof typeof exitStatus, string>> = {
  done: 'done',
  unexpected: 'unexpected error, or the migration failed; decode: the blob is damaged',
  usage:
    'wrong usage; invalid migration file, units, configuration or credential; or refused because something differs',
  failedUnits: 'the migration has failed units',
  difference: 'verification found a difference',
  noSuchMigration: 'no such migration',
  unreachable: 'Temporal, a store or a worker cannot be reached',
  blocked: 'the migration is blocked and needs you',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

/** One of the numbers of {@link exitStatus}. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
