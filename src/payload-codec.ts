import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';

/**
 * Loads the codec that encrypts what Temporal stores: a module that exports a `PayloadCodec` of the Temporal SDK as
 * `payloadCodec` or as its default. Workers and the command line must load the same one. Returns the option for the
 * SDK's client and worker, or no option if there is no path. Throws with the variable's name if the module cannot be
 * loaded or exports none.
 */
export async function loadDataConverter(path: string | undefined): Promise<{ readonly dataConverter?: DataConverter }> {
  if (path === undefined) return {};
  // Workers of the local stack run in another folder than the shell that sets the variable.
  if (!isAbsolute(path)) throw new Error(`LONGHAUL_PAYLOAD_CODEC names ${path}: it must be an absolute path`);
  let module: { readonly payloadCodec?: unknown; readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`LONGHAUL_PAYLOAD_CODEC names ${path}, which cannot be loaded: ${reason}`, { cause: error });
  }
  const codec = module.payloadCodec ?? module.default;
  if (!isCodec(codec)) {
    throw new Error(
      `LONGHAUL_PAYLOAD_CODEC names ${path}, which exports no PayloadCodec: an object with the functions encode ` +
        'and decode, as `payloadCodec` or as default',
    );
  }
  return { dataConverter: { payloadCodecs: [codec] } };
}

/**
 * Decodes a payload that the SDK hands out raw, such as the details of a heartbeat, as the client decodes all others.
 */
export async function decodePayload<T>(
  { options }: Pick<Client, 'options'>,
  payload: Payload | null | undefined,
): Promise<T | undefined> {
  if (payload == null) return undefined;
  const { payloadCodecs, payloadConverter } = options.loadedDataConverter;
  let decoded = payload;
  for (const codec of payloadCodecs) decoded = (await codec.decode([decoded]))[0] ?? decoded;
  return payloadConverter.fromPayload<T>(decoded);
}

function isCodec(value: unknown): value is PayloadCodec {
  if (typeof value !== 'object' || value === null) return false;
  const { encode, decode } = value as Partial<PayloadCodec>;
  return typeof encode === 'function' && typeof decode === 'function';
}
