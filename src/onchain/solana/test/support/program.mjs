// Our instructions as a client would build them from README.md.

import { AccountRole, address, createAddressWithSeed, getAddressEncoder } from "@solana/kit";
import { getCreateAccountWithSeedInstruction } from "@solana-program/system";
import { pathNodes } from "./signed.mjs";

export const ED25519_PROGRAM = address("Ed25519SigVerify111111111111111111111111111");
export const INSTRUCTIONS_SYSVAR = address("Sysvar1nstructions1111111111111111111111111");
export const CLOCK_SYSVAR = address("SysvarC1ock11111111111111111111111111111111");
export const SYSTEM_PROGRAM = address("11111111111111111111111111111111");
export const REGISTRY_SIZE = 1792n;
export const FEED_SIZE = 240n;

export const key = (a) => Buffer.from(getAddressEncoder().encode(a));
export const u8 = (n) => Buffer.from([n]);
export const u16 = (n) => { const b = Buffer.alloc(2); b.writeUInt16LE(n); return b; };
export const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
export const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64LE(BigInt.asUintN(64, BigInt(n))); return b; };

export const read = (a) => ({ address: a, role: AccountRole.READONLY });
export const write = (a) => ({ address: a, role: AccountRole.WRITABLE });
export const sign = (signer) => ({ address: signer.address, role: AccountRole.READONLY_SIGNER, signer });
export const signWrite = (signer) => ({ address: signer.address, role: AccountRole.WRITABLE_SIGNER, signer });

const text = (t) => Buffer.concat([u8(t.length), Buffer.from(t, "latin1")]);

export class OracleFeeds {
  constructor(program) {
    this.program = program;
  }

  instruction(accounts, ...data) {
    return { programAddress: this.program, accounts, data: Buffer.concat(data) };
  }

  registrySeed = (deployment) => "registry" + deployment.toString("hex");
  feedSeed = (deployment, tag) => deployment.toString("hex") + tag.toString("hex");
  addressOf = (base, seed) => createAddressWithSeed({ baseAddress: base, seed, programAddress: this.program });

  create({ payer, base, seed, to, size, lamports, owner = this.program }) {
    return getCreateAccountWithSeedInstruction({
      payer, baseAccount: base, base: base.address, newAccount: to, seed, amount: lamports, space: size, programAddress: owner,
    });
  }

  initRegistry({ registry, base, deployment, genesisHash, owner, guardian, maxFuture = 30_000, maxAge = 60_000 }) {
    return this.instruction([write(registry), sign(base)], u8(1), deployment, genesisHash, key(owner), guardian ? key(guardian) : Buffer.alloc(32), u64(maxFuture), u64(maxAge));
  }

  addSigner({ registry, owner, instructionIndex, epoch, index, publicKey, sysvar = INSTRUCTIONS_SYSVAR }) {
    return this.instruction([write(registry), sign(owner), read(sysvar)], u8(2), u8(instructionIndex), u32(epoch), u8(index), publicKey);
  }

  activateSigners({ registry, owner, epoch, threshold, count, overlap = 0 }) {
    return this.instruction([write(registry), sign(owner)], u8(3), u32(epoch), u8(threshold), u8(count), u32(overlap));
  }

  revoke({ registry, by, epoch, index }) {
    return this.instruction([write(registry), sign(by)], u8(4), u32(epoch), u8(index));
  }

  initFeed({ registry, owner, feed, identity, quote, unit, decimals, min = 1, max = 10n ** 15n }) {
    return this.instruction([read(registry), sign(owner), write(feed)], u8(5), text(identity), text(quote), u8(unit), u8(decimals), u64(min), u64(max));
  }

  submit({ registry, feeds, references, envelope, clock = CLOCK_SYSVAR, sysvar = INSTRUCTIONS_SYSVAR, nodes = pathNodes(envelope) }) {
    return this.instruction([read(registry), read(clock), read(sysvar), ...feeds.map(write)], u8(6), u8(references.length), u8(nodes), Buffer.from(references.flat()), envelope);
  }

  setPaused({ registry, by, paused, feeds = [] }) {
    return this.instruction([feeds.length ? read(registry) : write(registry), sign(by), ...feeds.map(write)], u8(7), u8(paused ? 1 : 0));
  }

  setBounds = ({ registry, owner, feed, min, max }) => this.instruction([read(registry), sign(owner), write(feed)], u8(8), u64(min), u64(max));
  setLimits = ({ registry, owner, maxFuture, maxAge }) => this.instruction([write(registry), sign(owner)], u8(9), u64(maxFuture), u64(maxAge));
  proposeOwner = ({ registry, owner, next }) => this.instruction([write(registry), sign(owner)], u8(10), next ? key(next) : Buffer.alloc(32));
  acceptOwner = ({ registry, next }) => this.instruction([write(registry), sign(next)], u8(11));
  setGuardian = ({ registry, owner, guardian }) => this.instruction([write(registry), sign(owner)], u8(12), guardian ? key(guardian) : Buffer.alloc(32));
  closeFeed = ({ registry, owner, feed }) => this.instruction([write(registry), signWrite(owner), write(feed)], u8(13));
}

/** The Ed25519 native program's instruction in the one layout that we accept; `index` is its own position. */
export function ed25519Instruction({ index, publicKey, signature, message }) {
  const header = Buffer.concat([u8(1), u8(0), u16(48), u16(index), u16(16), u16(index), u16(112), u16(message.length), u16(index)]);
  return { programAddress: ED25519_PROGRAM, accounts: [], data: Buffer.concat([header, publicKey, signature, message]) };
}
