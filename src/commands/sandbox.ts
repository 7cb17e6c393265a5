import { UsageError } from '../domain/failure.ts';
import { startSandbox } from '../sandbox/sandbox.ts';

/** What the command line asks for. */
interface SandboxCommandOptions {
  /** 0: any free port. */
  readonly port: number;
}

/** Paid orders that the sandbox has at its start: half with a shipment, half without. */
const ORDERS_OF_EACH_KIND = 100;

/**
 * Runs a Magento store in memory until the signal fires, and says how to use it.
 * @throws UsageError when the port is taken.
 */
export async function runSandbox(
  options: SandboxCommandOptions,
  out: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  await using sandbox = await startSandbox({ port: options.port }).catch((error: unknown) => {
    throw isTaken(error) ? portTaken(options.port) : error;
  });
  const shipped = sandbox.generate(ORDERS_OF_EACH_KIND, { shipped: true });
  const open = sandbox.generate(ORDERS_OF_EACH_KIND);
  const { admin, oauth, url } = sandbox;
  for (const line of [
    `A Magento store in memory: ${url}`,
    `  bearer token             ${sandbox.bearer}`,
    `  OAuth consumer key       ${oauth.consumerKey}`,
    `  OAuth consumer secret    ${oauth.consumerSecret}`,
    `  OAuth access token       ${oauth.accessToken}`,
    `  OAuth token secret       ${oauth.accessTokenSecret}`,
    `  admin user               ${admin.username}`,
    `  admin password           ${admin.password}`,
    `  admin one-time secret    ${admin.otpSecret}`,
    `  orders with a shipment   ${shipped[0]} to ${shipped.at(-1)}`,
    `  orders without           ${open[0]} to ${open.at(-1)}`,
    '',
    'What stands in it, and how often it was asked:',
    `  curl ${url}/_sandbox/tracks`,
    `  curl ${url}/_sandbox/shipments`,
    `  curl ${url}/_sandbox/orders/${shipped[0]}`,
    `  curl ${url}/_sandbox/mails`,
    `  curl ${url}/_sandbox/counts`,
    'Lose the answer of each tenth tracking number, after it was written:',
    `  curl ${url}/_sandbox/faults -d '{"match":{"path":"shipment/track","every":10},"fault":{"kind":"resetAfter"}}'`,
    `  curl -X DELETE ${url}/_sandbox/faults`,
    'Ask admin users for a one-time code; end their tokens:',
    `  curl ${url}/_sandbox/set -d '{"twoFactor":true}'`,
    `  curl -X DELETE ${url}/_sandbox/admin-tokens`,
    'Put in an order of a kind of your own; have several sources; leave mails to the cron, and run it:',
    `  curl ${url}/_sandbox/orders -d '{"incrementId":"MINE-1","items":[{"sku":"SET","type":"bundle","shipment":"separately","children":[{"sku":"MUG"},{"sku":"CUP","qty":2}]}]}'`,
    `  curl ${url}/_sandbox/set -d '{"sources":["default","east"],"mailsByCron":true}'`,
    `  curl -X POST ${url}/_sandbox/cron`,
    'Turn mails about shipments off:',
    `  curl ${url}/_sandbox/set -d '{"mailsEnabled":false}'`,
    'Go into maintenance, come back, be slow:',
    `  curl ${url}/_sandbox/maintenance -d '{"on":true}'`,
    `  curl ${url}/_sandbox/maintenance -d '{"on":false}'`,
    `  curl ${url}/_sandbox/set -d '{"readMs":100,"writeMs":200}'`,
    '',
    'Nothing is kept: it ends with Ctrl+C, and so does all that it holds.',
  ]) {
    out(line);
  }
  await aborted(signal);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function portTaken(port: number): UsageError {
  return new UsageError('port-taken', `port ${port} is taken by another program`, {
    facts: { port },
    hint: 'Choose another one, or leave --port away to have a free one found.',
  });
}
