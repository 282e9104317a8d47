import { z } from 'zod';

const sizeUnits: Readonly<Record<string, number | undefined>> = {
  B: 1,
  KB: 1e3,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
};
const durationUnits: Readonly<Record<string, number | undefined>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3 };

/** A number of bytes: `64GiB`, `39.8 MB` or a plain number; at least 1, rounded to whole bytes. */
export const size = z
  .union([z.number(), z.string()])
  .transform((written, context) =>
    checked(amount(written, sizeUnits, 1), (bytes) => bytes >= 1, context, 'not a size', 'write it as 64GiB or 500MB'),
  );

/** A number of bytes a second: a size, after which `/s` may follow as in what Longhaul prints. */
export const rate = z
  .union([z.number(), z.string()])
  .transform((written) => (typeof written === 'string' ? written.replace(/\s*\/\s*s$/, '') : written))
  .pipe(size);

/** A duration: `60s`, `500ms`, `5m` or `1h`; parsed to milliseconds. */
export const duration = z
  .union([z.number(), z.string()])
  .transform((written, context) =>
    checked(amount(written, durationUnits), (ms) => ms >= 1, context, 'not a duration', 'write it as 60s, 500ms or 5m'),
  );

/** A share: `1/10000`, `0.01`, `1%`, `all` or `0`; parsed to a number from 0 to 1. */
export const share = z
  .union([z.number(), z.string()])
  .transform((written, context) =>
    checked(
      shareOf(written),
      (value) => value >= 0 && value <= 1,
      context,
      'not a share',
      'write it as 1/10000, 1%, all or 0',
    ),
  );

/** How many failed units are accepted: `5%` of the finished ones, or a number of units. */
export const failedUnits = z.union([z.number(), z.string()]).transform((written, context) => {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(String(written))?.[1];
  const isCount = percent === undefined;
  const value = isCount ? wholeNumber(String(written)) : Number(percent) / 100;
  const right = checked(
    value,
    (number) => isCount || number <= 1,
    context,
    'neither a share nor a number of units',
    'write it as 5% or 1000',
  );
  return isCount ? ({ kind: 'count', count: right } as const) : ({ kind: 'share', share: right } as const);
});

function amount(written: number | string, units: typeof sizeUnits, plain?: number): number | undefined {
  if (typeof written === 'number') return plain === undefined ? undefined : wholeNumber(String(written));
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(written) ?? [];
  const factor = unit === '' ? plain : units[unit ?? ''];
  return digits === undefined || factor === undefined ? undefined : Math.round(Number(digits) * factor);
}

function shareOf(written: number | string): number | undefined {
  if (written === 'all') return 1;
  const text = String(written);
  const [, numerator, denominator] = /^(\d+)\s*\/\s*(\d+)$/.exec(text) ?? [];
  if (numerator !== undefined) return Number(numerator) / Number(denominator);
  const [, number, percent] = /^(\d+(?:\.\d+)?(?:e-\d+)?)\s*(%?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) / (percent === '%' ? 100 : 1);
}

const wholeNumber = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

function checked(
  value: number | undefined,
  isRight: (value: number) => boolean,
  context: z.RefinementCtx,
  problem: string,
  hint: string,
): number {
  if (value !== undefined && value <= Number.MAX_SAFE_INTEGER && isRight(value)) return value;
  context.addIssue({ code: 'custom', message: problem, params: { hint } });
  return z.NEVER;
}
