import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { readConfig } from '../../config/read.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** The inbox whose orders Trackdrop may ship; every other one only adds numbers. */
const SHIPPING_INBOX = 'dropship';

/**
 * Makes the data folder: inboxes and a `trackdrop.yaml` that a person can look at. Then reads the configuration
 * as every command does, but not from the environment: a `TRACKDROP_STORE_URL` there may be a real shop's.
 */
export async function layOut(folder: string, inboxes: readonly string[], sandbox: Sandbox): Promise<Config> {
  for (const name of inboxes) await mkdir(join(folder, name, 'inbox'), { recursive: true });
  const file = join(folder, 'trackdrop.yaml');
  await writeFile(file, [storeSettings(sandbox), ...inboxes.map(inboxSettings), REST].join('\n'));
  return (await readConfig({ file, env: {}, cwd: folder })).config;
}

function storeSettings({ url, oauth }: Sandbox): string {
  return `# Written by \`trackdrop demo\`. The shop is its sandbox, which ends with it.
# Times are much shorter than the defaults, so that there is something to see within seconds.

stores:
  main:
    url: ${url}
    auth:
      oauth:
        consumerKey: ${JSON.stringify(oauth.consumerKey)}
        consumerSecret: ${JSON.stringify(oauth.consumerSecret)}
        accessToken: ${JSON.stringify(oauth.accessToken)}
        accessTokenSecret: ${JSON.stringify(oauth.accessTokenSecret)}
    timeout: 5s
    retry: { attempts: 6, firstDelay: 200ms, maxDelay: 500ms }
    uncertain: { looks: [500ms, 1s], repeatTrackAfter: 2500ms, repeatShipAfter: 4s, verifyAfter: 2500ms }

inboxes:`;
}

function inboxSettings(name: string): string {
  return `  - name: ${name}
    folder: ${name}/inbox
    stableFor: 1s
    unfinishedFor: 5s
    rescanEvery: 1s
    shipments: { create: ${name === SHIPPING_INBOX} }
    # Else an order that is not there, on hold or unpaid would be waited for, for hours.
    waitFor: { orderNotFound: 0s, orderHeld: 0s, unpaid: 0s }
`;
}

const REST = `ledger: trackdrop.db
log: { level: debug, format: json }
`;
