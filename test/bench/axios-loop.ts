import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createInterface } from 'node:readline';
import axios from 'axios';

// What a program made of axios alone needs to send track writes: it knows every id beforehand, remembers nothing and
// leaves no report. Arguments: address, value of the Authorization header, requests in flight, and a file with one
// body a line. It says `ready`, begins at a line on stdin, says how many ms it took, and ends when stdin does.
const [url = '', authorization = '', inFlight = '', file = ''] = process.argv.slice(2);
const bodies = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): unknown => JSON.parse(line));
const client = axios.create({
  baseURL: `${url}/rest/all/V1/`,
  httpAgent: new http.Agent({ keepAlive: true, maxSockets: Number(inFlight) }),
  // As the daemon has them. The first spares the loop a library around node:http that costs a tenth of its time.
  maxRedirects: 0,
  proxy: false,
  headers: { Accept: 'application/json', 'User-Agent': 'Trackdrop', Authorization: authorization },
});

const stdin = createInterface({ input: process.stdin });
process.stdout.write('ready\n');
stdin.once('line', async () => {
  const startedAtMs = performance.now();
  const rest = bodies.values();
  await Promise.all(Array.from({ length: Number(inFlight) }, () => send(rest)));
  process.stdout.write(`${performance.now() - startedAtMs}\n`);
});

/** Sends what is left, one after the other; several of these share the rest. */
async function send(rest: Iterator<unknown, unknown, unknown> & Iterable<unknown>): Promise<void> {
  for (const body of rest) {
    const { data } = await client.post<{ readonly entity_id?: unknown }>('shipment/track', body);
    if (!(Number(data.entity_id) > 0)) throw new Error(`no track was made: ${JSON.stringify(data)}`);
  }
}
