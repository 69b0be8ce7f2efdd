// Writes transactions.json: transactions compiled and signed by @solana/kit, an independent client, for the C# compiler to match
// byte for byte. Run `npm install --ignore-scripts` in src/onchain first; then: node tests/vectors/solana/make-transactions.mjs
//
// kit orders accounts of one class by address, this project by first use. Both are valid; the addresses here are chosen so
// that the two orders agree.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../src/onchain/package.json", import.meta.url));
const kit = require("@solana/kit");
const system = require("@solana-program/system");

const hash = (text) => createHash("sha256").update(text).digest();
const base58 = kit.getBase58Decoder();
const hex = (bytes) => "0x" + Buffer.from(bytes).toString("hex");
const compare = kit.getAddressComparator();

/** Deterministic addresses, in kit's order. */
const addresses = (tag, count) => Array.from({ length: count }, (_, i) => base58.decode(hash(`${tag} ${i}`))).sort(compare);

/** The first deterministic address between two others in kit's order. */
function between(tag, low, high) {
  for (let i = 0; ; i++) {
    const address = base58.decode(hash(`${tag} ${i}`));
    if (compare(low, address) < 0 && compare(address, high) < 0) return address;
  }
}

const computeBudget = "ComputeBudget111111111111111111111111111111";
const ed25519 = "Ed25519SigVerify111111111111111111111111111";
const sysvar = "Sysvar1nstructions1111111111111111111111111";
const systemProgram = "11111111111111111111111111111111";

const role = ({ signer, writable }) => (signer ? 2 : 0) | (writable ? 1 : 0);
const data = (text, length) => Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, (_, i) => hash(`${text} ${i}`))).subarray(0, length);
const use = (address, signer, writable) => ({ address, signer, writable });

async function sign(name, seeds, instructions, table) {
  const signers = await Promise.all(seeds.map((seed) => kit.createKeyPairSignerFromPrivateKeyBytes(seed)));
  const blockhash = base58.decode(hash(`blockhash of ${name}`));
  let message = kit.createTransactionMessage({ version: table ? 0 : "legacy" });
  message = kit.setTransactionMessageFeePayer(signers[0].address, message);
  message = kit.setTransactionMessageLifetimeUsingBlockhash({ blockhash, lastValidBlockHeight: 1n }, message);
  message = kit.appendTransactionMessageInstructions(
    instructions.map((i) => ({ programAddress: i.program, accounts: i.accounts.map((a) => ({ address: a.address, role: role(a) })), data: i.data })),
    message,
  );
  if (table) message = kit.compressTransactionMessageUsingAddressLookupTables(message, { [table.address]: table.addresses });
  const transaction = await kit.signTransaction(signers.map((s) => s.keyPair), kit.compileTransaction(message));
  return {
    name, blockhash, table: table ?? null, seeds: seeds.map(hex), signers: signers.map((s) => s.address),
    instructions: instructions.map((i) => ({ ...i, data: hex(i.data) })),
    message: hex(transaction.messageBytes), signature: kit.getSignatureFromTransaction(transaction), wire: hex(kit.getTransactionEncoder().encode(transaction)),
  };
}

const seed = (name) => hash(`test vector key, never fund it: ${name}`);
const registry = between("registry", ed25519, sysvar);
const program = between("program", sysvar, "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz");
const feeds = addresses("feed", 7);
const clock = between("clock", registry, sysvar); // not the sysvar's own address, which kit would put before the registry
const tableAddress = base58.decode(hash("table"));
const [a, b, c] = addresses("some account", 3);

// A second signer whose address sorts behind the payer's matters to nobody: signers are classes of their own.
const payer = seed("payer");
const second = seed("second");
const payerAddress = (await kit.createKeyPairSignerFromPrivateKeyBytes(payer)).address;
const secondAddress = (await kit.createKeyPairSignerFromPrivateKeyBytes(second)).address;

const created = await kit.createAddressWithSeed({ baseAddress: payerAddress, seed: "registry0011223344556677", programAddress: program });
const creation = system.getCreateAccountWithSeedInstruction({
  payer: kit.createNoopSigner(payerAddress), newAccount: created, base: payerAddress, baseAccount: kit.createNoopSigner(payerAddress),
  seed: "registry0011223344556677", amount: 13_363_200n, space: 1_792n, programAddress: program,
});
const creationByAnother = system.getCreateAccountWithSeedInstruction({
  payer: kit.createNoopSigner(payerAddress), newAccount: created, base: secondAddress, baseAccount: kit.createNoopSigner(secondAddress),
  seed: "ab", amount: 1n, space: 2n, programAddress: program,
});

const transactions = [
  await sign("submit of five records", [payer], [
    { program: computeBudget, accounts: [], data: Buffer.from("02400d0300", "hex") },
    { program: computeBudget, accounts: [], data: Buffer.from("03e803000000000000", "hex") },
    { program: computeBudget, accounts: [], data: Buffer.from("0400000400", "hex") },
    { program: ed25519, accounts: [], data: data("ed25519", 159) },
    { program, accounts: [use(registry, false, false), use(sysvar, false, false), ...feeds.slice(0, 5).map((f) => use(f, false, true))], data: data("submit", 478) },
  ]),
  await sign("one account used in several ways", [payer, second], [
    { program, accounts: [use(payerAddress, false, false), use(a, false, true), use(b, false, true), use(secondAddress, true, false), use(c, false, false)], data: Buffer.alloc(0) },
    { program, accounts: [use(c, false, false), use(b, false, false), use(payerAddress, true, true)], data: data("b", 127) },
    { program, accounts: [use(secondAddress, true, true)], data: data("c", 128) },
  ]),
  await sign("a signer that writes nothing", [payer, second], [
    { program, accounts: [use(a, false, true), use(secondAddress, true, false)], data: data("d", 1) },
  ]),
  await sign("no account but the program", [payer], [{ program, accounts: [], data: Buffer.alloc(0) }]),
  await sign("submit of seven records with a lookup table", [payer], [
    { program: computeBudget, accounts: [], data: Buffer.from("02400d0300", "hex") },
    { program: ed25519, accounts: [], data: data("ed25519", 159) },
    { program, accounts: [use(registry, false, false), use(clock, false, false), use(sysvar, false, false), ...feeds.map((f) => use(f, false, true))], data: data("submit", 525) },
  ], { address: tableAddress, addresses: [a, registry, clock, sysvar, ...feeds, b] }),
  await sign("a lookup table that holds some, and signers and programs in vain", [payer, second], [
    { program, accounts: [use(secondAddress, true, false), use(a, false, true), use(b, false, false), use(c, false, true)], data: data("e", 3) },
  ], { address: tableAddress, addresses: [secondAddress, payerAddress, program, c, b] }),
];

writeFileSync(new URL("transactions.json", import.meta.url), JSON.stringify({
  transactions,
  createAccountWithSeed: [
    { base: payerAddress, seed: "registry0011223344556677", owner: program, address: created, lamports: 13_363_200, space: 1_792, data: hex(creation.data) },
    {
      base: secondAddress, seed: "ab", owner: program, lamports: 1, space: 2, data: hex(creationByAnother.data),
      address: await kit.createAddressWithSeed({ baseAddress: secondAddress, seed: "ab", programAddress: program }),
    },
    {
      base: a, seed: "", owner: systemProgram, address: await kit.createAddressWithSeed({ baseAddress: a, seed: "", programAddress: systemProgram }),
      lamports: null, space: null, data: null,
    },
  ],
  compactLengths: [0, 1, 127, 128, 129, 255, 256, 16_383, 16_384, 65_535].map((value) => ({ value, bytes: hex(kit.getShortU16Encoder().encode(value)) })),
}, null, 2) + "\n");
