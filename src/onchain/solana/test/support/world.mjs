// LiteSVM with our program deployed, a registry with one signer, and feeds.

import { readFileSync } from "node:fs";
import {
  address, appendTransactionMessageInstructions, createTransactionMessage, generateKeyPairSigner, lamports, pipe, setTransactionMessageFeePayerSigner,
  signTransactionMessageWithSigners,
} from "@solana/kit";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";
import { ed25519Instruction, FEED_SIZE, key, OracleFeeds, REGISTRY_SIZE } from "./program.mjs";
import { Batch, deploymentId, encodeRecord, feedId, proofMessage, testKey } from "./signed.mjs";

export const programPath = new URL("../../build/oracle_feeds.so", import.meta.url);
export const PROGRAM = address("Fx5ZJaBtGJ8Ykdpw6mQ2n3oRrTgXyFqY8v7zC1DsHkEp");
export const NOW = 1_781_098_200; // 2026-06-10 13:30:00 UTC
export const genesisHash = Buffer.alloc(32, 7);

export class World {
  static async create({ deployment = deploymentId("test"), programId = PROGRAM, genesis = genesisHash } = {}) {
    const w = new World();
    w.svm = new LiteSVM();
    w.svm.addProgram(programId, readFileSync(programPath));
    w.program = new OracleFeeds(programId);
    w.deployment = deployment;
    w.genesisHash = genesis;
    w.setTime(NOW);
    [w.payer, w.base, w.owner, w.guardian, w.stranger] = await Promise.all(Array.from({ length: 5 }, () => generateKeyPairSigner()));
    for (const s of [w.payer, w.owner]) w.svm.airdrop(s.address, lamports(100_000_000_000n));
    w.registry = await w.program.addressOf(w.base.address, w.program.registrySeed(deployment));
    w.feeds = [];
    return w;
  }

  /** A world with a registry, signer key 1 at epoch 1, and `count` feeds of that unit. */
  static async ready(count = 1, { unit = 1, ...options } = {}) {
    const w = await World.create(options);
    w.must(await w.send([w.createRegistry(), w.initRegistry()]));
    w.signer = testKey(1);
    w.must(await w.rotate(1, [w.signer]));
    for (let i = 0; i < count; i++) await w.addFeed({ identity: `figi:BBG00000000${i}@XNAS`, quote: "USD", unit, decimals: 8 });
    return w;
  }

  setTime(unixSeconds, slot) {
    const clock = this.svm.getClock();
    clock.unixTimestamp = BigInt(unixSeconds);
    if (slot !== undefined) clock.slot = BigInt(slot);
    this.svm.setClock(clock);
  }

  rent = (size) => this.svm.minimumBalanceForRentExemption(size);

  createRegistry = (options = {}) =>
    this.program.create({ payer: this.payer, base: this.base, seed: this.program.registrySeed(this.deployment), to: this.registry, size: REGISTRY_SIZE, lamports: this.rent(REGISTRY_SIZE), ...options });

  initRegistry = (options = {}) =>
    this.program.initRegistry({
      registry: this.registry, base: this.base, deployment: this.deployment, genesisHash: this.genesisHash, owner: this.owner.address,
      guardian: this.guardian.address, ...options,
    });

  proof = (signer, epoch, index, at) => {
    const message = proofMessage({ deployment: this.deployment, genesisHash: this.genesisHash, program: key(this.program.program), epoch, index, publicKey: signer.publicKey });
    return ed25519Instruction({ index: at, publicKey: signer.publicKey, signature: signer.sign(message), message });
  };


  async rotate(epoch, signers, { threshold = signers.length, overlap = 0 } = {}) {
    for (const [index, s] of signers.entries()) {
      const added = await this.send([
        this.proof(s, epoch, index, 0),
        this.program.addSigner({ registry: this.registry, owner: this.owner, instructionIndex: 0, epoch, index, publicKey: s.publicKey }),
      ]);
      if (!added.ok) return added;
    }
    return this.send([this.program.activateSigners({ registry: this.registry, owner: this.owner, epoch, threshold, count: signers.length, overlap })]);
  }

  async newFeed(terms) {
    const id = feedId(terms), tag = id.subarray(0, 8), seed = this.program.feedSeed(this.deployment, tag);
    return { ...terms, id, tag, seed, address: await this.program.addressOf(this.base.address, seed) };
  }

  createFeed = (feed, options = {}) =>
    this.program.create({ payer: this.payer, base: this.base, seed: feed.seed, to: feed.address, size: FEED_SIZE, lamports: this.rent(FEED_SIZE), ...options });

  initFeed = (feed, options = {}) => {
    const { identity, quote, unit, decimals } = feed;
    return this.program.initFeed({ registry: this.registry, owner: this.owner, feed: feed.address, identity, quote, unit, decimals, ...options });
  };

  async addFeed(terms, options = {}) {
    const feed = await this.newFeed(terms);
    this.must(await this.send([this.createFeed(feed), this.initFeed(feed, options)]));
    this.feeds.push(feed);
    return feed;
  }

  /** A feed that is not among `feeds`. */
  async addFeedAside(terms, options) {
    const feed = await this.addFeed(terms, options);
    this.feeds.pop();
    return feed;
  }

  record = (feed, more = {}) => encodeRecord({ tag: feed.tag, price: 32_041_500_000n, confidence: 12_500, bid: 32_041_000_000n, ask: 32_042_000_000n, ema: 32_000_000_000n, observedAt: NOW * 1000 - 500, ...more });

  batch = (more = {}) =>
    new Batch({ deployment: this.deployment, sequence: BigInt(NOW * 1000) * 16n, records: this.feeds.map((f) => this.record(f)), ...more });

  /** Ed25519 instructions and the submit that refers to them. */
  submission(batch, { first, level, feeds = this.feeds, signers = [[0, this.signer]], at = 0, ...more } = {}) {
    const checks = signers.map(([, s], i) => ed25519Instruction({ index: at + i, publicKey: s.publicKey, signature: s.sign(batch.message), message: batch.message }));
    const run = feeds.slice(first ?? 0, (first ?? 0) + batch.run(first, level).length);
    return [
      ...checks,
      this.program.submit({
        registry: this.registry, feeds: run.map((f) => f.address), references: signers.map(([index], i) => [at + i, index]), envelope: batch.envelope(first, level), ...more,
      }),
    ];
  }

  submit = async (batch, options) => this.send(this.submission(batch, options));

  async send(instructions, { payer = this.payer } = {}) {
    this.svm.expireBlockhash();
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (m) => setTransactionMessageFeePayerSigner(payer, m),
      (m) => this.svm.setTransactionMessageLifetimeUsingLatestBlockhash(m),
      (m) => appendTransactionMessageInstructions(instructions, m),
    );
    return outcome(this.svm.sendTransaction(await signTransactionMessageWithSigners(message)));
  }

  must(result) {
    if (!result.ok) throw new Error(`refused: ${result.error}\n${result.logs.join("\n")}`);
    return result;
  }

  data = (a) => {
    const found = this.svm.getAccount(a.address ?? a);
    return found.exists ? Buffer.from(found.data) : undefined;
  };
}

/** A program that accepts everything: ours with `r0 = 0; exit` written over its entry. */
export function doingNothing() {
  const program = Buffer.from(readFileSync(programPath)), [zero, exit] = ["b700000000000000", "9500000000000000"];
  Buffer.from(zero + exit.repeat(3), "hex").copy(program, Number(program.readBigUInt64LE(24)));
  return program;
}

/** { ok, custom (the program's error number), error (text), reasons (return data), units, logs } */
export function outcome(result) {
  const failed = result instanceof FailedTransactionMetadata;
  const meta = failed ? result.meta() : result;
  const inner = failed ? result.err().err?.() : undefined;
  const returned = Buffer.from(meta.returnData().data());
  return {
    ok: !failed,
    custom: inner?.code,
    instruction: failed ? result.err().index : undefined,
    error: failed ? result.toString() : undefined,
    reasons: returned.length ? [...returned] : undefined,
    units: Number(meta.computeUnitsConsumed()),
    logs: meta.logs(),
  };
}
