import { type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

// A sandbox as a process: options as JSON in the first argument, its address and credentials as a line of JSON on
// stdout. It ends when stdin does, so that it never outlives whoever started it, however that one ended.
const sandbox = await startSandbox(JSON.parse(process.argv[2] ?? '{}') as SandboxOptions);
const { url, bearer, oauth } = sandbox;
process.stdout.write(`${JSON.stringify({ url, bearer, oauth })}\n`);
process.stdin.resume().once('close', () => process.exit(0));
