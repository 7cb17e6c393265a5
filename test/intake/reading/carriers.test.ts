import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAIN, type Profile } from '../../../src/domain/profile.ts';
import { judged, judgeOf, layoutOf, NUMBERS } from './judging.ts';

describe('A carrier', () => {
  const carriers = (more: Partial<Profile['carriers']>) => ({ carriers: { ...PLAIN.carriers, ...more } });
  const map = [
    { says: ['DHL*', 'Deutsche Post'], code: 'dhl', title: 'DHL Paket', link: null },
    { says: ['u?s'], code: 'ups', title: null, link: null },
  ];
  const all = layoutOf('order', 'tracking', 'carrier', 'carrierCode', 'title');
  const carrierOf = (profile: Partial<Profile>, ...cells: readonly string[]) =>
    judged(judgeOf(all, profile), '1', '1Z1', ...cells).replace(/^1 1Z1 ?/, '');

  it("is the default under the file's own words, whatever they are", () => {
    assert.equal(carrierOf({}, 'ups', '', ''), 'ups');
    assert.equal(judgeOf(all).judge(['1', '1Z1', 'ups', '', ''], 2).kind, 'row');
    assert.equal(carrierOf({}, 'UPS', '', 'UPS  Ground\u0001 😀'), 'UPS Ground');
    assert.equal(carrierOf({}, '', '', ''), '');
    assert.equal(carrierOf(carriers({ default: 'acme', defaultTitle: 'Acme' }), '', '', ''), 'acme Acme');
  });

  it('is what the map says of it, case and blanks aside; the first entry that fits counts', () => {
    assert.equal(carrierOf(carriers({ map }), 'dhl  Express', '', 'Express'), 'dhl DHL Paket');
    assert.equal(carrierOf(carriers({ map }), 'deutsche\u00a0POST', '', ''), 'dhl DHL Paket');
    assert.equal(carrierOf(carriers({ map }), 'UPS', '', 'Ground'), 'ups Ground');
    assert.equal(carrierOf(carriers({ map }), 'UPS', '', ''), 'ups UPS');
    assert.equal(carrierOf(carriers({ map }), 'xUPS', '', ''), 'xUPS');
  });

  it("is Magento's own code as it stands, but for an entry of the map", () => {
    assert.equal(carrierOf({}, '', 'fedex', ''), 'fedex');
    assert.equal(carrierOf({}, 'FedEx Ground', 'fedex', ''), 'fedex FedEx Ground');
    assert.equal(carrierOf(carriers({ map }), '', 'DHL', ''), 'dhl DHL Paket');
    const long = [{ says: [`${'x'.repeat(40)}*`], code: 'acme', title: null, link: null }];
    assert.equal(carrierOf(carriers({ map: long }), '', 'X'.repeat(41), ''), `acme ${'X'.repeat(41)}`);
    const odd = [{ says: ['fast*'], code: 'acme', title: null, link: null }];
    assert.equal(carrierOf(carriers({ map: odd }), '', 'Fast\u0007 😀', ''), 'acme Fast');
    assert.match(carrierOf({}, '', '0', ''), /column "carrierCode" holds "0"/);
    assert.match(carrierOf({}, '', 'c'.repeat(33), ''), /longer than 32/);
    assert.match(carrierOf({}, '', 'a\u0007', ''), /no carrier code has/);
  });

  it('has a title of at most 255 characters, with a note where the file has more', () => {
    const note = '(the title is cut to the 255 characters that Magento holds)';
    assert.equal(carrierOf({}, 'c'.repeat(300), '', ''), `${'c'.repeat(255)} ${note}`);
    assert.equal(carrierOf({}, 'c'.repeat(255), '', ''), 'c'.repeat(255));
    const long = [{ says: [`${'x'.repeat(40)}*`], code: 'acme', title: null, link: null }];
    assert.equal(
      carrierOf(carriers({ map: long }), 'x'.repeat(256), '', ''),
      `acme ${'x'.repeat(255)} ${note}`,
    );
    assert.equal(carrierOf({}, 'c'.repeat(300), '', 'UPS'), 'UPS');
  });

  it('is in its own words where the column of codes holds words, which no code is', () => {
    assert.equal(carrierOf({}, '', 'DHL  Express', ''), 'DHL Express');
    assert.equal(carrierOf({}, '', 'DHL Express', 'Parcel by air'), 'Parcel by air');
    assert.equal(carrierOf({}, 'Otto', 'DHL Express', ''), 'Otto');
    assert.equal(carrierOf({}, '', `DHL ${'x'.repeat(40)}`, ''), `DHL ${'x'.repeat(40)}`);
    assert.equal(carrierOf(carriers({ map }), '', 'DHL Express', ''), 'dhl DHL Paket');
  });

  it("has the page of the map's entry for the number, without its blanks and percent-encoded", () => {
    const linked = (number: string, carrier: string, more: Partial<Profile['carriers']> = {}) =>
      judged(
        judgeOf(all, carriers({ map: [...pages, ...map], ...more })),
        '1',
        number,
        carrier,
        '',
        '',
      ).replace(/^.*(?=https?:)|^[^:]*$/, '');
    const pages = [
      { says: ['GLS*'], code: 'custom', title: 'GLS', link: 'https://gls.example/track/{number}?lang=$&' },
    ];
    assert.equal(linked('1Z1', 'GLS'), 'https://gls.example/track/1Z1?lang=$&');
    assert.equal(linked('1Z 1\u00a02', 'gls paket'), 'https://gls.example/track/1Z12?lang=$&');
    assert.equal(linked('A/1$%-ü', 'GLS'), 'https://gls.example/track/A%2F1%24%25-%C3%BC?lang=$&');
    assert.equal(linked('1Z1', 'UPS'), '');
    assert.equal(linked('1Z1', 'Otto'), '');
    const defaultLink = 'http://otto.example/{number}';
    assert.equal(linked('1Z1', 'Otto', { defaultLink }), 'http://otto.example/1Z1');
    assert.equal(linked('1Z1', '', { defaultLink }), 'http://otto.example/1Z1');
    assert.equal(linked('1Z1', 'UPS', { defaultLink }), '');
    const recognised = [{ says: ['UPS'], code: 'ups', title: null, link: 'https://ups.example/{number}' }];
    assert.equal(
      linked('1Z999AA10123456784', '', { recognise: true, map: recognised }),
      'https://ups.example/1Z999AA10123456784',
    );
  });

  it('is told from the number only where the profile asks for it and the file says nothing', () => {
    const told = (profile: Partial<Profile>, number: string, ...cells: readonly string[]) =>
      judged(judgeOf(all, profile), '1', number, ...cells).replace(/^1 \S+ ?/, '');
    const ask = carriers({ recognise: true, map });
    assert.equal(told(carriers({ map }), '1Z999AA10123456784', '', '', ''), '');
    assert.equal(told(ask, '1Z999AA10123456784', '', '', ''), 'ups UPS');
    assert.equal(told(ask, '1Z999AA10123456784', 'Otto', '', ''), 'Otto');
    assert.equal(told(ask, 'RB123456785GB', '', '', ''), 'Royal Mail Group plc');
    assert.equal(told(ask, '9400111202555842332669', '', '', ''), 'United States Postal Service');
  });

  it('is never told from digits alone that any carrier could have given', () => {
    const ask = judgeOf(NUMBERS, carriers({ recognise: true }));
    for (const number of ['986578788855', '00340434161094042557', '61299998820821171811', '123456789012345'])
      assert.equal(judged(ask, '1', number), `1 ${number}`);
  });
});
