import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuthConfig } from '../src/config/config.ts';
import type { EventName } from '../src/events.ts';
import type { Fault, FaultRule } from '../src/sandbox/faults.ts';
import { Overheard, type Way } from './overheard.ts';
import { plainFile } from './running-daemon.ts';

const WAYS: readonly Way[] = [
  { name: 'a bearer token', shop: {}, auth: ({ bearer }) => ({ kind: 'bearer', token: bearer }) },
  { name: 'OAuth', shop: {}, auth: ({ oauth }) => ({ kind: 'oauth', ...oauth }) },
  {
    name: 'an admin user',
    shop: {},
    auth: ({ admin }) => ({ kind: 'admin', ...admin, otpSecret: null }),
  },
];

/** So long an answer that never comes is waited for; one that does not come for a busy machine is no failure here. */
const SILENT_FOR_MS = 1_000;
const NETWORK_FAULTS: readonly Fault[] = [
  { kind: 'resetBefore' },
  { kind: 'resetAfter' },
  { kind: 'silence' },
  { kind: 'cut' },
  { kind: 'drip', everyMs: 5 },
  { kind: 'huge', bytes: 20 * 1024 ** 2 },
  { kind: 'garbled' },
  { kind: 'garbled', as: 'json' },
  { kind: 'lateEffect', afterMs: 20, answer: 504 },
  { kind: 'statusAfter', status: 500 },
];
/** What a proxy may answer with. */
const REPEATED_AS: readonly (readonly [status: number, type: string])[] = [
  ...[302, 400, 403, 404, 413, 429, 500, 503].map((status) => [status, 'application/json'] as const),
  ...[400, 404, 500].map((status) => [status, 'text/html'] as const),
  [401, 'text/html'],
  [401, 'application/json'],
];

/** With these the shop may have refused the password: no other sign-in follows for a while. */
const RESTS_AFTER: ReadonlySet<number> = new Set([401, 403]);

/** The requests of a drop, as the sandbox matches them. */
const CALLS = [
  { name: 'the look-up', method: 'GET', path: '/orders' },
  { name: 'the write', method: 'POST', path: '/shipment/track' },
  { name: 'the sign-in', method: 'POST', path: '/(?:admin/token|authenticate)' },
] as const;

/** A bearer token is sent as the token of an admin user is: with that one each call is tried. */
function callsOf({ name }: Way) {
  if (name === 'a bearer token') return [];
  return name === 'an admin user' ? CALLS : CALLS.filter((call) => call.name !== 'the sign-in');
}

// Most of it is waiting.
describe('However Trackdrop signs in', { concurrency: true }, () => {
  for (const way of WAYS) {
    describe(`Signing in with ${way.name}`, { concurrency: true }, () => {
      const isAdmin = way.name.startsWith('an admin');
      for (const call of callsOf(way)) {
        test(`leaves no secret anywhere when ${call.name} fails on its way, in whichever way`, async () => {
          await using heard = await Overheard.behindProxy(way, { timeoutMs: SILENT_FOR_MS });
          const { daemon } = heard;
          await daemon.start();
          for (const [n, fault] of NETWORK_FAULTS.entries()) {
            if (isAdmin) daemon.sandbox.expireAdminTokens();
            const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
            const { method, path } = call;
            const rule: FaultRule = { match: { method, path }, times: 1, fault };
            daemon.sandbox.inject(rule);
            await daemon.settle(`${n}.csv`, plainFile([incrementId, `1Z${n}`]));
          }
          assert.ok(heard.wire.all.size > 0);
          assert.deepEqual(await heard.leaks(), []);
        });

        test(`leaves no secret anywhere when ${call.name} is answered with all that was sent`, async () => {
          await using heard = await Overheard.behindProxy(way);
          const { daemon, proxy } = heard;
          await daemon.start();
          for (const [status, type] of REPEATED_AS) {
            if (call.name === 'the sign-in' && RESTS_AFTER.has(status)) continue;
            // After a 401 that a new token does not heal, none is fetched for a while.
            if (isAdmin && status !== 401) daemon.sandbox.expireAdminTokens();
            const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
            const name = `${status}-${type.slice(-4)}.csv`;
            const isRepeated = Promise.race(FAILURES.map((failure) => daemon.next(failure)));
            proxy.repeats = { method: call.method, path: new RegExp(call.path), status, type };
            const settled = daemon.next('drop.settled', (facts) => facts.name === name);
            await daemon.drop(name, plainFile([incrementId, `1Z${name}`]));
            await isRepeated;
            proxy.repeats = undefined;
            await settled;
          }
          assert.deepEqual(await heard.leaks(), []);
        });
      }

      for (const [status, type] of isAdmin ? REPEATED_AS.filter(([status]) => RESTS_AFTER.has(status)) : []) {
        test(`leaves no secret anywhere when the sign-in rests after a ${status} (${type}) with all that was sent`, async () => {
          await using heard = await Overheard.behindProxy(way);
          const { daemon, proxy } = heard;
          const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
          await daemon.drop('a.csv', plainFile([incrementId, '1Z1']));
          const { method, path } = CALLS[2];
          proxy.repeats = { method, path: new RegExp(path), status, type };
          const rests = Promise.race([daemon.next('store.down'), daemon.next('store.sign-in-refused')]);
          await daemon.start();
          const { message } = await rests;
          assert.match(
            message,
            /the same credentials are tried again from/,
            'the ledger keeps what was answered',
          );
          assert.deepEqual(await heard.leaks(), []);
        });
      }

      test('leaves no secret anywhere when the shop does not know them', async () => {
        await using heard = await Overheard.behindProxy(way, { once: true });
        const known = way.auth(heard.daemon.sandbox);
        heard.signInAs(spoiled(known));
        heard.hearError(await heard.daemon.start().catch((error: unknown) => error));
        assert.match(heard.said, /not-allowed/);
        assert.deepEqual(await heard.leaks(), []);
      });

      test('leaves no secret anywhere when nobody answers', async () => {
        await using heard = await Overheard.behindProxy(way, { once: true });
        await heard.daemon.sandbox.goDown();
        heard.hearError(await heard.daemon.start().catch((error: unknown) => error));
        assert.match(heard.said, /unreachable/);
        assert.deepEqual(await heard.leaks(), []);
      });

      test('leaves no secret anywhere when Trackdrop itself fails with a request in its hands', async () => {
        await using heard = await Overheard.behindProxy(way, { once: true });
        const { daemon } = heard;
        const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
        await daemon.drop('bug.csv', plainFile([incrementId, '1Z1']));
        daemon.events.on('write.sent', () => {
          throw new Error('a listener failed');
        });
        await daemon.start();
        await daemon.ended();
        assert.match(heard.said, /a listener failed/);
        assert.deepEqual(await heard.leaks(), []);
        daemon.seen.splice(0);
      });
    });
  }
});

function spoiled(auth: AuthConfig): AuthConfig {
  switch (auth.kind) {
    case 'bearer':
      return { ...auth, token: `${auth.token}-not` };
    case 'oauth':
      return { ...auth, accessTokenSecret: `${auth.accessTokenSecret}-not` };
    case 'admin':
      return { ...auth, password: `${auth.password}-not` };
  }
}

/** What tells that something failed. */
const FAILURES: readonly EventName[] = ['store.retry', 'store.probing', 'store.right-missing', 'row.settled'];
