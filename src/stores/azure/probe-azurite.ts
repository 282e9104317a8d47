import { randomUUID } from 'node:crypto';
import { Failure } from '../../domain/failure.js';
import { createAzureWriter } from './azure-writer.js';

/** Proves that an account of the local stack works: writes and reads in a container of its own, and deletes that. */
export async function probeAzurite(
  account: { readonly endpoint: string; readonly name: string; readonly key: string },
  signal: AbortSignal,
): Promise<void> {
  const writer = await createAzureWriter(account);
  const container = `longhaul-ready-${randomUUID().slice(0, 8)}`;
  const bytes = Buffer.from(container);
  try {
    await writer.ensureContainer(container, signal);
    await writer.putBlob({ container, name: 'ready', bytes }, signal);
    const read = await writer.getBlob({ container, name: 'ready' }, signal);
    if (!bytes.equals(read))
      throw new Failure('SourceProtocol', `account ${account.name} returned other bytes than were written`);
    await writer.deleteContainer(container, signal);
  } finally {
    writer.close();
  }
}
