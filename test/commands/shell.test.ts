import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { signalRelay } from '../../src/commands/shell.ts';

describe('a stop signal', () => {
  test('goes to whoever asked for it; the second one leaves at once', () => {
    const left: number[] = [];
    const told: string[] = [];
    const relay = signalRelay((exitCode) => left.push(exitCode));
    relay.onSignal('SIGTERM', () => told.push('SIGTERM'));
    relay.onSignal('SIGINT', () => told.push('SIGINT'));
    relay.deliver('SIGTERM');
    assert.deepEqual(told, ['SIGTERM']);
    assert.deepEqual(left, []);
    relay.deliver('SIGINT');
    assert.deepEqual(told, ['SIGTERM']);
    assert.deepEqual(left, [130]);
  });

  test('that nobody asked for leaves at once', () => {
    const left: number[] = [];
    const relay = signalRelay((exitCode) => left.push(exitCode));
    const off = relay.onSignal('SIGTERM', () => assert.fail('was taken back'));
    off();
    relay.deliver('SIGTERM');
    relay.deliver('SIGHUP');
    assert.deepEqual(left, [143, 129]);
  });
});
