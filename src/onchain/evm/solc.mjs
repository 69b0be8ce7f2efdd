#!/usr/bin/env node
// The Solidity compiler from npm behind the two options forge asks of a native one.
import { createRequire } from 'node:module';
import { readFileSync, writeSync } from 'node:fs';

const solc = createRequire(import.meta.url)('solc');
const option = process.argv.find((a) => a === '--version' || a === '--standard-json');

function print(text) {
  const bytes = Buffer.from(text);
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(1, bytes, offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error; // the pipe is full: forge is still reading
    }
  }
}

if (option === '--version') {
  const version = solc.version().replace(/\.Emscripten.*$/, '');
  print(`solc, the solidity compiler commandline interface\nVersion: ${version}.Linux.g++\n`);
} else if (option === '--standard-json') {
  print(solc.compile(readFileSync(0, 'utf8')));
} else {
  process.stderr.write('usage: solc.mjs --version | --standard-json < input.json\n');
  process.exit(2);
}
