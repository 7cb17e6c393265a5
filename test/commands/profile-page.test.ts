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
