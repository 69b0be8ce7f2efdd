// Solana's JSON-RPC methods over a Cluster: parameters in, results out, in the real shapes. Each takes the cluster and the
// parameter array; what a caller gets wrong is an RpcError.

import { address, getBase58Decoder, getBase58Encoder, isAddress, lamports } from "@solana/kit";
import { codes, describe, invalid, RpcError } from "./errors.mjs";

const MAX_TRANSACTION_BYTES = 1_232;
const MAX_ACCOUNTS_PER_REQUEST = 100;
const MAX_SIGNATURES_PER_REQUEST = 256;
const MAX_NAMED_TRANSACTIONS = 1_000;
const MAX_ACCOUNT_BYTES = 10 * 1024 * 1024;
const RENT_EXEMPT_EPOCH = 18446744073709551615n;
const LAMPORTS_PER_SIGNATURE = 5_000n;
const COMPUTE_BUDGET_PROGRAM = "ComputeBudget111111111111111111111111111111";
const ED25519_PROGRAM = "Ed25519SigVerify111111111111111111111111111";
const BUILTINS = new Set([
  "11111111111111111111111111111111", COMPUTE_BUDGET_PROGRAM, ED25519_PROGRAM, "KeccakSecp256k11111111111111111111111111111",
  "Vote111111111111111111111111111111111111111", "BPFLoaderUpgradeab1e11111111111111111111111",
]);
const API_VERSION = "2.3.0";
const base58 = getBase58Decoder(), fromBase58 = getBase58Encoder();

const methods = {
  getHealth: () => "ok",
  getVersion: () => ({ "solana-core": API_VERSION, "feature-set": 0 }),
  getGenesisHash: (c) => base58.decode(c.genesis),
  getSlot: (c) => c.slot,
  getBlockHeight: (c) => c.slot,
  getBlockTime: (c, [slot]) => c.blockTimes.get(BigInt(integer(slot, "slot"))) ?? null,
  getLatestBlockhash: (c) => inContext(c, { blockhash: c.latestBlockhash, lastValidBlockHeight: c.lastValidBlockHeight }),
  isBlockhashValid: (c, [hash]) => inContext(c, c.isBlockhashValid(string(hash, "blockhash"))),
  getMinimumBalanceForRentExemption: (c, [bytes]) => c.svm.minimumBalanceForRentExemption(BigInt(integer(bytes, "data length", MAX_ACCOUNT_BYTES))),
  getRecentPrioritizationFees: (c) => [{ slot: c.slot, prioritizationFee: 0 }],
  getBalance: (c, [key]) => inContext(c, c.svm.getBalance(pubkey(key)) ?? 0),
  getAccountInfo: (c, [key, options]) => inContext(c, account(c, pubkey(key), accountOptions(options, "base58"))),

  getMultipleAccounts(c, [keys, options]) {
    const encoding = accountOptions(options, "base64");
    return inContext(c, list(keys, "pubkeys", MAX_ACCOUNTS_PER_REQUEST).map((key) => account(c, pubkey(key), encoding)));
  },

  getFeeForMessage(c, [message]) {
    const bytes = binary(string(message, "message"), "base64", "message");
    // A message is decoded as a transaction without signatures: their count is its first byte, after the version if it has one.
    const signatures = bytes[bytes[0] & 0x80 ? 1 : 0] ?? 0;
    const decoded = decode(c, Buffer.concat([Buffer.from([signatures]), Buffer.alloc(64 * signatures), bytes]));
    return inContext(c, c.isBlockhashValid(decoded.message.lifetimeToken) ? feeOf(decoded.message) : null);
  },

  sendTransaction(c, [wire, options]) {
    const { encoding, skipPreflight, minContextSlot } = object(options, "options");
    reach(c, minContextSlot);
    const decoded = decode(c, transactionBytes(wire, encoding));
    const valid = c.isBlockhashValid(decoded.message.lifetimeToken);
    if (!skipPreflight) {
      if (!decoded.complete) throw new RpcError(codes.signatureVerificationFailure, "Transaction signature verification failure");
      const simulated = valid ? c.simulate(decoded, { verify: true }) : failedEarly("BlockhashNotFound");
      if (simulated.error === "SignatureFailure") throw new RpcError(codes.signatureVerificationFailure, "Transaction signature verification failure");
      const error = c.transactions.has(decoded.signature) ? "AlreadyProcessed" : simulated.error;
      if (error !== null)
        throw new RpcError(codes.preflightFailure, `Transaction simulation failed: ${describe(error)}`, { ...simulation(simulated), err: error });
    }
    // Without preflight a node forwards anything; what cannot land is silently dropped.
    if (decoded.complete && valid && !c.transactions.has(decoded.signature)) c.execute(decoded);
    return decoded.signature;
  },

  simulateTransaction(c, [wire, options]) {
    const { encoding, sigVerify = false, replaceRecentBlockhash = false, accounts, minContextSlot } = object(options, "options");
    reach(c, minContextSlot);
    if (sigVerify && replaceRecentBlockhash) throw invalid("sigVerify may not be used with replaceRecentBlockhash");
    const decoded = decode(c, transactionBytes(wire, encoding));
    if (sigVerify && !decoded.complete) throw new RpcError(codes.signatureVerificationFailure, "Transaction signature verification failure");
    const valid = replaceRecentBlockhash || c.isBlockhashValid(decoded.message.lifetimeToken);
    const simulated = valid ? c.simulate(decoded, { verify: Boolean(sigVerify) }) : failedEarly("BlockhashNotFound");
    const wanted = accounts === undefined ? undefined : list(object(accounts, "accounts").addresses, "accounts.addresses", 64).map(pubkey);
    const after = new Map(simulated.postAccounts.map((a) => [a.address, a]));
    return inContext(c, {
      ...simulation(simulated),
      accounts: wanted?.map((key) => (after.has(key) ? shape(after.get(key), { encoding: "base64" }) : account(c, key, { encoding: "base64" }))) ?? null,
      replacementBlockhash: replaceRecentBlockhash ? { blockhash: c.latestBlockhash, lastValidBlockHeight: c.lastValidBlockHeight } : undefined,
    });
  },

  getSignatureStatuses: (c, [signatures]) =>
    inContext(c, list(signatures, "signatures", MAX_SIGNATURES_PER_REQUEST).map((s) => c.status(signature(s)))),

  getTransaction(c, [id]) {
    const found = c.transactions.get(signature(id));
    if (!found) return null;
    return {
      slot: found.slot,
      blockTime: found.blockTime,
      version: found.version,
      meta: {
        err: found.error, status: found.error === null ? { Ok: null } : { Err: found.error }, fee: found.fee, computeUnitsConsumed: found.units,
        logMessages: found.logs, ...(found.returnData ? { returnData: found.returnData } : {}),
      },
      transaction: found.wire ? [Buffer.from(found.wire).toString("base64"), "base64"] : null,
    };
  },

  getSignaturesForAddress(c, [key, options]) {
    const { before, until, limit = MAX_NAMED_TRANSACTIONS } = object(options, "options");
    const named = pubkey(key), most = integer(limit, "limit", MAX_NAMED_TRANSACTIONS);
    if (most < 1) throw invalid("limit must be at least 1");
    const found = [];
    let begun = before === undefined || before === null;
    const end = until === undefined || until === null ? undefined : signature(until), begin = begun ? undefined : signature(before);
    for (const [id, t] of [...c.transactions].reverse()) {
      if (id === end || found.length === most) break;
      if (begun && t.accounts?.includes(named))
        found.push({ signature: id, slot: t.slot, err: t.error, memo: null, blockTime: t.blockTime, confirmationStatus: c.status(id).confirmationStatus });
      begun ||= id === begin;
    }
    return found;
  },

  requestAirdrop(c, [key, amount]) {
    const id = c.airdrop(pubkey(key), BigInt(integer(amount, "lamports")));
    if (id === undefined) throw new RpcError(codes.internal, "airdrop refused");
    return id;
  },

  // What only a local cluster can do.

  devnet_setClock(c, [options]) {
    const { unixSeconds, speed = 1 } = object(options, "options");
    if (typeof unixSeconds !== "number" || !(unixSeconds >= 0 && unixSeconds < 2 ** 40)) throw invalid("unixSeconds must be a number from 0 to 2^40");
    if (typeof speed !== "number" || !(speed >= 0 && speed <= 1_000_000)) throw invalid("speed must be a number from 0 to 1000000");
    c.setTime(BigInt(Math.round(unixSeconds * 1000)), speed);
    c.advance();
    return null;
  },

  devnet_setAccount(c, [options]) {
    const { pubkey: key, data = "", owner = "11111111111111111111111111111111", lamports: amount, executable = false } = object(options, "options");
    const bytes = binary(string(data, "data"), "base64", "data");
    if (bytes.length > MAX_ACCOUNT_BYTES) throw invalid(`data: at most ${MAX_ACCOUNT_BYTES} bytes`);
    const enough = c.svm.minimumBalanceForRentExemption(BigInt(bytes.length));
    c.svm.setAccount({
      address: pubkey(key), data: bytes, executable: Boolean(executable), programAddress: pubkey(owner), space: BigInt(bytes.length),
      lamports: lamports(amount === undefined ? enough : BigInt(integer(amount, "lamports"))),
    });
    return null;
  },

  devnet_addProgram(c, [options]) {
    const { programId, program } = object(options, "options");
    const id = pubkey(programId), bytes = binary(string(program, "program"), "base64", "program");
    try {
      c.svm.addProgram(id, bytes);
    } catch (error) {
      throw invalid(`program: the loader refused it: ${error.message}`);
    }
    return null;
  },
};

/** Calls a method by name. */
export function call(cluster, method, params) {
  if (!Object.hasOwn(methods, method)) throw new RpcError(codes.methodNotFound, "Method not found");
  cluster.advance();
  return methods[method](cluster, params);
}

const inContext = (c, value) => ({ context: { apiVersion: API_VERSION, slot: c.slot }, value });

const failedEarly = (error) => ({ error, logs: [], units: 0n, returnData: null, postAccounts: [] });

const simulation = ({ error, logs, units, returnData }) => ({ err: error, logs, accounts: null, unitsConsumed: units, returnData, innerInstructions: null });

function reach(c, minContextSlot) {
  if (minContextSlot !== undefined && BigInt(integer(minContextSlot, "minContextSlot")) > c.slot)
    throw new RpcError(codes.minContextSlotNotReached, "Minimum context slot has not been reached", { contextSlot: c.slot });
}

function account(c, key, options) {
  const found = c.svm.getAccount(key);
  return found.exists && found.lamports > 0n ? shape(found, options) : null;
}

function shape(found, { encoding, dataSlice }) {
  let data = Buffer.from(found.data);
  if (dataSlice) data = data.subarray(dataSlice.offset, dataSlice.offset + dataSlice.length);
  if (encoding === "base58" && data.length > 128) throw new RpcError(codes.invalidRequest, "Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.");
  return {
    data: encoding === "base58" ? [base58.decode(data), "base58"] : [data.toString("base64"), "base64"],
    executable: found.executable, lamports: found.lamports, owner: found.programAddress, rentEpoch: RENT_EXEMPT_EPOCH, space: found.space,
  };
}

function accountOptions(options, fallback) {
  const { encoding = fallback, dataSlice, minContextSlot } = object(options, "options");
  if (minContextSlot !== undefined) integer(minContextSlot, "minContextSlot");
  // A node answers jsonParsed with base64 for programs that it cannot parse; this one parses none.
  if (!["base58", "base64", "jsonParsed"].includes(encoding)) throw invalid(`encoding ${JSON.stringify(encoding)} is not supported; use base64`);
  if (dataSlice !== undefined) {
    const { offset, length } = object(dataSlice, "dataSlice");
    return { encoding, dataSlice: { offset: integer(offset, "dataSlice.offset"), length: integer(length, "dataSlice.length") } };
  }
  return { encoding };
}

function decode(c, bytes) {
  try {
    return c.decode(bytes);
  } catch (error) {
    throw invalid(`failed to deserialize transaction: ${error.message}`);
  }
}

function transactionBytes(wire, encoding = "base58") {
  if (encoding !== "base58" && encoding !== "base64") throw invalid(`encoding ${JSON.stringify(encoding)} is not supported; use base64 or base58`);
  const bytes = binary(string(wire, "transaction"), encoding, "transaction");
  if (bytes.length > MAX_TRANSACTION_BYTES) throw invalid(`transaction too large: ${bytes.length} bytes (max: ${MAX_TRANSACTION_BYTES} bytes)`);
  return bytes;
}

function feeOf(message) {
  const keys = message.staticAccounts;
  let signatures = BigInt(message.header.numSignerAccounts), limit, price = 0n, otherwise = 0n;
  for (const { programAddressIndex, data = new Uint8Array() } of message.instructions) {
    const program = keys[programAddressIndex], bytes = Buffer.from(data);
    if (program === ED25519_PROGRAM) signatures += BigInt(bytes[0] ?? 0);
    if (program === COMPUTE_BUDGET_PROGRAM && bytes[0] === 2 && bytes.length >= 5) limit = BigInt(bytes.readUInt32LE(1));
    if (program === COMPUTE_BUDGET_PROGRAM && bytes[0] === 3 && bytes.length >= 9) price = bytes.readBigUInt64LE(1);
    otherwise += BUILTINS.has(program) ? 3_000n : 200_000n;
  }
  const units = limit ?? otherwise;
  return LAMPORTS_PER_SIGNATURE * signatures + (price * (units < 1_400_000n ? units : 1_400_000n) + 999_999n) / 1_000_000n;
}

function object(value, name) {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw invalid(`${name} must be an object`);
  return value;
}

function list(value, name, most) {
  if (!Array.isArray(value) || value.length > most) throw invalid(`${name} must be an array of at most ${most}`);
  return value;
}

function string(value, name) {
  if (typeof value !== "string") throw invalid(`${name} must be a string`);
  return value;
}

function integer(value, name, most = Number.MAX_SAFE_INTEGER) {
  if (!Number.isSafeInteger(value) || value < 0 || value > most) throw invalid(`${name} must be an integer from 0 to ${most}`);
  return value;
}

function pubkey(value) {
  if (typeof value !== "string" || !isAddress(value)) throw invalid(`${JSON.stringify(value)} is not a base58 public key`);
  return address(value);
}

function signature(value) {
  if (typeof value !== "string" || value.length > 88 || binary(value, "base58", "signature").length !== 64) throw invalid(`${JSON.stringify(value)} is not a base58 signature`);
  return value;
}

function binary(text, encoding, name) {
  if (encoding === "base64") {
    const bytes = Buffer.from(text, "base64");
    if (bytes.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, "")) throw invalid(`${name} is not base64`);
    return bytes;
  }
  try {
    return Buffer.from(fromBase58.encode(text));
  } catch {
    throw invalid(`${name} is not base58`);
  }
}
