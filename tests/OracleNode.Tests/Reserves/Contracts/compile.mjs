// node compile.mjs SOURCE.sol OUT.json, in the folder that has the compiler: { "<Contract>": "0x<creation code>" }
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const solc = createRequire(join(process.cwd(), 'package.json'))('solc');
const [source, target] = process.argv.slice(2);
const output = JSON.parse(solc.compile(JSON.stringify({
  language: 'Solidity',
  sources: { 'tokens.sol': { content: readFileSync(source, 'utf8') } },
  settings: { evmVersion: 'cancun', outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
})));
for (const message of output.errors ?? []) process.stderr.write(message.formattedMessage);
if ((output.errors ?? []).some((message) => message.severity === 'error')) process.exit(1);
writeFileSync(target, JSON.stringify(Object.fromEntries(Object.entries(output.contracts['tokens.sol']).map(([name, { evm }]) => [name, `0x${evm.bytecode.object}`]))));
