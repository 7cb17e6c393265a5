import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runSandbox } from '../../src/commands/sandbox.ts';

it('runs a shop whose printed address, token, admin user and order numbers work, until it is stopped', async () => {
  const lines: string[] = [];
  const stop = new AbortController();
  const { promise: printed, resolve } = Promise.withResolvers<void>();
  const running = runSandbox(
    { port: 0 },
    (line) => {
      lines.push(line);
      if (line.includes('Ctrl+C')) resolve();
    },
    stop.signal,
  );
  await printed;
  const text = lines.join('\n');
  const found = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  const url = found(/(http:\S+)/u);
  const filter = 'searchCriteria[filterGroups][0][filters][0]';
  const query = new URLSearchParams({
    [`${filter}[field]`]: 'increment_id',
    [`${filter}[value]`]: found(/with a shipment +(\S+)/u),
  });
  const response = await fetch(`${url}/rest/V1/orders?${query}`, {
    headers: { authorization: `Bearer ${found(/bearer token +(\S+)/u)}` },
  });
  assert.equal(((await response.json()) as { total_count: number }).total_count, 1);
  const signedIn = await fetch(`${url}/rest/V1/integration/admin/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: found(/admin user +(\S+)/u),
      password: found(/admin password +(\S+)/u),
    }),
  });
  assert.equal(signedIn.status, 200);
  stop.abort();
  await running;
  await assert.rejects(fetch(url));
});
