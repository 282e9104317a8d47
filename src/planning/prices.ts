import { z } from 'zod';

const price = z.number().min(0);

/** What a price list must say. Requests are priced by the number that the clouds' own lists have. */
export const pricesSchema = z.strictObject({
  /** When the prices were looked up. */
  date: z.iso.date(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters, for example USD'),
  /** Where the prices hold. */
  note: z.string().max(1_000).optional(),
  source: z.strictObject({
    readsPer10000: price,
    listsPer10000: price,
    egressPerGB: price,
  }),
  target: z.strictObject({
    headsPer1000: price,
    /** By storage class. */
    classes: z.record(z.string().min(1), z.strictObject({ putsPer1000: price, storagePerGBMonth: price })),
  }),
  /** How large an object is, compared with the blobs that it is made of. */
  targetBytesPerSourceByte: z.number().positive().max(1_000),
});

/** A price list. */
export type Prices = z.infer<typeof pricesSchema>;
