// The local cluster, over HTTP as a client sees it: real shapes, real refusals, and that nothing a client sends ends it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  address, appendTransactionMessageInstructions, createSolanaRpc, createTransactionMessage, generateKeyPairSigner, getBase64EncodedWireTransaction, getBase58Decoder, lamports,
  pipe, setTransactionMessageFeePayerSigner, setTransactionMessageLifetimeUsingBlockhash, signTransactionMessageWithSigners,
} from "@solana/kit";
import { getTransferSolInstruction } from "@solana-program/system";
import { Cluster } from "../rpc/cluster.mjs";
import { stringify } from "../rpc/json.mjs";
import { call } from "../rpc/methods.mjs";
import { readFeed } from "../reader.mjs";
import { random } from "./support/fuzzing.mjs";
import { ed25519Instruction, u32, u64 } from "./support/program.mjs";
import { testKey } from "./support/signed.mjs";
import { NOW, PROGRAM, programPath, World } from "./support/world.mjs";

const script = fileURLToPath(new URL("../rpc/server.mjs", import.meta.url));

async function start(...args) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const [line] = await once(child.stdout, "data");
  return { child, ...JSON.parse(line) };
}

let server, rpc;
before(async () => {
  server = await start();
  rpc = createSolanaRpc(server.url);
});
after(async () => {
  if (server.child.exitCode !== null) return;
  server.child.stdin.end();
  await once(server.child, "exit");
});

const post = async (body, url = server.url) => fetch(url, { method: "POST", body: typeof body === "string" ? body : stringify(body) });
const raw = async (method, params) => (await post({ jsonrpc: "2.0", id: 1, method, params })).json();

async function funded() {
  const signer = await generateKeyPairSigner();
  await rpc.requestAirdrop(signer.address, lamports(10_000_000_000n)).send();
  return signer;
}

async function transfer(payer, { blockhash, amount = 1_000_000_000n, to } = {}) {
  const lifetime = blockhash ?? (await rpc.getLatestBlockhash().send()).value;
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (m) => setTransactionMessageFeePayerSigner(payer, m),
    (m) => setTransactionMessageLifetimeUsingBlockhash(lifetime, m),
    (m) => appendTransactionMessageInstructions([getTransferSolInstruction({ source: payer, destination: to, amount })], m),
  );
  return getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message));
}

test("Identity_IsItsOwn", async () => {
  assert.equal(await rpc.getHealth().send(), "ok");
  assert.equal(await rpc.getGenesisHash().send(), "EptS5dvtMUR4eTsbjNHCYB6DjaS1AL6qqjPGvj4JEJkD");
  assert.match((await rpc.getVersion().send())["solana-core"], /^\d+\.\d+\.\d+$/);
  assert.equal((await fetch(server.url + "/health")).status, 200);
});

test("GivenGenesisAndPort_AreUsed_AndEndsWithItsInput", async () => {
  const other = await start("--genesis", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d");
  assert.equal(await createSolanaRpc(other.url).getGenesisHash().send(), "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d");
  const taken = spawn(process.execPath, [script, "--port", String(other.port)], { stdio: ["pipe", "pipe", "pipe"] });
  assert.equal((await once(taken, "exit"))[0], 1);
  other.child.stdin.end();
  assert.equal((await once(other.child, "exit"))[0], 0);
});

for (const args of [["--port", "x"], ["--port", "70000"], ["--genesis", "abc"], ["--nonsense"]])
  test(`Arguments_${args.join(" ")}_AreRefused`, async () => assert.equal((await once(spawn(process.execPath, [script, ...args]), "exit"))[0], 2));

test("Transfer_LandsAndCanBeFollowed", async () => {
  const payer = await funded(), to = (await generateKeyPairSigner()).address, wire = await transfer(payer, { to });
  assert.equal((await rpc.simulateTransaction(wire, { encoding: "base64", sigVerify: true }).send()).value.err, null);
  const signature = await rpc.sendTransaction(wire, { encoding: "base64" }).send();
  const [status] = (await rpc.getSignatureStatuses([signature]).send()).value;
  assert.equal(status.err, null);
  assert.ok(["processed", "confirmed"].includes(status.confirmationStatus));
  const found = await rpc.getTransaction(signature, { encoding: "base64", maxSupportedTransactionVersion: 0 }).send();
  assert.equal(found.meta.err, null);
  assert.equal(found.meta.computeUnitsConsumed, 150n);
  assert.equal(found.meta.fee, 5_000n);
  assert.equal(found.transaction[0], wire);
  assert.equal((await rpc.getBalance(to).send()).value, 1_000_000_000n);
  assert.equal((await rpc.getBalance(payer.address).send()).value, 10_000_000_000n - 1_000_000_000n - 5_000n);
  // Sent again: refused with preflight, ignored without.
  const again = await raw("sendTransaction", [wire, { encoding: "base64" }]);
  assert.equal(again.error.code, -32002);
  assert.equal(again.error.data.err, "AlreadyProcessed");
  assert.equal((await raw("sendTransaction", [wire, { encoding: "base64", skipPreflight: true }])).result, signature);
  assert.equal((await rpc.getBalance(to).send()).value, 1_000_000_000n);
});

test("Transactions_OfAnAddress_AreNamedNewestFirstAndInPages", async () => {
  const payer = await funded(), to = (await generateKeyPairSigner()).address, signatures = [];
  for (const amount of [1_000_000n, 2_000_000n, 3_000_000n, 20_000_000_000n])
    signatures.unshift(await rpc.sendTransaction(await transfer(payer, { to, amount }), { encoding: "base64", skipPreflight: true }).send());
  const named = async (address, options) => (await rpc.getSignaturesForAddress(address, options).send()).map((t) => t.signature);
  const all = await rpc.getSignaturesForAddress(to).send();
  assert.deepEqual(all.map((t) => t.signature), signatures);
  assert.deepEqual(all.map((t) => t.err === null), [false, true, true, true]);
  assert.ok(all.every((t) => t.slot >= 1_000n && t.confirmationStatus && t.memo === null));
  assert.deepEqual(await named(payer.address), signatures);
  assert.deepEqual(await named(to, { limit: 2 }), signatures.slice(0, 2));
  assert.deepEqual(await named(to, { before: signatures[1], limit: 1 }), signatures.slice(2, 3));
  assert.deepEqual(await named(to, { until: signatures[2] }), signatures.slice(0, 2));
  assert.deepEqual(await named((await generateKeyPairSigner()).address), []);
  for (const options of [{ limit: 0 }, { limit: 1_001 }, { limit: "3" }, { before: "x" }, []]) assert.equal((await raw("getSignaturesForAddress", [to, options])).error.code, -32602, JSON.stringify(options));
});

test("Transfer_FailingWithPreflight_NeverLands_WithoutItLandsAsFailed", async () => {
  const payer = await funded(), to = (await generateKeyPairSigner()).address, wire = await transfer(payer, { to, amount: 20_000_000_000n });
  const refused = await raw("sendTransaction", [wire, { encoding: "base64" }]);
  assert.equal(refused.error.code, -32002);
  assert.deepEqual(refused.error.data.err, { InstructionError: [0, { Custom: 1 }] });
  assert.match(refused.error.message, /custom program error: 0x1/);
  assert.equal((await rpc.getBalance(payer.address).send()).value, 10_000_000_000n);
  const { result: signature } = await raw("sendTransaction", [wire, { encoding: "base64", skipPreflight: true }]);
  const { result } = await raw("getSignatureStatuses", [[signature]]);
  assert.deepEqual(result.value[0].err, { InstructionError: [0, { Custom: 1 }] });
  assert.equal((await rpc.getBalance(payer.address).send()).value, 10_000_000_000n - 5_000n);
});

test("Transaction_WrongSignature_IsRefusedAndNeverLands", async () => {
  const payer = await funded(), to = (await generateKeyPairSigner()).address, wire = Buffer.from(await transfer(payer, { to }), "base64");
  wire[10] ^= 1;
  const bad = wire.toString("base64");
  assert.equal((await raw("sendTransaction", [bad, { encoding: "base64" }])).error.code, -32003);
  const { result: signature } = await raw("sendTransaction", [bad, { encoding: "base64", skipPreflight: true }]);
  assert.deepEqual((await raw("getSignatureStatuses", [[signature]])).result.value, [null]);
  assert.equal((await rpc.getBalance(to).send()).value, 0n);
  // A simulation without sigVerify does not mind.
  assert.equal((await raw("simulateTransaction", [bad, { encoding: "base64" }])).result.value.err, null);
});

test("Transaction_UnknownBlockhash_IsNotFound", async () => {
  const payer = await funded(), to = (await generateKeyPairSigner()).address;
  const wire = await transfer(payer, { to, blockhash: { blockhash: getBase58Decoder().decode(Buffer.alloc(32, 3)), lastValidBlockHeight: 1n } });
  const { error } = await raw("sendTransaction", [wire, { encoding: "base64" }]);
  assert.equal(error.code, -32002);
  assert.equal(error.message, "Transaction simulation failed: Blockhash not found");
  assert.equal(error.data.err, "BlockhashNotFound");
  const { result: signature } = await raw("sendTransaction", [wire, { encoding: "base64", skipPreflight: true }]);
  assert.deepEqual((await raw("getSignatureStatuses", [[signature]])).result.value, [null]);
  assert.equal((await raw("simulateTransaction", [wire, { encoding: "base64" }])).result.value.err, "BlockhashNotFound");
  assert.equal((await raw("simulateTransaction", [wire, { encoding: "base64", replaceRecentBlockhash: true }])).result.value.err, null);
});

test("Blockhash_IsValidFor150Slots_AndStatusesRipen", () => {
  let millis = 0n;
  const c = new Cluster(Buffer.alloc(32), () => millis);
  const at = (slots) => void (millis = BigInt(slots) * 400n);
  const { value: first, context } = call(c, "getLatestBlockhash", []);
  assert.equal(first.lastValidBlockHeight, context.slot + 150n);
  const target = "4Nd1mYz8w6bZxvWc5LqJtJ3b2Vj6m9yqgGfV1cJ9kZ3k", signature = call(c, "requestAirdrop", [target, 1_000_000_000]);
  const status = () => call(c, "getSignatureStatuses", [[signature]]).value[0];
  assert.equal(status().confirmationStatus, "processed");
  at(1);
  assert.equal(status().confirmationStatus, "confirmed");
  assert.notEqual(call(c, "getLatestBlockhash", []).value.blockhash, first.blockhash);
  at(32);
  assert.equal(status().confirmationStatus, "finalized");
  assert.equal(status().confirmations, null);
  at(150);
  assert.equal(call(c, "isBlockhashValid", [first.blockhash]).value, true);
  at(151);
  assert.equal(call(c, "isBlockhashValid", [first.blockhash]).value, false);
  at(1_000_000); // nobody asked for a long time
  assert.equal(call(c, "isBlockhashValid", [call(c, "getLatestBlockhash", []).value.blockhash]).value, true);
  assert.equal(c.blockhashes.size, 151);
});

test("Clock_FollowsRealTimeUntilItIsSet", () => {
  let millis = 5n;
  const c = new Cluster(Buffer.alloc(32), () => millis);
  const seconds = () => Buffer.from(call(c, "getAccountInfo", ["SysvarC1ock11111111111111111111111111111111", { encoding: "base64" }]).value.data[0], "base64").readBigInt64LE(32);
  assert.ok(Math.abs(Number(seconds()) - Date.now() / 1000) < 5);
  call(c, "devnet_setClock", [{ unixSeconds: 1_381_238_400 }]);
  assert.equal(seconds(), 1_381_238_400n);
  millis += 10_000n;
  assert.equal(seconds(), 1_381_238_410n);
  call(c, "devnet_setClock", [{ unixSeconds: 1_381_240_000.5, speed: 30 }]);
  millis += 1_000n;
  assert.equal(seconds(), 1_381_240_030n);
  assert.equal(call(c, "getBlockTime", [Number(c.slot)]), 1_381_240_030n);
});

test("DevnetMethods_PlaceProgramsAndAccounts_AndAFeedLandsOverHttp", async () => {
  // Everything but LiteSVM's own interface: program, clock and transactions go over the wire.
  await raw("devnet_addProgram", [{ programId: PROGRAM, program: readFileSync(programPath).toString("base64") }]);
  assert.equal((await raw("devnet_setClock", [{ unixSeconds: NOW, speed: 0 }])).error, undefined);
  const w = await World.create({ genesis: Buffer.alloc(32, 1) });
  w.svm = { minimumBalanceForRentExemption: w.svm.minimumBalanceForRentExemption.bind(w.svm) };
  w.send = async (instructions) => {
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (m) => setTransactionMessageFeePayerSigner(w.payer, m),
      (m) => setTransactionMessageLifetimeUsingBlockhash(latest, m),
      (m) => appendTransactionMessageInstructions(instructions, m),
    );
    const answer = await raw("sendTransaction", [getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message)), { encoding: "base64" }]);
    return { ok: answer.error === undefined, error: answer.error?.message, logs: answer.error?.data?.logs ?? [], returnData: answer.error?.data?.returnData, data: answer.error?.data };
  };
  const latest = (await rpc.getLatestBlockhash().send()).value;
  await rpc.requestAirdrop(w.payer.address, lamports(100_000_000_000n)).send();
  w.signer = testKey(1);
  w.must(await w.send([w.createRegistry(), w.initRegistry()]));
  w.must(await w.rotate(1, [w.signer]));
  for (let i = 0; i < 2; i++) await w.addFeed({ identity: `remote${i}`, quote: "USD", unit: 1, decimals: 8 });
  w.must(await w.submit(w.batch()));
  const { result } = await raw("getMultipleAccounts", [[w.feeds[0].address, w.feeds[1].address, w.stranger.address], { encoding: "base64" }]);
  assert.equal(result.value[0].owner, PROGRAM);
  assert.equal(readFeed(Buffer.from(result.value[1].data[0], "base64")).price, 32_041_500_000n);
  assert.equal(result.value[2], null);
  // Replayed: refused by the program, with the reasons in the return data of the preflight.
  const again = await w.submit(w.batch({ evidence: Buffer.alloc(32, 9) }));
  assert.equal(again.ok, false);
  assert.deepEqual(again.data.err, { InstructionError: [1, { Custom: 261 }] });

  await raw("devnet_setAccount", [{ pubkey: w.stranger.address, data: Buffer.from("hello").toString("base64"), owner: PROGRAM, lamports: 5_000_000 }]);
  const { result: placed } = await raw("getAccountInfo", [w.stranger.address, { encoding: "base64", dataSlice: { offset: 1, length: 3 } }]);
  assert.deepEqual(placed.value.data, [Buffer.from("ell").toString("base64"), "base64"]);
  assert.equal(placed.value.lamports, 5_000_000);
  await raw("devnet_setClock", [{ unixSeconds: Math.floor(Date.now() / 1000) }]);
});

test("Fee_OfAMessage_IsWhatIsCharged_PrecompileSignaturesAndPriorityIncluded", async () => {
  const payer = await funded(), signer = testKey(1), message = Buffer.from("anything"), budget = (opcode, value) => ({ programAddress: address("ComputeBudget111111111111111111111111111111"), data: Buffer.concat([Buffer.from([opcode]), value]) });
  const latest = (await rpc.getLatestBlockhash().send()).value;
  const wire = Buffer.from(getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(pipe(
    createTransactionMessage({ version: 0 }),
    (m) => setTransactionMessageFeePayerSigner(payer, m),
    (m) => setTransactionMessageLifetimeUsingBlockhash(latest, m),
    (m) => appendTransactionMessageInstructions([budget(2, u32(12_345)), budget(3, u64(1_000_001)), ed25519Instruction({ index: 2, publicKey: signer.publicKey, signature: signer.sign(message), message })], m),
  ))), "base64");
  const { result } = await raw("getFeeForMessage", [wire.subarray(65).toString("base64")]);
  assert.equal(result.value, 2 * 5_000 + 12_346); // one signature of ours, one checked; 12,345 units at 1.000001 lamports, rounded up
  const signature = await rpc.sendTransaction(wire.toString("base64"), { encoding: "base64" }).send();
  assert.equal((await raw("getTransaction", [signature])).result.meta.fee, result.value);
  assert.equal((await rpc.getBalance(payer.address).send()).value, 10_000_000_000n - BigInt(result.value));
});

for (const [name, method, params, code] of [
  ["UnknownMethod", "getEverything", [], -32601],
  ["PrototypeMethod", "constructor", [], -32601],
  ["ParamsNotAList", "getSlot", { a: 1 }, -32602],
  ["KeyMissing", "getAccountInfo", [], -32602],
  ["KeyNotBase58", "getBalance", ["0OIl"], -32602],
  ["KeyTooLong", "getBalance", ["1".repeat(500)], -32602],
  ["TooManyKeys", "getMultipleAccounts", [Array.from({ length: 101 }, () => "11111111111111111111111111111111")], -32602],
  ["EncodingUnknown", "getAccountInfo", ["11111111111111111111111111111111", { encoding: "hex" }], -32602],
  ["TransactionMissing", "sendTransaction", [], -32602],
  ["TransactionNotBase64", "sendTransaction", ["***", { encoding: "base64" }], -32602],
  ["TransactionEmpty", "sendTransaction", ["", { encoding: "base64" }], -32602],
  ["TransactionTooLarge", "sendTransaction", [Buffer.alloc(1_233).toString("base64"), { encoding: "base64" }], -32602],
  ["SignatureTooShort", "getSignatureStatuses", [["abc"]], -32602],
  ["AirdropNegative", "requestAirdrop", ["11111111111111111111111111111111", -1], -32602],
  ["AirdropFraction", "requestAirdrop", ["11111111111111111111111111111111", 0.5], -32602],
  ["RentOfTooMuch", "getMinimumBalanceForRentExemption", [2 ** 40], -32602],
  ["FutureContext", "sendTransaction", ["AA==", { encoding: "base64", minContextSlot: 2 ** 50 }], -32016],
  ["ClockNegative", "devnet_setClock", [{ unixSeconds: -1 }], -32602],
  ["ClockMissing", "devnet_setClock", [], -32602],
  ["ProgramNotElf", "devnet_addProgram", [{ programId: PROGRAM, program: "AAAA" }], -32602],
  ["MessageNotOne", "getFeeForMessage", ["AAAA"], -32602],
])
  test(`Request_${name}_IsAnError`, async () => {
    const answer = await raw(method, params);
    assert.equal(answer.error?.code, code, stringify(answer));
    assert.equal(answer.id, 1);
  });

test("Body_NotARequest_IsAnErrorInTheRightShape", async () => {
  for (const [body, code] of [["", -32700], ["{", -32700], ["null", -32600], ["7", -32600], ["{}", -32600], ["[]", -32600], ['{"jsonrpc":"1.0","id":1,"method":"getSlot"}', -32600], ['{"jsonrpc":"2.0","id":1,"method":7}', -32600]]) {
    const answer = await (await post(body)).json();
    assert.equal(answer.error.code, code, body);
    assert.equal(answer.jsonrpc, "2.0");
  }
  const batch = await (await post([{ jsonrpc: "2.0", id: "a", method: "getHealth" }, { jsonrpc: "2.0", id: "b", method: "nope" }, { jsonrpc: "2.0", method: "getHealth" }])).json();
  assert.deepEqual(batch.map((a) => [a.id, a.result ?? a.error.code]), [["a", "ok"], ["b", -32601]]);
  assert.equal((await post({ jsonrpc: "2.0", method: "getHealth" })).status, 204);
  assert.equal((await fetch(server.url)).status, 405);
});

test("Body_AboveTheLimit_IsRefused", async () => {
  const response = await post("x".repeat(16 * 1024 * 1024 + 1)).catch((error) => error);
  assert.ok(response.status === 413 || response instanceof TypeError, String(response));
  assert.equal(await rpc.getHealth().send(), "ok");
});

test("Transactions_Random_NeverEndTheServer", async () => {
  const r = random(11), payer = await funded(), wire = Buffer.from(await transfer(payer, { to: address(PROGRAM) }), "base64");
  for (let i = 0; i < 300; i++) {
    const bytes = r.below(3) ? r.mutate(wire) : r.bytes(r.below(1_300));
    for (const [method, options] of [["sendTransaction", { skipPreflight: r.below(2) === 0 }], ["simulateTransaction", { sigVerify: r.below(2) === 0 }]]) {
      const answer = await raw(method, [bytes.toString("base64"), { encoding: "base64", ...options }]);
      assert.ok(answer.error === undefined || answer.error.code !== -32603, `${i}: ${bytes.toString("hex")}: ${stringify(answer)}`);
    }
  }
  assert.equal(await rpc.getHealth().send(), "ok");
});

test("Socket_BrokenHttp_IsDropped", async () => {
  const socket = connect(server.port, "127.0.0.1");
  socket.write("NONSENSE\r\n\r\n");
  await once(socket, "close");
  assert.equal(await rpc.getHealth().send(), "ok");
});
