#!/usr/bin/env node
// Compiles the token contracts of Devnet and the tests into one committed file: node build.mjs [tokens.json]
// { "<Contract>": "0x<creation code>" }, in a fixed order, so that the same sources give the same bytes.
import { createRequire } from 'node:module';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const solc = createRequire(join(here, '../../../onchain/package.json'))('solc');
const names = readdirSync(here).filter((name) => name.endsWith('.sol')).sort();
const output = JSON.parse(solc.compile(JSON.stringify({
  language: 'Solidity',
  sources: Object.fromEntries(names.map((name) => [name, { content: readFileSync(join(here, name), 'utf8') }])),
  settings: {
    evmVersion: 'cancun',
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
  },
})));
for (const message of output.errors ?? []) process.stderr.write(message.formattedMessage);
if ((output.errors ?? []).some((message) => message.severity === 'error')) process.exit(1);

const contracts = Object.values(output.contracts).flatMap((file) => Object.entries(file))
  .map(([name, { evm }]) => [name, evm.bytecode.object]).filter(([, code]) => code.length > 0).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(resolve(process.argv[2] ?? join(here, 'tokens.json')), JSON.stringify(Object.fromEntries(contracts.map(([name, code]) => [name, `0x${code}`])), null, 1) + '\n');
