import { count, flag, list, rate, text } from './kinds.ts';
import { duration } from './measure-kinds.ts';
import { derived, needed, type Option, withDefault } from './option.ts';
import { path, url } from './option-kinds.ts';
import { otpSecret, password, secret } from './secret-kinds.ts';

/** The options of a store: where it is, how to sign in, how it is treated. */
export const STORE_OPTIONS = {
  'stores.*.url': needed(url, {
    doc: 'The shop, as a browser knows it. The REST root is `<url>/rest/<storeCode>/V1`. Each store is a Magento of its own, whatever its domains: two for one Magento would write the same number at the same time. Several inboxes may name one store.',
    example: 'https://shop.example.com',
    env: 'TRACKDROP_STORE_URL',
  }),
  'stores.*.storeCode': withDefault(
    text({ pattern: /^[A-Za-z][A-Za-z0-9_]*$/, expected: 'a store code: letters, digits and _' }),
    'all',
    { doc: 'The store view whose REST root is called. It does not choose the orders: `all` sees every one.' },
  ),
  'stores.*.auth.oauth.consumerKey': needed(secret, {
    doc: 'Consumer key of the integration (Magento: System > Integrations).',
    example: 'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_CONSUMER_KEY',
  }),
  'stores.*.auth.oauth.consumerSecret': needed(secret, {
    doc: 'Consumer secret of the integration.',
    example: 'b1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_CONSUMER_SECRET',
  }),
  'stores.*.auth.oauth.accessToken': needed(secret, {
    doc: 'Access token of the integration.',
    example: 'c1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_ACCESS_TOKEN',
  }),
  'stores.*.auth.oauth.accessTokenSecret': needed(secret, {
    doc: 'Access token secret of the integration.',
    example: 'd1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
    env: 'TRACKDROP_STORE_OAUTH_ACCESS_TOKEN_SECRET',
  }),
  'stores.*.auth.bearer': derived(secret, 'none', {
    doc: 'Access token of the integration, sent as a bearer token, instead of `oauth`. Magento 2.4.4 and later refuse that unless the shop allows it.',
    env: 'TRACKDROP_STORE_BEARER',
  }),
  'stores.*.auth.admin.username': needed(text({ maxLength: 40 }), {
    doc: 'An admin user, where there is no integration. Credentials that were refused are tried once more after an hour, by whatever process, since six wrong passwords lock the account; changed ones at once.',
    env: 'TRACKDROP_STORE_ADMIN_USERNAME',
  }),
  'stores.*.auth.admin.password': needed(password, {
    doc: "The admin user's password.",
    env: 'TRACKDROP_STORE_ADMIN_PASSWORD',
  }),
  'stores.*.auth.admin.otpSecret': derived(otpSecret, 'none', {
    doc: "The secret behind the admin user's authenticator app (base32), where the shop asks for a second factor.",
    env: 'TRACKDROP_STORE_ADMIN_OTP_SECRET',
  }),
  'stores.*.readOnly': withDefault(flag, false, {
    doc: 'Refuse every write, whatever the plan says: for a first look at a shop, or a copy of it.',
  }),
  'stores.*.workers': withDefault(count(1, 64), 5, {
    doc: 'Requests on the wire at once.',
    env: 'TRACKDROP_WORKERS',
  }),
  'stores.*.timeout': withDefault(duration(1), '30s', {
    doc: 'How long an answer may take; a write without an answer by then is looked for before it is repeated.',
  }),
  'stores.*.retry.attempts': withDefault(count(1, 100), 6, { doc: 'How often a read is sent at most.' }),
  'stores.*.retry.firstDelay': withDefault(duration(), '1s', {
    doc: 'Pause before the second attempt; it doubles from there.',
  }),
  'stores.*.retry.maxDelay': withDefault(duration(), '60s', {
    doc: 'The longest pause between two attempts. A store that is down is asked at least each 15 s whether it is back, and one that asks for a rest (`Retry-After`) gets it, up to 15 minutes.',
  }),
  'stores.*.uncertain.looks': withDefault(list(duration()), ['2s', '5s', '15s', '30s'], {
    doc: 'When a write whose answer was lost is looked for, counted from the moment it was sent.',
  }),
  'stores.*.uncertain.repeatTrackAfter': withDefault(duration(), '30s', {
    doc: 'A tracking number that was not found by then is sent again.',
  }),
  'stores.*.uncertain.repeatShipAfter': withDefault(duration(), '120s', {
    doc: 'A shipment that was not found by then is created again. Two shipments cannot be undone: keep it long.',
  }),
  'stores.*.uncertain.verifyAfter': withDefault(duration(), '60s', {
    doc: 'After a repeat one more look makes sure that the number stands once.',
  }),
  'stores.*.maxRequestsPerSecond': derived(rate(0.1, 1_000), 'no limit', {
    doc: 'Spare a shop that is easily slowed; 0.5 is one request in two seconds.',
  }),
  'stores.*.tls.ca': derived(path, 'the authorities that Node knows', {
    doc: "A PEM file with the authority of the shop's certificate, where it is one of your own.",
  }),
} as const satisfies Readonly<Record<string, Option>>;
