#!/usr/bin/env node
// Compiles the contracts without forge and writes one artifact:
//   node build.mjs <artifact.json>
// { "<Contract>": { "abi": [...], "bytecode": "0x...", "deployedBytecode": "0x..." } }, contracts and keys in a fixed order,
// so that the same sources give the same bytes. The compiler's settings are those of foundry.toml.
//   node build.mjs --deploy <artifact.json>
// what it takes to deploy OracleFeeds and to know its code again, no more: this one is committed (build/OracleFeeds.json).
// Code differs from deployedBytecode only inside immutables: [first byte, bytes] each, ascending.
import { createRequire } from 'node:module';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILER = '0.8.37';
const RUNTIME_LIMIT = 24_576; // EIP-170
const DEPLOYED = 'OracleFeeds';
const INITCODE_LIMIT = 49_152; // EIP-3860

const root = dirname(fileURLToPath(import.meta.url));

function fail(message) {
  process.stderr.write(`build.mjs: ${message}\n`);
  process.exit(1);
}

const forDeployment = process.argv[2] === '--deploy';
const target = process.argv[forDeployment ? 3 : 2];
if (process.argv.length !== (forDeployment ? 4 : 3) || !target) fail('usage: node build.mjs [--deploy] <artifact.json>');

let solc;
try {
  solc = createRequire(import.meta.url)('solc');
} catch {
  fail('the compiler is not installed: run "npm install --ignore-scripts" in src/onchain');
}
if (!solc.version().startsWith(`${COMPILER}+`)) fail(`the compiler is ${solc.version()}, wanted ${COMPILER}`);

const names = readdirSync(join(root, 'src')).filter((name) => name.endsWith('.sol')).sort();
const sources = Object.fromEntries(names.map((name) => [`src/${name}`, { content: readFileSync(join(root, 'src', name), 'utf8') }]));
const input = {
  language: 'Solidity',
  sources,
  settings: {
    evmVersion: 'cancun',
    viaIR: true,
    optimizer: { enabled: true, runs: 100_000 },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences'] } },
  },
};

const output = JSON.parse(solc.compile(JSON.stringify(input)));
for (const message of output.errors ?? []) process.stderr.write(message.formattedMessage);
if ((output.errors ?? []).some((message) => message.severity === 'error')) fail('the contracts do not compile');

const artifact = {};
for (const source of Object.keys(output.contracts).sort()) {
  for (const name of Object.keys(output.contracts[source]).sort()) {
    const { abi, evm } = output.contracts[source][name];
    const runtime = evm.deployedBytecode.object.length / 2;
    const initcode = evm.bytecode.object.length / 2;
    if (runtime > RUNTIME_LIMIT) fail(`${name} is ${runtime} bytes, the chain takes ${RUNTIME_LIMIT}`);
    if (initcode > INITCODE_LIMIT) fail(`${name} deploys with ${initcode} bytes, the chain takes ${INITCODE_LIMIT}`);
    artifact[name] = { abi, bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` };
  }
}

const path = resolve(target);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, JSON.stringify(forDeployment ? deployment() : artifact, null, 1) + '\n');

function deployment() {
  const { bytecode, deployedBytecode } = artifact[DEPLOYED];
  const references = output.contracts[`src/${DEPLOYED}.sol`][DEPLOYED].evm.deployedBytecode.immutableReferences;
  const immutables = Object.values(references).flat().map(({ start, length }) => [start, length]).sort(([a], [b]) => a - b);
  return { contract: DEPLOYED, compiler: solc.version(), bytecode, deployedBytecode, immutables };
}
