// Measures what an update costs and writes compute-units.md:  npm run solana:compute-units

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import {
  AccountRole, address, appendTransactionMessageInstructions, compressTransactionMessageUsingAddressLookupTables, createTransactionMessage, getBase64EncodedWireTransaction,
  pipe, setTransactionMessageFeePayerSigner, signTransactionMessageWithSigners,
} from "@solana/kit";
import { CLOCK_SYSVAR, INSTRUCTIONS_SYSVAR, key, u32, u64 } from "./program.mjs";
import { testKey } from "./signed.mjs";
import { NOW, outcome, programPath, World } from "./world.mjs";

export const reportPath = new URL("../../compute-units.md", import.meta.url);

const COMPUTE_BUDGET = address("ComputeBudget111111111111111111111111111111");
const LOOKUP_TABLE_PROGRAM = address("AddressLookupTab1e1111111111111111111111111");
const TABLE = address("Tab1eBzE9QJf8nU9eX6wqk8yH1j5rYvC3mT7sD2pL4W");
const budget = (opcode, value) => ({ programAddress: COMPUTE_BUDGET, accounts: [], data: Buffer.concat([Buffer.from([opcode]), value]) });

const token = { multiplier: 10n ** 18n, next: 2n * 10n ** 18n, activation: NOW + 86_400, underlying: 32_041_500_000n };

/** The transaction a relayer would send, in a world of its own, on its third update. */
async function measure({ feeds, level, of = feeds, record = {}, table = false, signers = 1 }) {
  const w = await World.ready(feeds, { unit: record.token ? 2 : 1 });
  const keys = Array.from({ length: signers }, (_, i) => [i, testKey(20 + i)]);
  if (signers > 1) w.must(await w.rotate(2, keys.map(([, s]) => s)));
  const others = Array.from({ length: of - feeds }, (_, i) => w.record({ tag: Buffer.from(`other${String(i).padStart(3, "0")}`) }));
  let measured;
  for (let n = 1n; n <= 3n; n++) {
    const records = [...w.feeds.map((f) => w.record(f, { observedAt: NOW * 1000 - 900 + Number(n), ...record })), ...others];
    const batch = w.batch({ sequence: BigInt(NOW * 1000) * 16n + n, records, epoch: signers > 1 ? 2 : 1 });
    const update = w.submission(batch, { level, at: 3, ...(signers > 1 ? { signers: keys } : {}) });
    const instructions = [budget(2, u32(20_000)), budget(3, u64(1_000)), budget(4, u32(65_536)), ...update];
    measured = await send(w, instructions, table ? [w.registry, CLOCK_SYSVAR, INSTRUCTIONS_SYSVAR, ...w.feeds.map((f) => f.address)] : undefined);
    if (!measured.ok) throw new Error(measured.error);
  }
  return measured;
}

async function send(w, instructions, tabled) {
  if (tabled) {
    const data = Buffer.concat([u32(1), u64(2n ** 64n - 1n), u64(0), Buffer.from([0, 0]), Buffer.alloc(34), ...tabled.map(key)]);
    w.svm.setAccount({ address: TABLE, data, executable: false, lamports: 1_000_000_000n, programAddress: LOOKUP_TABLE_PROGRAM, space: BigInt(data.length) });
  }
  w.svm.expireBlockhash();
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (m) => setTransactionMessageFeePayerSigner(w.payer, m),
    (m) => w.svm.setTransactionMessageLifetimeUsingLatestBlockhash(m),
    (m) => appendTransactionMessageInstructions(instructions, m),
    (m) => (tabled ? compressTransactionMessageUsingAddressLookupTables(m, { [TABLE]: tabled }) : m),
  );
  const transaction = await signTransactionMessageWithSigners(message);
  const bytes = Buffer.from(getBase64EncodedWireTransaction(transaction), "base64").length;
  const before = w.svm.getBalance(w.payer.address), result = outcome(w.svm.sendTransaction(transaction));
  const program = Number(result.logs.map((l) => new RegExp(`^Program ${w.program.program} consumed (\\d+) of`).exec(l)?.[1]).find(Boolean));
  const locks = 1 + instructions.flatMap((i) => i.accounts).filter((a) => a.role === AccountRole.WRITABLE).length;
  const checks = instructions.filter((i) => i.data.length === 159 && i.accounts.length === 0).length;
  const data = instructions.reduce((n, i) => n + i.data.length, 0);
  return { ...result, program, bytes, lamports: Number(before - w.svm.getBalance(w.payer.address)), cost: costUnits({ locks, checks, data, units: result.units }) };
}

/** Agave's cost model: signature 720, strict Ed25519 2,400 each, write lock 300, 4 data bytes = 1, loaded data 8 per 32 KB page. */
const costUnits = ({ locks, checks, data, units }) => 720 + 2_400 * checks + 300 * locks + Math.floor(data / 4) + units + 8 * 2;

export async function measureAll() {
  const rows = [];
  const add = async (name, options) => {
    const { program, units, bytes, cost, lamports } = await measure(options);
    rows.push({ name, records: options.feeds, program, units, bytes, cost, lamports });
  };
  for (const feeds of [1, 2, 3, 4, 5, 6]) await add(`${feeds} share record${feeds > 1 ? "s" : ""}, whole batch`, { feeds });
  for (const feeds of [8, 9, 10]) await add(`${feeds} share records, whole batch, lookup table`, { feeds, table: true });
  await add("1 token record, whole batch", { feeds: 1, record: { token } });
  await add("5 token records, whole batch, lookup table", { feeds: 5, record: { token }, table: true });
  for (const of of [2, 16, 256]) await add(`1 share record of a batch of ${of} (${Math.log2(of)} level${of > 2 ? "s" : ""})`, { feeds: 1, of, level: 0 });
  await add("4 share records of a batch of 64 (4 levels)", { feeds: 4, of: 64, level: 2 });
  await add("1 share record, quorum of 2", { feeds: 1, signers: 2 });
  return { rows, programBytes: readFileSync(programPath).length };
}

export function render({ rows, programBytes }) {
  const number = (n) => n.toLocaleString("en-US"), of = (name) => rows.find((r) => r.name.startsWith(name)).program;
  return `# What an update costs on Solana

Written by \`npm run solana:compute-units\` from runs in LiteSVM (the third update of each feed; with compute limit, price of 1,000
micro-lamports and loaded-data limit set); a test fails when a figure grows. Program: ${number(programBytes)} bytes.

- program: compute units of our instruction alone, its syscalls included
- transaction: with the three ComputeBudget instructions (150 each)
- block cost: Agave's cost model: 720 per signature, 2,400 per Ed25519 check, 300 per write lock, data bytes / 4, loaded data, compute units
- lamports: what the payer paid: 5,000 per signature, the Ed25519 ones included, and the priority fee (limit of 20,000 units)

| update | program | per record | transaction | bytes | block cost | per record | lamports | per record |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.map((r) => `| ${r.name} | ${number(r.program)} | ${number(Math.round(r.program / r.records))} | ${number(r.units)} | ${number(r.bytes)} | ${number(r.cost)} | ${number(Math.round(r.cost / r.records))} | ${number(r.lamports)} | ${number(Math.round(r.lamports / r.records))} |`).join("\n")}

| derived | compute units |
|---|---:|
| first record | ${number(of("1 share record, whole"))} |
| each further record of a whole batch (2 to 6, its node of the tree included) | ${number(Math.round((of("6 share") - of("1 share record, whole")) / 5))} |
| each level of a path | ${number(Math.round((of("1 share record of a batch of 256") - of("1 share record of a batch of 16")) / 4))} |
| each further signature of a quorum | ${number(of("1 share record, quorum of 2") - of("1 share record, whole"))} |
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const report = render(await measureAll());
  writeFileSync(reportPath, report);
  console.log(report);
}
