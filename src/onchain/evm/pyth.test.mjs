// node --test pyth.test.mjs          our Pyth interface beside Pyth's own package: same selectors, same encodings
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex } from '@noble/hashes/utils';

const root = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const solc = require('solc');

// The interface alone, without the optimizer: nothing here is deployed.
function compile() {
  const sources = Object.fromEntries(['src/IPyth.sol', 'src/PythFeeds.sol', 'src/IOracleFeeds.sol', 'src/FeedUnit.sol'].map(
    (name) => [name, { content: readFileSync(join(root, name), 'utf8') }]));
  const settings = { outputSelection: { '*': { '*': ['abi'] } } };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings })));
  assert.deepEqual((output.errors ?? []).filter((e) => e.severity === 'error').map((e) => e.formattedMessage), []);
  return output.contracts['src/PythFeeds.sol'].PythFeeds.abi;
}

const typeOf = ({ type, components }) =>
  type.startsWith('tuple') ? `(${components.map(typeOf).join(',')})${type.slice(5)}` : type;
const signature = (entry) => `${entry.name}(${entry.inputs.map(typeOf).join(',')})`;
const selector = (text) => bytesToHex(keccak_256(text)).slice(0, 8);
// Fields count by place and type; how a parameter is called does not.
const shape = (entry) => `${signature(entry)} ${entry.stateMutability} returns (${entry.outputs.map(typeOf).join(',')})`;
const pyths = (name) => require(`@pythnetwork/pyth-sdk-solidity/abis/${name}.json`);

const ours = compile();
const functions = new Map(ours.filter((e) => e.type === 'function').map((e) => [selector(signature(e)), e]));

// 0 is returned or NotServed reverted whatever the chain holds: `pure` is stricter than `view`, and encodes the same.
const relaxed = (text) => text.replace(' pure ', ' view ');

test('every function of IPyth is there, with the same selector and the same encoding', () => {
  const theirs = pyths('IPyth').filter((e) => e.type === 'function');
  assert.ok(theirs.length >= 12, `only ${theirs.length} functions in Pyth's package`);
  for (const entry of theirs) {
    const own = functions.get(selector(signature(entry)));
    assert.ok(own, `${signature(entry)} is missing`);
    assert.equal(relaxed(shape(own)), relaxed(shape(entry)));
  }
});

test('what Pyth\'s abstract contract answers beyond its interface is there too', () => {
  for (const entry of pyths('AbstractPyth').filter((e) => e.type === 'function')) {
    const own = functions.get(selector(signature(entry)));
    assert.ok(own, `${signature(entry)} is missing`);
    assert.equal(relaxed(shape(own)), relaxed(shape(entry)));
  }
});

test('each of our errors that bears a name of Pyth\'s has Pyth\'s selector, and the ones consumers match are there', () => {
  const theirs = new Map(pyths('PythErrors').filter((e) => e.type === 'error').map((e) => [e.name, selector(signature(e))]));
  const own = new Map(ours.filter((e) => e.type === 'error').map((e) => [e.name, selector(signature(e))]));
  for (const name of ['PriceFeedNotFound', 'StalePrice', 'InvalidUpdateData', 'InvalidUpdateDataSource', 'NoFreshUpdate', 'InvalidArgument']) {
    assert.ok(own.has(name), `${name} is missing`);
    assert.equal(own.get(name), theirs.get(name), name);
  }
  // As published beside the errors in Pyth's source.
  assert.equal(own.get('PriceFeedNotFound'), '14aebe68');
  assert.equal(own.get('StalePrice'), '19abf40e');
});
