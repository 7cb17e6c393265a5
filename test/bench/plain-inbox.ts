import type { Config, InboxConfig } from '../../src/config/config.ts';
import { built } from './built.ts';

const { readConfig } = await built<typeof import('../../src/config/read.ts')>('config/read');

/** What a daemon without a configuration file decides: every default, the presets among them. Nobody asks its store. */
export async function plainConfig(data: string): Promise<{ config: Config; inbox: InboxConfig }> {
  const env = {
    TRACKDROP_DATA: data,
    TRACKDROP_STORE_URL: 'http://127.0.0.1:1',
    TRACKDROP_STORE_BEARER: 'none',
  };
  const { config } = await readConfig({ env, cwd: data });
  const [inbox] = config.inboxes;
  if (!inbox) throw new Error('there is no inbox');
  return { config, inbox };
}
