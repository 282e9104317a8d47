import type { DemoContent } from './demo-data-options.js';
import type { DemoUnitPlan, PlannedBlob } from './plan-demo-unit.js';
import { type SeededRandom, seededRandom } from './seeded-random.js';

const events = [
  { service: 'cart', event: 'item.added', path: '/v2/carts/', status: 200 },
  { service: 'cart', event: 'item.removed', path: '/v2/carts/', status: 200 },
  { service: 'checkout', event: 'order.created', path: '/v2/orders/', status: 201 },
  { service: 'checkout', event: 'order.paid', path: '/v2/payments/', status: 200 },
  { service: 'checkout', event: 'payment.refused', path: '/v2/payments/', status: 402 },
  { service: 'shipping', event: 'parcel.sent', path: '/v2/parcels/', status: 202 },
  { service: 'shipping', event: 'parcel.returned', path: '/v2/parcels/', status: 200 },
  { service: 'account', event: 'login', path: '/v2/sessions/', status: 401 },
] as const;
const currencies = ['EUR', 'EUR', 'EUR', 'USD', 'GBP', 'CHF'] as const;
const agents = ['web/4.18.2 (Firefox)', 'web/4.18.2 (Chrome)', 'ios/11.3.0', 'android/11.2.7'] as const;
const densePayloadBytes = 6144;

/** Returns the JSON lines of one blob: whole lines, ASCII, at least its planned size, or nothing for an empty blob. */
export function writeLogLines(
  content: DemoContent,
  unit: Pick<DemoUnitPlan, 'tenant' | 'month'>,
  blob: Pick<PlannedBlob, 'account' | 'name' | 'region' | 'day' | 'rawBytes' | 'dense'>,
): Buffer {
  const random = seededRandom(content.seed, 'lines', blob.account, blob.name);
  const head = `{"time":"${unit.month}-${blob.day}T`;
  const origin = `Z","tenant":"${unit.tenant}","region":"${blob.region}","service":"`;
  let dayMs = random.int(0, 3_600_000);
  let text = '';
  while (text.length < blob.rawBytes) {
    dayMs = (dayMs + random.int(20, 4000)) % 86_400_000;
    text += head + clock(dayMs) + origin + event(random) + (blob.dense ? payload(random) : '') + '}\n';
  }
  return Buffer.from(text, 'latin1');
}

function event(random: SeededRandom): string {
  const { service, event: name, path, status } = random.pick(events);
  const id = hex(random);
  const trace = hex(random) + hex(random) + hex(random) + hex(random);
  const ms = Math.floor(4 + 60 * random.fraction() * random.fraction());
  return (
    `${service}","event":"${name}","id":"${id}","trace":"${trace}","user":${String(random.int(1000, 9999))},` +
    `"amountCents":${String(random.int(1, 400) * 50 - 1)},"currency":"${random.pick(currencies)}",` +
    `"status":${String(status)},"ms":${String(ms)},"path":"${path}${id}","agent":"${random.pick(agents)}"`
  );
}

function hex(random: SeededRandom): string {
  return random.uint32().toString(16).padStart(8, '0');
}

function payload(random: SeededRandom): string {
  const words = Buffer.alloc(densePayloadBytes);
  for (let offset = 0; offset < densePayloadBytes; offset += 4) words.writeUInt32LE(random.uint32(), offset);
  return `,"payload":"${words.toString('base64')}"`;
}

function clock(dayMs: number): string {
  const seconds = Math.floor(dayMs / 1000);
  const two = (value: number): string => (value < 10 ? `0${String(value)}` : String(value));
  const ms = String(dayMs % 1000).padStart(3, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${ms}`;
}
