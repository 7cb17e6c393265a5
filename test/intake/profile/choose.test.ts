import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UnreadableDropError } from '../../../src/domain/failure.ts';
import { PLAIN, type Profile, type ProfileChoice } from '../../../src/domain/profile.ts';
import { profileByHeader, profileByName } from '../../../src/intake/profile/choose.ts';

const own = (name: string, more: Partial<Profile>): Profile => ({ ...PLAIN, name, origin: 'own', ...more });
const preset = (name: string, more: Partial<Profile>): Profile => ({ ...own(name, more), origin: 'preset' });
const auto = (...known: Profile[]): ProfileChoice => ({ fixed: null, known });
const named = (order: string, tracking: string, title?: string): Profile['columns'] => ({
  ...PLAIN.columns,
  order: { kind: 'name', names: [order] },
  tracking: { kind: 'name', names: [tracking] },
  ...(title === undefined ? {} : { title: { kind: 'name', names: [title] } }),
});

/** The name and why; undefined where none is chosen. */
const shown = (chosen: ReturnType<typeof profileByName>) => chosen && [chosen.profile.name, chosen.why];

describe('The profile of a file', () => {
  test('is the one that the inbox names, whatever else fits', () => {
    const choice = { fixed: preset('dhl', {}), known: [own('acme', { files: ['*'], headers: ['a'] })] };
    assert.deepEqual(shown(profileByName('x.csv', choice)), ['dhl', 'the inbox names it']);
    assert.deepEqual(shown(profileByHeader(['a'], choice)), ['dhl', 'the inbox names it']);
  });

  test('is found by the name of the file, case aside, also of a retry file', () => {
    const choice = auto(
      own('acme', { files: ['inv*.csv', 'ACME_??.csv'] }),
      preset('gls', { files: ['GLS_*.txt'] }),
    );
    assert.deepEqual(shown(profileByName('gls_20261101_0900.txt', choice)), [
      'gls',
      "the file's name matches GLS_*.txt",
    ]);
    assert.deepEqual(shown(profileByName('acme_01.retry-2.csv', choice)), [
      'acme',
      "the file's name matches ACME_??.csv",
    ]);
    assert.equal(profileByName('acme_001.csv', choice), undefined);
  });

  test('is found by the columns that say so, all of them', () => {
    const choice = auto(preset('dhl', { headers: ['Sendungsnummer', 'Sendungsreferenz'] }));
    assert.deepEqual(shown(profileByHeader(['sendungs-nummer', 'Status', 'SENDUNGSREFERENZ'], choice)), [
      'dhl',
      'the header has the columns "sendungs-nummer" and "SENDUNGSREFERENZ"',
    ]);
    assert.equal(profileByHeader(['Sendungsnummer', 'Status'], choice), undefined);
  });

  test('is found by all columns that it names where it lists none that say so', () => {
    const rows = [
      { column: { kind: 'name', names: ['Status', 'State'] }, only: [], skip: ['void'] },
    ] as const;
    const choice = auto(own('acme', { columns: named('Ref', 'Code', 'Service'), rows }));
    assert.equal(profileByHeader(['Ref', 'Code', 'Service'], choice), undefined);
    assert.equal(profileByHeader(['Ref', 'Code', 'State', 'Service'], choice)?.profile.name, 'acme');
  });

  test('is not found by columns that any file may have', () => {
    const { order, ...others } = named('Ref', 'Code');
    const choice = auto(own('half', { columns: { ...others, order: 'auto' } }), own('none', {}));
    assert.equal(order !== undefined && profileByHeader(['Ref', 'Code', 'order_number'], choice), undefined);
    assert.equal(profileByName('orders.csv', choice), undefined);
  });

  test('is an own one before a preset', () => {
    const files = ['*.csv'];
    assert.equal(
      profileByName('a.csv', auto(preset('dhl', { files }), own('acme', { files })))?.profile.name,
      'acme',
    );
    const known = auto(preset('dhl', { headers: ['a', 'b', 'c'] }), own('acme', { headers: ['a'] }));
    assert.equal(profileByHeader(['a', 'b', 'c'], known)?.profile.name, 'acme');
  });

  test('is the one with more columns of two that fit', () => {
    const known = auto(own('few', { headers: ['a', 'b'] }), own('many', { headers: ['a', 'b', 'c'] }));
    assert.equal(profileByHeader(['a', 'b', 'c'], known)?.profile.name, 'many');
    assert.equal(profileByHeader(['a', 'b'], known)?.profile.name, 'few');
  });

  test('is not chosen between two that fit alike: both are named', () => {
    const byName = auto(own('one', { files: ['*.csv'] }), own('two', { files: ['a*'] }));
    const byHeader = auto(own('one', { headers: ['a', 'b'] }), own('two', { headers: ['b', 'c'] }));
    for (const choose of [
      () => profileByName('a.csv', byName),
      () => profileByHeader(['a', 'b', 'c'], byHeader),
    ]) {
      assert.throws(choose, (error) => {
        assert.ok(error instanceof UnreadableDropError);
        assert.equal(error.code, 'profile-unclear');
        assert.match(error.message, /^The profiles one and two fit this file alike: /);
        assert.match(error.hint, /profile: one/);
        return true;
      });
    }
  });

  test('is not decided by presets that fit alike where an own one fits', () => {
    const files = ['*'];
    const known = auto(preset('x', { files }), preset('y', { files }), own('acme', { files }));
    assert.equal(profileByName('a.csv', known)?.profile.name, 'acme');
  });
});
