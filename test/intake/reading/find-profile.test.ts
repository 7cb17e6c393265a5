import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Profile } from '../../../src/domain/profile.ts';
import { acme, read, shown, unreadable } from './contents.ts';

/** A merchant's own profile, known by the columns `Auftrag` and `Paketnummer`. */
const own = acme({
  columns: {
    order: { kind: 'name', names: ['Auftrag'] },
    tracking: { kind: 'name', names: ['Paketnummer'] },
  },
  order: { ...acme({}).order, stripPrefixes: ['A-'] },
});
const preset = (written: Parameters<typeof acme>[0]): Profile => ({ ...acme(written), origin: 'preset' });
const files = ['GLS_*.txt'];
const headerless = { files, header: 'none', delimiter: ';', quotes: false } as const;
const gls = preset({ ...headerless, name: 'gls', at: { order: 1, tracking: 2 } });
/** As GLS's own: which field stands where is decided by whoever exports. */
const incomplete = preset({ ...headerless, name: 'gls', encoding: 'iso-8859-1' });

const named = (...known: Profile[]) => ({
  name: 'GLS_20261122_0610.txt',
  profiles: { fixed: null, known },
});

describe('With profile: auto the profile of a file', () => {
  test('is an own one by header before a preset by name', async () => {
    const { profile, layout, records } = await read('Auftrag;Paketnummer\nA-1001;1Z1\n', named(own, gls));
    assert.equal(profile.name, 'acme');
    assert.match(layout?.profile.why ?? '', /^the header has the columns/);
    assert.deepEqual(shown(records), ['2 1001 1Z1 custom Parcel']);
  });

  test('is an own one by name before another own one by header', async () => {
    const wms = { ...own, name: 'wms', files };
    const { profile } = await read('Auftrag;Paketnummer\n1001;1Z1\n', named(own, wms));
    assert.equal(profile.name, 'wms');
  });

  test('is a preset by name before a preset by header', async () => {
    const other = { ...own, name: 'other', origin: 'preset' } as const;
    const byName = { ...other, name: 'by-name', files };
    const { profile } = await read('Auftrag;Paketnummer\n1001;1Z1\n', named(other, byName));
    assert.equal(profile.name, 'by-name');
  });

  test('is a preset by name where no own one has the header', async () => {
    const { profile, layout, records } = await read('A-1001;1Z1\nA-1002;1Z2\n', named(own, gls));
    assert.equal(profile.name, 'gls');
    assert.equal(layout?.profile.why, "the file's name matches GLS_*.txt");
    assert.deepEqual(shown(records), ['1 A-1001 1Z1 custom Parcel', '2 A-1002 1Z2 custom Parcel']);
  });

  test('leaves an own one the encoding that the file shows, whatever the preset of its name says', async () => {
    const tracking = { kind: 'name', names: ['Päckchen'] } as const;
    const umlauts = { ...own, columns: { ...own.columns, tracking } };
    const content = 'Auftrag;Päckchen;Titel\nA-1001;1Z1;Grüße\n';
    const { profile, survey } = await read(content, named(umlauts, incomplete));
    assert.equal(profile.name, 'acme');
    assert.equal(survey.format.encoding, 'utf-8');
  });

  test('has its own encoding where it is a preset by name', async () => {
    const latin = { ...gls, encoding: 'iso-8859-1' } as const;
    const { survey } = await read('A-1001;1Z1;Grüße\n', named(own, latin));
    assert.equal(survey.format.encoding, 'iso-8859-1');
  });

  test('is not a preset that lacks the positions of its columns where the header says them', async () => {
    const content = 'order_number;tracking_number\n1001;1Z1\n';
    const { profile, records } = await read(content, named(incomplete));
    assert.equal(profile.name, 'plain');
    assert.deepEqual(shown(records), ['2 1001 1Z1 custom Parcel']);
    const other = { ...own, name: 'other', origin: 'preset' } as const;
    assert.equal(
      (await read('Auftrag;Paketnummer\n1001;1Z1\n', named(incomplete, other))).profile.name,
      'other',
    );
  });

  test('names a preset that lacks them where nothing else reads the file, with the lines to add', async () => {
    const { message, hint } = await unreadable('A-1001;1Z1;x\nA-1002;1Z2;y\n', named(own, incomplete));
    assert.match(message, /the profile gls does not say in which column/);
    assert.match(hint, /extends: gls/);
  });
});
