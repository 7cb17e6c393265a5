import { enableCompileCache } from 'node:module';
import { COMPILE_CACHE } from './processes/node-process.ts';

// Preloaded by `node --import`: each test file is a process, and without this each compiles all sources anew.
enableCompileCache(COMPILE_CACHE.NODE_COMPILE_CACHE);
