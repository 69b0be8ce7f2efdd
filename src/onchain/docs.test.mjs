// The code in README.md and TOKENS.md compiles, and is what the examples hold.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { address } from "@solana/kit";
import { stored } from "./solana/test/support/expect.mjs";
import { NOW, World } from "./solana/test/support/world.mjs";
import { worth } from "./solana/worth.mjs";

const here = new URL(".", import.meta.url);
const read = (path) => readFileSync(new URL(path, here), "utf8");
const blocks = (page, language) => [...read(page).matchAll(new RegExp("^```" + language + "\\n([\\s\\S]*?)^```$", "gm"))].map((m) => m[1]);

test("Solidity_EveryBlockOfReadme_Compiles", () => {
  const solc = createRequire(import.meta.url)("solc"), found = blocks("README.md", "solidity");
  assert.ok(found.length >= 3);
  const sources = Object.fromEntries(readdirSync(new URL("evm/src/", here)).map((name) => [`src/${name}`, { content: read(`evm/src/${name}`) }]));
  found.forEach((code, i) => (sources[`src/Block${i}.sol`] = { content: `// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\n${code}` }));
  const { errors = [] } = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings: { evmVersion: "cancun", outputSelection: {} } })));
  assert.deepEqual(errors.map((e) => e.formattedMessage), []);
});

test("Solidity_EveryBlockOfTokens_IsTheExample", () => {
  const found = blocks("TOKENS.md", "solidity"), example = read("evm/examples/TokenWorth.sol");
  assert.ok(found.length >= 1);
  for (const code of found) assert.ok(example.includes(code), "not in evm/examples/TokenWorth.sol");
});

test("JavaScript_BlockOfReadme_IsTheExample", () => {
  const found = blocks("README.md", "js");
  assert.equal(found.length, 1);
  assert.ok(read("solana/worth.mjs").endsWith(found[0]));
});

test("C_BlockOfReadme_Compiles", () => {
  const found = blocks("README.md", "c");
  assert.equal(found.length, 1);
  const { status, stderr } = spawnSync("clang-14", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-fsyntax-only", "-x", "c", "-"], { input: found[0], encoding: "utf8" });
  assert.equal(status, 0, stderr);
});

const noRust = spawnSync("rustc", ["--version"]).status !== 0;
test("Rust_BlockOfReadme_JudgesAsTheReader", { skip: noRust && "no rustc here" }, async () => {
  const found = blocks("README.md", "rust"), place = mkdtempSync(join(tmpdir(), "oracle-feeds-docs-"));
  try {
    const main = `use std::io::Read;
fn main() {
    let a: Vec<u64> = std::env::args().skip(1).map(|x| x.parse().unwrap()).collect();
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    let (feed, registry): (&[u8; 240], &[u8; 1792]) = (bytes[..240].try_into().unwrap(), bytes[240..].try_into().unwrap());
    match price(feed, registry, a[0] as u8, a[1], 300) { Ok(p) => println!("{p}"), Err(e) => println!("{e}") }
}
${found[0]}`;
    const program = join(place, "price");
    const built = spawnSync("rustc", ["--edition", "2021", "-D", "warnings", "-o", program, "-"], { input: main, encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    const w = await World.ready(1, { unit: 2 });
    const ask = (unit, now) => spawnSync(program, [String(unit), String(now)], { input: Buffer.concat([w.data(w.feeds[0]), w.data(w.registry)]), encoding: "utf8" }).stdout.trim();
    assert.equal(ask(2, NOW), "nothing stored yet");
    let n = 0n;
    const put = async (token, more = {}) =>
      void stored(await w.submit(w.batch({ sequence: BigInt(NOW * 1000) * 16n + ++n, records: [w.record(w.feeds[0], { nextChangeAt: NOW + 3_600, token: { multiplier: 10n ** 18n, underlying: 1n, ...token }, ...more })] })));
    await put({});
    assert.equal(ask(2, NOW), "32041500000");
    assert.equal(ask(3, NOW), "another unit");
    assert.equal(ask(2, NOW + 61), "attestation ahead or too old");
    for (const [token, said] of [
      [{ next: 2n * 10n ** 18n, activation: NOW + 86_400 }, "a split is near, or not in the record yet"], [{ next: 2n * 10n ** 18n, activation: NOW + 86_401 }, "32041500000"],
      [{ next: 2n * 10n ** 18n, activation: NOW - 900_000 }, "a split is near, or not in the record yet"], [{ next: 10n ** 18n + 10n ** 15n, activation: NOW }, "32041500000"],
      [{ activation: NOW - 86_400 }, "the multiplier has just changed"], [{ activation: NOW - 86_401 }, "32041500000"],
    ]) {
      await put(token);
      assert.equal(ask(2, NOW), said);
    }
    await put({}, { state: 4 });
    assert.equal(ask(2, NOW), "neither Live nor Degraded");
  } finally {
    rmSync(place, { recursive: true });
  }
});

test("Worth_OfATokenAccount_IsAmountTimesPrice", async () => {
  const w = await World.ready(1, { unit: 2 });
  const [feed] = w.feeds, clock = "SysvarC1ock11111111111111111111111111111111";
  const account = (a) => ({ owner: String(a === clock ? "Sysvar1111111111111111111111111111111111111" : w.program.program), data: [Buffer.from(w.svm.getAccount(address(a)).data).toString("base64"), "base64"] });
  const rpc = { getMultipleAccounts: (addresses) => ({ send: async () => ({ value: addresses.map(account) }) }) };
  const terms = { programId: w.program.program, registryAddress: w.registry, feedAddress: feed.address, feedId: feed.id.toString("hex"), unit: "RawToken", amount: 250_000_000n, decimals: 8 };
  await assert.rejects(worth(rpc, terms), /nothing stored yet/);
  stored(await w.submit(w.batch({ records: [w.record(feed, { token: { multiplier: 10n ** 18n, underlying: 1n } })] })));
  assert.equal(await worth(rpc, terms), (32_041_500_000n - 12_500n) * 5n / 2n);
  await assert.rejects(worth(rpc, { ...terms, unit: "UiToken" }), { name: "OtherUnit" });
  await assert.rejects(worth(rpc, { ...terms, feedId: "00".repeat(32) }), /another feed/);
  await assert.rejects(worth(rpc, { ...terms, registryAddress: w.owner.address }), /another registry/);
  await assert.rejects(worth(rpc, { ...terms, programId: w.owner.address }), /owned by/);
  w.setTime(NOW + 400);
  await assert.rejects(worth(rpc, terms), /attested 400000 ms ago/);
});

test("Links_OfBothPages_LeadSomewhere", () => {
  for (const page of ["README.md", "TOKENS.md"])
    for (const [, link] of read(page).matchAll(/\]\(([^)#:]+)\)/g)) assert.ok(readFileSync(new URL(link, here)).length > 0, link);
});
