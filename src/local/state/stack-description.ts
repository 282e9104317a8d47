import { localNamespace, loopback } from './stack-layout.js';
import { isAlive } from '../processes/process-identity.js';
import { partNames, type PartName, type StackState } from './stack-state.js';

/** A local Azure account, with its secret. */
export interface LocalAzureAccount {
  readonly name: string;
  readonly key: string;
  readonly endpoint: string;
  readonly connectionString: string;
}

/** The local S3 server. `region` is only a name: the server has none. */
export interface LocalS3 {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The present state of one part. `address` is a URL, host and port for Temporal, or null for workers, which do not
 * listen.
 */
export interface PartStatus {
  readonly name: PartName;
  readonly title: string;
  readonly pid: number | null;
  readonly port: number | null;
  readonly address: string | null;
  readonly alive: boolean;
  readonly startedAt: string | null;
}

/** A local stack: addresses, credentials (secret, so print them only on request) and parts. */
export interface StackDescription {
  readonly stateDir: string;
  readonly portBase: number | null;
  readonly temporal: { readonly address: string; readonly namespace: string; readonly webUi: string };
  readonly taskQueue: string;
  readonly stores: { readonly azure: readonly LocalAzureAccount[]; readonly s3: LocalS3 } | null;
  readonly parts: readonly PartStatus[];
}

/** How each part is named to the user. */
export const partTitles: Readonly<Record<PartName, string>> = {
  temporal: 'Temporal',
  azurite: 'Azurite (Azure Blob Storage)',
  s3: 'SeaweedFS (S3)',
  workers: 'the workers',
};

/** Describes a stack by its record and by which of its processes run now. */
export function describeStack(stateDir: string, state: StackState): StackDescription {
  const { ports } = state;
  const stores = state.usesStores ? state.stores : null;
  const azuriteUrl = `http://${loopback}:${ports.azurite}`;
  return {
    stateDir,
    portBase: state.portBase,
    temporal: {
      address: `${loopback}:${ports.temporal}`,
      namespace: localNamespace,
      webUi: `http://${loopback}:${ports.temporalUi}`,
    },
    taskQueue: state.taskQueue,
    stores: stores && {
      azure: stores.azure.map((account) => describeAccount(account, azuriteUrl)),
      s3: { endpoint: `http://${loopback}:${ports.s3}`, ...stores.s3 },
    },
    parts: partNames.flatMap((name) => {
      const wanted = state.parts[name] !== undefined || (stores !== null && (name === 'azurite' || name === 's3'));
      return wanted || name === 'temporal' ? [describePart(name, state)] : [];
    }),
  };
}

function describeAccount({ name, key }: { name: string; key: string }, url: string): LocalAzureAccount {
  const endpoint = `${url}/${name}`;
  const secret = `AccountName=${name};AccountKey=${key}`;
  const connectionString = `DefaultEndpointsProtocol=http;${secret};BlobEndpoint=${endpoint};`;
  return { name, key, endpoint, connectionString };
}

function describePart(name: PartName, { ports, parts }: StackState): PartStatus {
  const record = parts[name];
  const port = { temporal: ports.temporal, azurite: ports.azurite, s3: ports.s3, workers: null }[name];
  const scheme = name === 'temporal' ? '' : 'http://';
  return {
    name,
    title: partTitles[name],
    pid: record?.pid ?? null,
    port,
    address: port === null ? null : `${scheme}${loopback}:${port}`,
    alive: record !== undefined && isAlive(record),
    startedAt: record?.startedAt ?? null,
  };
}
