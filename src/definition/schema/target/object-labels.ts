import { z } from 'zod';
import { textLike } from '../texts.js';

// S3 accepts 2,048 bytes of metadata. Longhaul's own names and values take at most 420 and the name of the migration.
const metadataBytesMax = 1_536;
const tagsMax = 10;

// What AWS accepts; it refuses every put with another tag.
const tagCharacters = String.raw`[\p{L}\p{Z}\p{N}_.:/=+@-]`;
const tagHint = 'use letters, digits, blanks and _ . : / = + - @';

/** Tags of every target object, by the rules of AWS. */
export const tags = z
  .record(
    textLike(
      new RegExp(`^(?!aws:)${tagCharacters}{1,128}$`, 'iu'),
      'not a valid name for a tag',
      `${tagHint}, at most 128 characters, not starting with aws:`,
    ),
    textLike(
      new RegExp(`^${tagCharacters}{0,256}$`, 'u'),
      'not a valid value for a tag',
      `${tagHint}, at most 256 characters`,
    ),
  )
  .superRefine((written, context) => {
    if (Object.keys(written).length <= tagsMax) return;
    context.addIssue({ code: 'custom', message: `there are more than ${String(tagsMax)} tags` });
  });

/** Metadata of every target object; names that start with `longhaul-` are Longhaul's own. */
export const metadata = z
  .record(
    textLike(
      /^(?!longhaul-)[a-z0-9][a-z0-9._-]{0,127}$/,
      'not a valid name for metadata',
      'use lower-case letters, digits, dots, hyphens and underscores, not starting with longhaul-',
    ),
    textLike(
      /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/,
      'metadata cannot hold these characters',
      'use printable ASCII characters, without blanks at the start and end',
    ),
  )
  .superRefine((written, context) => {
    const bytes = Object.entries(written).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (bytes <= metadataBytesMax) return;
    context.addIssue({ code: 'custom', message: `metadata has more than ${String(metadataBytesMax)} bytes` });
  });
