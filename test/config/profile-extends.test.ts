import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPresets } from '../../src/config/profiles.ts';
import { PLAIN } from '../../src/domain/profile.ts';
import { acme, profileFiles } from './profile-files.ts';

const { read, profile, problems } = profileFiles();

describe('a profile that extends another', () => {
  test('keeps what it does not say, key by key, and replaces lists as a whole', async () => {
    const dhl = readPresets([]).find(({ name }) => name === 'dhl');
    assert.ok(dhl);
    const acmes = await profile(
      'acme',
      acme('extends: dhl', 'columns: { order: Referenz }', 'rows: [{ column: Lager, only: [Nord] }]'),
    );
    assert.deepEqual(acmes, {
      ...dhl,
      name: 'acme',
      origin: 'own',
      columns: { ...dhl.columns, order: { kind: 'name', names: ['Referenz'] } },
      rows: [{ column: { kind: 'name', names: ['Lager'] }, only: ['Nord'], skip: [] }],
    });
  });

  test('keeps columns, maps and pages of where numbers belong, until it says another', async () => {
    const one =
      '  one: { columns: { shipment: S, storeView: V, source: W }, sources: [{ says: [x], code: c }], storeViews: [{ says: [x], id: 1 }], carriers: { defaultLink: "http://a.example/{number}" } }';
    const text = [
      'profiles:',
      one,
      '  two: { extends: one, columns: { order: O } }',
      '  three: { extends: two, columns: { source: none }, sources: [{ says: [y], code: d }] }',
      '',
    ].join('\n');
    const [{ columns, sources, storeViews, carriers }, three] = [
      await profile('two', text),
      await profile('three', text),
    ];
    const named = (name: string) => ({ kind: 'name', names: [name] });
    assert.deepEqual([columns.shipment, columns.storeView, columns.source], ['S', 'V', 'W'].map(named));
    assert.deepEqual([sources, storeViews], [[{ says: ['x'], code: 'c' }], [{ says: ['x'], id: 1 }]]);
    assert.equal(carriers.defaultLink, 'http://a.example/{number}');
    assert.deepEqual([three.columns.source, three.columns.shipment], ['none', named('S')]);
    assert.deepEqual([three.sources, three.storeViews], [[{ says: ['y'], code: 'd' }], storeViews]);
  });

  test('undoes with null, never, and empty lists', async () => {
    const text = [
      'profiles:',
      '  one: { orderNumber: { pattern: "x", padTo: 3, stripPrefixes: [A] }, sources: [{ says: [x], code: c }], storeViews: [{ says: [x], id: 1 }], split: { order: ";" }, rows: [{ column: 1, skip: [x] }], carriers: { defaultTitle: T, default: c, defaultLink: "http://a.example/{number}" } }',
      '  two: { extends: one, orderNumber: { pattern: null, padTo: null, stripPrefixes: [] }, split: { order: never }, rows: [], sources: [], storeViews: [], carriers: { defaultTitle: null, default: null, defaultLink: null } }',
      '',
    ].join('\n');
    const two = await profile('two', text);
    assert.deepEqual(two.order, PLAIN.order);
    assert.equal(two.split.order, null);
    assert.deepEqual(two.rows, []);
    assert.deepEqual(two.carriers, PLAIN.carriers);
    assert.deepEqual([two.sources, two.storeViews], [[], []]);
  });

  test('undoes the lists of the other with null too', async () => {
    const text = [
      'profiles:',
      '  one: { rows: [{ column: 1, skip: [x] }], carriers: { map: [{ says: [x] }] } }',
      '  two: { extends: one, rows: null, carriers: { map: null } }',
      '',
    ].join('\n');
    const two = await profile('two', text);
    assert.deepEqual(two.rows, []);
    assert.deepEqual(two.carriers.map, []);
  });

  test('may stand before the other, and go on through several', async () => {
    const text =
      'profiles: { c: { extends: b }, b: { extends: a, delimiter: tab }, a: { encoding: utf-8 } }\n';
    const c = await profile('c', text);
    assert.deepEqual([c.encoding, c.delimiter], ['utf-8', '\t']);
  });

  test('is called by its name where that is none, unless the terminal would obey it', async () => {
    const refused = "a name has letters, digits, '.', '_' and '-' only";
    assert.deepEqual(await problems('profiles: { "Acme 2 Öst": { }, "a\\u001b[2J": { } }\n'), [
      `profiles.Acme 2 Öst (line 2): ${refused}`,
      `profiles.*** (line 2): ${refused}`,
    ]);
  });

  test('that leads back to itself or nowhere is refused', async () => {
    assert.deepEqual(await problems('profiles: { a: { extends: b }, b: { extends: a } }\n'), [
      'profiles.b.extends (line 2): found a, which extends b, which extends a; expected an end to it',
    ]);
    assert.match(
      (await problems('profiles: { a: { extends: a } }\n')).join(),
      /^profiles\.a\.extends \(line 2\): found "a", which is no profile; expected one of 35up, /,
    );
    assert.deepEqual(await problems('profiles: { a: { extends: shipstaton } }\n'), [
      'profiles.a.extends (line 2): found "shipstaton", which is no profile; did you mean shipstation?',
    ]);
  });

  test('of its own name means the preset whose place it takes', async () => {
    const text = 'profiles: { dhl: { extends: dhl, columns: { title: none } } }\n';
    const { profiles } = await read(text);
    const called = profiles.known.filter(({ name }) => name === 'dhl');
    assert.deepEqual(
      called.map(({ origin, columns }) => [origin, columns.title, columns.tracking]),
      [['own', 'none', { kind: 'name', names: ['Sendungsnummer'] }]],
    );
  });
});
