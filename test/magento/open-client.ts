import { Client, type ClientOptions, type ClientParts } from '../../src/magento/client.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

/** A client of the address, closed at the end of the test. */
export interface OpenClient extends Disposable {
  readonly client: Client;
  /** What the client wants kept out of logs, oldest first. */
  readonly secrets: string[];
}

export function openClient(
  url: string,
  options: Partial<ClientOptions> = {},
  clock: Clock = systemClock,
  onSecret: () => void = () => {},
  parts: Partial<ClientParts> = {},
): OpenClient {
  const secrets: string[] = [];
  const client = new Client(
    {
      url,
      storeCode: 'all',
      auth: { kind: 'bearer', token: 'token' },
      readOnly: false,
      workers: 5,
      tlsCa: null,
      timeoutMs: 5_000,
      ...options,
    },
    {
      ...parts,
      clock,
      keepSecret: (secret) => {
        secrets.push(secret);
        onSecret();
      },
    },
  );
  return { client, secrets, [Symbol.dispose]: () => client.close() };
}
