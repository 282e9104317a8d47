import type { Prices } from './prices.js';

/**
 * The price list that is used without `--prices`: list prices of its date, without discounts, rounded, and not looked
 * up since. They are here to show the order of magnitude; a decision about money needs the prices of one's contract.
 */
export const defaultPrices: Prices = {
  date: '2025-01-01',
  currency: 'USD',
  note: 'list prices of Azure (hot tier, locally redundant, internet egress) and Amazon S3 (us-east-1)',
  source: { readsPer10000: 0.005, listsPer10000: 0.055, egressPerGB: 0.087 },
  target: {
    headsPer1000: 0.0004,
    classes: {
      STANDARD: { putsPer1000: 0.005, storagePerGBMonth: 0.023 },
      INTELLIGENT_TIERING: { putsPer1000: 0.005, storagePerGBMonth: 0.023 },
      STANDARD_IA: { putsPer1000: 0.01, storagePerGBMonth: 0.0125 },
      ONEZONE_IA: { putsPer1000: 0.01, storagePerGBMonth: 0.01 },
      GLACIER_IR: { putsPer1000: 0.02, storagePerGBMonth: 0.004 },
      GLACIER: { putsPer1000: 0.03, storagePerGBMonth: 0.0036 },
      DEEP_ARCHIVE: { putsPer1000: 0.05, storagePerGBMonth: 0.00099 },
    },
  },
  // gzip makes logs a fifth larger than bzip2 does.
  targetBytesPerSourceByte: 1.2,
};
