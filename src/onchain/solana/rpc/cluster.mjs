// LiteSVM as a cluster of one node: slots, a window of valid blockhashes, a clock, and what became of each transaction.
//
// A slot lasts 400 ms of real time. Slots are counted when somebody asks, not by a timer. A transaction is executed at once in
// the current slot; one slot later it counts as confirmed, 32 later as finalized. Reads always see the latest state.

import { createHash } from "node:crypto";
import { getBase58Decoder, getCompiledTransactionMessageDecoder, getCompiledTransactionMessageEncoder, getTransactionDecoder, getTransactionEncoder, lamports } from "@solana/kit";
import { Clock, FailedTransactionMetadata, LiteSVM } from "litesvm";
import { transactionError } from "./errors.mjs";

const SLOT_MILLIS = 400n;
const BLOCKHASH_SLOTS = 150;
const SLOTS_PER_EPOCH = 432_000n;
const FINALIZED_AFTER = 32n;
const KEPT_TRANSACTIONS = 50_000;
const KEPT_BLOCK_TIMES = 10_000;
const FIRST_SLOT = 1_000n;

const base58 = getBase58Decoder();

export class Cluster {
  /** @param genesis 32 bytes
   *  @param elapsedMillis monotonic milliseconds as a bigint */
  constructor(genesis, elapsedMillis = () => process.hrtime.bigint() / 1_000_000n) {
    this.genesis = genesis;
    this.svm = new LiteSVM().withBlockhashCheck(false).withTransactionHistory(BigInt(KEPT_TRANSACTIONS));
    this.elapsedMillis = elapsedMillis;
    this.startedAt = elapsedMillis();
    this.setTime(BigInt(Date.now()));
    this.slot = FIRST_SLOT - 1n;
    this.blockhashes = new Map(); // hash -> slot, oldest first
    this.blockTimes = new Map(); // slot -> Unix seconds, oldest first
    this.transactions = new Map(); // signature -> what became of it, oldest first
    this.advance();
  }

  /** From now on the cluster's clock starts at this time and runs `speed` times as fast as real time. */
  setTime(unixMillis, speed = 1) {
    this.time = { unixMillis, speed, since: this.elapsedMillis() };
  }

  get unixSeconds() {
    const passed = Number(this.elapsedMillis() - this.time.since) * this.time.speed;
    return (this.time.unixMillis + BigInt(Math.floor(passed))) / 1000n;
  }

  /** Brings slot, blockhashes and clock up to now. */
  advance() {
    const slot = FIRST_SLOT + (this.elapsedMillis() - this.startedAt) / SLOT_MILLIS;
    const unixSeconds = this.unixSeconds;
    if (slot !== this.slot) {
      const behind = slot - BigInt(BLOCKHASH_SLOTS);
      for (let s = this.slot + 1n > behind ? this.slot + 1n : behind; s <= slot; s++) this.blockhashes.set((this.latestBlockhash = this.#blockhash(s)), s);
      for (const [hash, s] of this.blockhashes) {
        if (s >= behind) break;
        this.blockhashes.delete(hash);
      }
      this.slot = slot;
      this.svm.setSlotHashes([...this.blockhashes].reverse().map(([hash, s]) => ({ slot: s, hash })));
    }
    if (this.blockTimes.get(slot) !== unixSeconds) {
      this.blockTimes.set(slot, unixSeconds);
      forgetOldest(this.blockTimes, KEPT_BLOCK_TIMES);
      const epoch = slot / SLOTS_PER_EPOCH;
      this.svm.setClock(new Clock(slot, unixSeconds, epoch, epoch + 1n, unixSeconds));
    }
  }

  #blockhash(slot) {
    return base58.decode(createHash("sha256").update(this.genesis).update(slot.toString()).digest());
  }

  get lastValidBlockHeight() {
    return this.slot + BigInt(BLOCKHASH_SLOTS);
  }

  isBlockhashValid(hash) {
    return this.blockhashes.has(hash);
  }

  /** Decodes wire bytes; throws when they are no transaction. Strict, because LiteSVM ends the process when its own decoder fails. */
  decode(wire) {
    const transaction = getTransactionDecoder().decode(wire);
    const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
    sanitize(message, Object.keys(transaction.signatures).length);
    if (!same(getCompiledTransactionMessageEncoder().encode(message), transaction.messageBytes) || !same(getTransactionEncoder().encode(transaction), wire))
      throw new Error("not its canonical encoding");
    const first = Object.values(transaction.signatures)[0];
    return { transaction, message, wire, signature: base58.decode(first ?? new Uint8Array(64)), complete: Object.values(transaction.signatures).every(Boolean) };
  }

  simulate(decoded, { verify }) {
    this.svm.withSigverify(verify);
    try {
      return this.#outcome(this.svm.simulateTransaction(decoded.transaction));
    } finally {
      this.svm.withSigverify(true);
    }
  }

  /** All accounts that a message names, those in lookup tables included: 32 bytes each after the table's 56. */
  #accountsOf({ staticAccounts, addressTableLookups = [] }) {
    const loaded = addressTableLookups.flatMap(({ lookupTableAddress, writableIndexes, readonlyIndexes }) => {
      const table = Buffer.from(this.svm.getAccount(lookupTableAddress)?.data ?? []);
      return [...writableIndexes, ...readonlyIndexes].map((i) => table.subarray(56 + 32 * i, 88 + 32 * i)).filter((key) => key.length === 32).map((key) => base58.decode(key));
    });
    return [...staticAccounts, ...loaded];
  }

  /** Executes; the fee is charged even when it fails, as on a cluster. */
  execute(decoded) {
    const outcome = this.#outcome(this.svm.sendTransaction(decoded.transaction));
    const kept = { ...outcome, slot: this.slot, blockTime: this.unixSeconds, wire: decoded.wire, version: decoded.message.version, accounts: this.#accountsOf(decoded.message) };
    // What was never processed leaves no trace.
    const landed = outcome.error === null || outcome.error.InstructionError !== undefined || outcome.fee > 0n;
    if (landed && !this.transactions.has(decoded.signature)) {
      this.transactions.set(decoded.signature, kept);
      forgetOldest(this.transactions, KEPT_TRANSACTIONS);
    }
    return kept;
  }

  airdrop(address, amount) {
    this.svm.expireBlockhash(); // or the same airdrop twice would be one transaction
    const result = this.svm.airdrop(address, lamports(amount));
    if (result === null) return undefined;
    const outcome = this.#outcome(result);
    const signature = base58.decode((result instanceof FailedTransactionMetadata ? result.meta() : result).signature());
    if (outcome.error === null) this.transactions.set(signature, { ...outcome, slot: this.slot, blockTime: this.unixSeconds, version: "legacy" });
    return outcome.error === null ? signature : undefined;
  }

  status(signature) {
    const found = this.transactions.get(signature);
    if (!found) return null;
    const age = this.slot - found.slot;
    const confirmationStatus = age >= FINALIZED_AFTER ? "finalized" : age >= 1n ? "confirmed" : "processed";
    return {
      slot: found.slot, confirmations: age >= FINALIZED_AFTER ? null : age, err: found.error, status: found.error === null ? { Ok: null } : { Err: found.error },
      confirmationStatus,
    };
  }

  #outcome(result) {
    const failed = result instanceof FailedTransactionMetadata;
    const meta = failed || typeof result.meta === "function" ? result.meta() : result;
    const returned = meta.returnData();
    const data = Buffer.from(returned.data());
    return {
      error: failed ? transactionError(result) : null,
      logs: meta.logs(),
      units: meta.computeUnitsConsumed(),
      // LiteSVM shows the fee in its text only.
      fee: BigInt(/fee: (\d+)/.exec(meta.toString())?.[1] ?? 0),
      returnData: data.length ? { programId: base58.decode(returned.programId()), data: [data.toString("base64"), "base64"] } : null,
      postAccounts: typeof result.postAccounts === "function" ? result.postAccounts() : [],
    };
  }
}

/** What a node checks of a message before anything else. */
function sanitize(message, signatures) {
  const { numSignerAccounts: signers, numReadonlySignerAccounts: readOnlySigners, numReadonlyNonSignerAccounts: readOnly } = message.header;
  const keys = message.staticAccounts.length, lookups = message.addressTableLookups ?? [];
  const loaded = lookups.reduce((n, l) => n + l.writableIndexes.length + l.readonlyIndexes.length, 0);
  const require = (condition, what) => {
    if (!condition) throw new Error(what);
  };
  require(message.version === "legacy" || message.version === 0, `version ${message.version} is not supported`);
  require(signers >= 1 && readOnlySigners < signers && signers + readOnly <= keys, "account counts do not fit");
  require(signatures === signers, `${signatures} signatures for ${signers} signers`);
  require(keys + loaded <= 256, "too many accounts");
  require(lookups.every((l) => l.writableIndexes.length + l.readonlyIndexes.length > 0), "empty address table lookup");
  for (const { programAddressIndex: program, accountIndices: accounts = [] } of message.instructions) {
    require(program >= 1 && program < keys, `program index ${program}`);
    require(accounts.every((i) => i < keys + loaded), "account index outside the transaction");
  }
}

function same(left, right) {
  return Buffer.compare(Buffer.from(left), Buffer.from(right)) === 0;
}

function forgetOldest(map, keep) {
  for (const key of map.keys()) {
    if (map.size <= keep) return;
    map.delete(key);
  }
}
