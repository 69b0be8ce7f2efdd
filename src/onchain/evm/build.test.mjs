// node --test build.test.mjs          after forge build; forge must be on the PATH or in ../node_modules/.bin
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
let scratch;
before(() => { scratch = mkdtempSync(join(tmpdir(), 'oraclefeeds-')); });
after(() => rmSync(scratch, { recursive: true }));

const build = (directory, ...args) => spawnSync('node', [join(directory, 'build.mjs'), ...args], { encoding: 'utf8' });

test('the artifact is what forge makes, and the same each time', () => {
  const [first, second] = ['a.json', 'b.json'].map((name) => join(scratch, name));
  for (const path of [first, second]) {
    const result = build(root, path);
    assert.equal(result.status, 0, result.stderr);
    assert.equal(result.stderr, '');
  }
  assert.deepEqual(readFileSync(first), readFileSync(second));

  const forge = spawnSync('forge', ['build'], {
    cwd: root, encoding: 'utf8', env: { ...process.env, PATH: `${join(root, '../node_modules/.bin')}:${process.env.PATH}` },
  });
  assert.equal(forge.status, 0, forge.stderr);
  const artifact = JSON.parse(readFileSync(first, 'utf8'));
  for (const name of ['Ed25519', 'Ed25519Key', 'FeedProxy', 'OracleFeeds', 'PythFeeds']) {
    const forged = JSON.parse(readFileSync(join(root, 'out', `${name}.sol`, `${name}.json`), 'utf8'));
    assert.equal(artifact[name].bytecode, forged.bytecode.object, `${name} bytecode`);
    assert.equal(artifact[name].deployedBytecode, forged.deployedBytecode.object, `${name} deployed bytecode`);
    // forge orders the entries its own way.
    const entries = (abi) => abi.map((entry) => JSON.stringify(entry, Object.keys(entry).sort())).sort();
    assert.deepEqual(entries(artifact[name].abi), entries(forged.abi), `${name} ABI`);
  }
});

test('a contract that does not compile fails with the compiler\'s words', () => {
  const copy = join(scratch, 'evm');
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
  cpSync(join(root, 'build.mjs'), join(copy, 'build.mjs'));
  symlinkSync(join(root, '../node_modules'), join(scratch, 'node_modules'));
  writeFileSync(join(copy, 'src/Broken.sol'), 'pragma solidity 0.8.37; contract Broken { uint256 x = y; }');
  const result = build(copy, join(scratch, 'broken.json'));
  assert.equal(result.status, 1);
  assert.match(result.stderr, /Undeclared identifier/);
  assert.match(result.stderr, /do not compile/);
});

test('a missing argument fails with the usage', () => {
  const result = build(root);
  assert.equal(result.status, 1);
  assert.match(result.stderr, /usage/);
});
