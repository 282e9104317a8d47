import { execa } from 'execa';
import { isAlive, killIfAlive } from '../programs/process-ids.js';

/** The two networks that every host is on. Each can be taken from a host by itself. */
export type NetworkName = 'temporal' | 'stores';

/** A host: a network namespace with an address on each network. */
export interface ClusterHost {
  readonly name: string;
  readonly namespace: string;
  readonly addresses: Readonly<Record<NetworkName, string>>;
  /** Takes the host off a network silently: its link stays up, and what it sends is lost. */
  cut(network: NetworkName): Promise<void>;
  mend(network: NetworkName): Promise<void>;
}

/** The hosts of a test, and this process, which is on both networks too. */
export interface ClusterNetwork {
  /** The addresses of this process. */
  readonly addresses: Readonly<Record<NetworkName, string>>;
  addHost(name: string): Promise<ClusterHost>;
  /** Kills what still runs on the hosts, and removes them. */
  end(): Promise<void>;
}

/**
 * Makes two networks, each a bridge of this machine. Needs root. Everything is named after this process, and what a
 * dead process has left behind is removed first.
 */
export async function createNetwork(): Promise<ClusterNetwork> {
  await sweep((pid) => !isAlive(pid));
  const prefix = `${namePrefix}${String(process.pid)}`;
  const subnet = await freeSubnet();
  const addressOf = (network: NetworkName, host: number): string =>
    `198.${network === 'temporal' ? '18' : '19'}.${String(subnet)}.${String(host)}`;
  const addressesOf = (host: number) => ({ temporal: addressOf('temporal', host), stores: addressOf('stores', host) });
  for (const network of networkNames) {
    const bridge = `${prefix}${network[0]!}`;
    await ip('link', 'add', bridge, 'type', 'bridge');
    await ip('addr', 'add', `${addressOf(network, 1)}/24`, 'dev', bridge);
    await ip('link', 'set', bridge, 'up');
  }
  let hosts = 1;
  return {
    addresses: addressesOf(1),
    async addHost(name) {
      const number = (hosts += 1);
      const namespace = `${prefix}-${name}`;
      await ip('netns', 'add', namespace);
      await ip('-n', namespace, 'link', 'set', 'lo', 'up');
      for (const network of networkNames) {
        const cable = cableOf(prefix, network, number);
        await ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', network, 'netns', namespace);
        await ip('-n', namespace, 'addr', 'add', `${addressOf(network, number)}/24`, 'dev', network);
        await ip('-n', namespace, 'link', 'set', network, 'up');
        await ip('link', 'set', cable, 'master', `${prefix}${network[0]!}`, 'up');
      }
      return {
        ...{ name, namespace, addresses: addressesOf(number) },
        cut: (network) => ip('link', 'set', cableOf(prefix, network, number), 'nomaster'),
        mend: (network) => ip('link', 'set', cableOf(prefix, network, number), 'master', `${prefix}${network[0]!}`),
      };
    },
    end: () => sweep((pid) => pid === process.pid),
  };
}

const networkNames: readonly NetworkName[] = ['temporal', 'stores'];

// Names of network devices have at most 15 characters.
const namePrefix = 'lh';
const ours = /\blh(\d+)(?:-[\w-]+|[ts]\d*)\b/g;

function cableOf(prefix: string, network: NetworkName, host: number): string {
  return `${prefix}${network[0]!}${String(host)}`;
}

async function ip(...args: readonly string[]): Promise<void> {
  await execa('ip', args);
}

/** Removes the namespaces and bridges of the processes that are chosen by their ids. */
async function sweep(isChosen: (pid: number) => boolean): Promise<void> {
  const chosenIn = (text: string): readonly string[] => [
    ...new Set([...text.matchAll(ours)].filter(([, pid]) => isChosen(Number(pid))).map(([name]) => name)),
  ];
  for (const namespace of chosenIn((await execa('ip', ['netns', 'list'])).stdout)) {
    const { stdout } = await execa('ip', ['netns', 'pids', namespace]);
    for (const pid of stdout.split('\n').filter(Boolean).map(Number)) killIfAlive(pid);
    await ip('netns', 'del', namespace);
  }
  const { stdout } = await execa('ip', ['-o', 'link', 'show', 'type', 'bridge']);
  for (const bridge of chosenIn(stdout)) await ip('link', 'del', bridge);
}

/** A number that no other run on this machine uses, below 198.18.0.0/15, which is reserved for tests of networks. */
async function freeSubnet(): Promise<number> {
  const { stdout } = await execa('ip', ['-o', '-4', 'addr', 'show']);
  const taken = new Set([...stdout.matchAll(/ 198\.1[89]\.(\d+)\./g)].map(([, number]) => Number(number)));
  const free = Array.from({ length: 256 }, (_unused, number) => number).find((number) => !taken.has(number));
  if (free === undefined) throw new Error('all subnets of 198.18.0.0/15 are in use');
  return free;
}
