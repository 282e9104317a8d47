import { z } from 'zod';
import { textLike } from './texts.js';

// S3 takes 2,048 bytes of metadata; what Longhaul writes itself needs the rest.
const metadataBytesMax = 1_536;
const tagsMax = 10;

/** Tags of every target object, within the bounds of S3. */
export const tags = z
  .record(
    textLike(/^(?!aws:).{1,128}$/su, 'not the name of a tag', 'at most 128 characters, not beginning with aws:'),
    textLike(/^.{0,256}$/su, 'the value of a tag has more than 256 characters', 'shorten it'),
  )
  .superRefine((written, context) => {
    if (Object.keys(written).length <= tagsMax) return;
    context.addIssue({ code: 'custom', message: `there are more than ${String(tagsMax)} tags` });
  });

/** Metadata of every target object; names that begin with `longhaul-` are Longhaul's own. */
export const metadata = z
  .record(
    textLike(
      /^(?!longhaul-)[a-z0-9][a-z0-9._-]{0,127}$/,
      'not a name for metadata',
      'use lower-case letters, digits, dots and hyphens, not beginning with longhaul-',
    ),
    textLike(/^[\x20-\x7e]*$/, 'metadata cannot hold these characters', 'use printable ASCII characters'),
  )
  .superRefine((written, context) => {
    const bytes = Object.entries(written).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    if (bytes <= metadataBytesMax) return;
    context.addIssue({ code: 'custom', message: `metadata has more than ${String(metadataBytesMax)} bytes` });
  });
