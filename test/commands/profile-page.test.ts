import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { KEY_EXAMPLES } from '../../src/commands/profile/key-examples.ts';
import { withGenerated } from '../../src/commands/profile/page.ts';
import { Refusal } from '../../src/config/kind.ts';
import { PROFILE_OPTION_LIST } from '../../src/config/profile-options.ts';
import { profileFolder } from './profile-folder.ts';

const page = await readFile(new URL('../../docs/profiles.md', import.meta.url), 'utf8');

describe('the page on profiles', () => {
  test('lists keys, presets and known names as the code has them (else: npm run generate)', () => {
    assert.equal(page, withGenerated(page));
    assert.match(
      page,
      /\| `columns\.order` \| .*\n[\s\S]*\| `shipstation` \| .*\n[\s\S]*\bSendungsverfolgungs\b/,
    );
  });

  test('is not written without its marks', () => {
    assert.throws(() => withGenerated(page.replace('<!-- end of keys -->', '')), /<!-- keys -->/);
  });

  test('has an example of each key that the key takes', () => {
    const examples = new Map(Object.entries(KEY_EXAMPLES));
    for (const [path, { kind }] of PROFILE_OPTION_LIST) {
      assert.ok(!(kind.read(examples.get(path)) instanceof Refusal), path);
    }
  });

  test('shows columns, maps and pages that do what it says of them', async () => {
    const section = page.slice(page.indexOf('## Where a number belongs'), page.indexOf('## Presets'));
    const profiles = Array.from(section.matchAll(/```yaml\n([\s\S]*?)```/g), ([, profile = '']) => profile);
    const header = 'order_number,tracking_number,carrier,Shop shipment,Client,Warehouse\n';
    const row = '100000123,A1 2345678,DHL Express,000000012,acme at,wh2\n';
    await using folder = await profileFolder();
    await folder.put('day.csv', header + row + row.replace('DHL Express', 'GLS').replace('wh2', 'Hamburg'));
    const found = [];
    for (const [at, profile] of profiles.entries()) {
      await folder.put(`acme-${at}.yaml`, profile);
      const { stdout } = await folder.profile('try', 'day.csv', '--profile', `acme-${at}.yaml`, '--json');
      const { rows } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
      const said = (row: Record<string, unknown>) =>
        ['shipmentNumber', 'storeView', 'source', 'link']
          .map((key) => row[key])
          .find((each) => each !== null);
      found.push(rows.map(said));
    }
    assert.deepEqual(found, [
      ['000000012', '000000012'],
      [2, 2],
      ['berlin', 'main'],
      ['https://www.dhl.de/de/privatkunden.html?piececode=A12345678', 'https://gls-group.eu/track/A12345678'],
    ]);
  });

  test('shows a profile that works, and says every key of what is for programs', async () => {
    const [, profile = ''] = /```yaml\n( {3}about: [\s\S]*?)```/.exec(page) ?? [];
    await using folder = await profileFolder();
    await folder.put('acme.yaml', profile);
    await folder.put(
      'ACME_1.csv',
      'Reference;Shipment;Service;State\nACME-100000123;A12345678;DHL Express;Sent\nACME-1;B12345678;DHL;Cancelled\n',
    );
    const { exitCode, stdout } = await folder.profile(
      'try',
      'ACME_1.csv',
      '--profile',
      'acme.yaml',
      '--json',
    );
    assert.equal(exitCode, 0);
    const found = JSON.parse(stdout);
    assert.deepEqual(
      [found.rows[0].orderNumber, found.rows[0].title, found.counts.skipped],
      ['100000123', 'DHL Paket', 1],
    );
    const table = page.slice(page.indexOf('## For programs'));
    const keys = [found, found.columns[0], found.counts, found.rows[0], found.skipped[0]].flatMap(
      Object.keys,
    );
    for (const key of keys) assert.match(table, new RegExp(`[\`{, ]${key}\\b`), key);
  });
});
