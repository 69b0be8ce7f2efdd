// The registry: initialising, limits, owner and guardian.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { AccountRole, generateKeyPairSigner } from "@solana/kit";
import { refused, stored } from "./support/expect.mjs";
import { key, read, REGISTRY_SIZE, SYSTEM_PROGRAM, u8, write } from "./support/program.mjs";
import { deploymentId } from "./support/signed.mjs";
import { genesisHash, World } from "./support/world.mjs";

let w;
beforeEach(async () => {
  w = await World.create();
});

const unsigned = (instruction, index) => ({ ...instruction, accounts: instruction.accounts.map((a, i) => (i === index ? read(a.address) : a)) });
const ready = async () => void w.must(await w.send([w.createRegistry(), w.initRegistry()]));

test("InitRegistry_Fresh_HoldsWhatWasGiven", async () => {
  await ready();
  const data = w.data(w.registry);
  assert.equal(data.length, 1792);
  assert.equal(data.toString("latin1", 0, 8), "ONReg\x02\0\0");
  assert.deepEqual([...data.subarray(8, 16)], [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(data.subarray(16, 24), w.deployment);
  assert.deepEqual(data.subarray(24, 56), genesisHash);
  assert.deepEqual(data.subarray(56, 88), key(w.base.address));
  assert.deepEqual(data.subarray(88, 120), key(w.owner.address));
  assert.deepEqual(data.subarray(120, 152), Buffer.alloc(32));
  assert.deepEqual(data.subarray(152, 184), key(w.guardian.address));
  assert.equal(data.readBigUInt64LE(184), 30_000n);
  assert.equal(data.readBigUInt64LE(192), 60_000n);
  assert.deepEqual(data.subarray(200), Buffer.alloc(1592));
});

test("InitRegistry_Twice_IsRefused", async () => {
  await ready();
  refused(await w.send([w.initRegistry({ owner: w.stranger.address })]), "AlreadyInitialised");
});

test("InitRegistry_AnyByteOfTheAccountSet_IsRefused", async () => {
  w.must(await w.send([w.createRegistry()]));
  const found = w.svm.getAccount(w.registry);
  for (const at of [0, 7, 8, 1000, 1791]) {
    const data = Buffer.from(found.data);
    data[at] = 1;
    w.svm.setAccount({ ...found, data });
    refused(await w.send([w.initRegistry()]), "AlreadyInitialised");
  }
});

test("InitRegistry_OtherSize_IsRefused", async () => {
  for (const size of [REGISTRY_SIZE - 1n, REGISTRY_SIZE + 1n, REGISTRY_SIZE + 8n]) {
    const v = await World.create();
    refused(await v.send([v.createRegistry({ size, lamports: v.rent(size) }), v.initRegistry()]), "BadAccount");
  }
});

test("InitRegistry_OwnedBySystem_IsRefused", async () =>
  void refused(await w.send([w.createRegistry({ owner: SYSTEM_PROGRAM, to: await addressUnder(SYSTEM_PROGRAM) }), w.initRegistry({ registry: await addressUnder(SYSTEM_PROGRAM) })]), "NotOurAccount"));

async function addressUnder(owner) {
  const { createAddressWithSeed } = await import("@solana/kit");
  return createAddressWithSeed({ baseAddress: w.base.address, seed: w.program.registrySeed(w.deployment), programAddress: owner });
}

test("InitRegistry_ReadOnly_IsRefused", async () => {
  w.must(await w.send([w.createRegistry()]));
  const i = w.initRegistry();
  refused(await w.send([{ ...i, accounts: [read(w.registry), i.accounts[1]] }]), "AccountNotWritable");
});

test("InitRegistry_BaseNotSigning_IsRefused", async () => {
  w.must(await w.send([w.createRegistry()]));
  refused(await w.send([unsigned(w.initRegistry(), 1)]), "MissingSignature");
});

test("InitRegistry_ByAnyoneElse_IsRefused", async () => {
  // Created in an earlier transaction: nobody but the base can initialise it in between.
  w.must(await w.send([w.createRegistry()]));
  refused(await w.send([w.initRegistry({ base: w.stranger })]), "WrongAddress");
});

test("InitRegistry_DeploymentOtherThanInTheAddress_IsRefused", async () =>
  void refused(await w.send([w.createRegistry(), w.initRegistry({ deployment: deploymentId("other") })]), "WrongAddress"));

test("InitRegistry_AccountAtARandomKey_IsRefused", async () => {
  w.must(await w.send([w.createRegistry()]));
  const other = (await generateKeyPairSigner()).address, found = w.svm.getAccount(w.registry);
  w.svm.setAccount({ ...found, address: other });
  refused(await w.send([w.initRegistry({ registry: other })]), "WrongAddress");
});

test("InitRegistry_BelowRentExemption_IsRefused", async () => {
  w.must(await w.send([w.createRegistry()]));
  const found = w.svm.getAccount(w.registry);
  w.svm.setAccount({ ...found, lamports: found.lamports - 1n });
  refused(await w.send([w.initRegistry()]), "NotRentExempt");
});

test("InitRegistry_OlderRentParameters_AreUnderstood", async () => {
  // 3,480 lamports per byte-year for two years is the same as 6,960 for one; two and a half years are rounded up to four.
  w.must(await w.send([w.createRegistry()]));
  const { Rent } = await import("litesvm"), found = w.svm.getAccount(w.registry);
  const set = (lamports) => w.svm.setAccount({ ...found, lamports });
  w.svm.setRent(new Rent(3480n, 2.0, 50));
  set(found.lamports - 1n);
  refused(await w.send([w.initRegistry()]), "NotRentExempt");
  w.svm.setRent(new Rent(3480n, 2.5, 50));
  set(found.lamports * 2n - 1n);
  refused(await w.send([w.initRegistry()]), "NotRentExempt");
  set(found.lamports * 2n);
  w.must(await w.send([w.initRegistry()]));
});

test("InitRegistry_AbsurdRentParameters_AreRefused", async () => {
  w.must(await w.send([w.createRegistry()]));
  const { Rent } = await import("litesvm"), payer = w.svm.getAccount(w.payer.address);
  w.svm.setAccount({ ...payer, lamports: 10n ** 16n });
  for (const [perByte, years] of [[3480n, 0.5], [3480n, 1024], [2n ** 33n, 2]]) {
    w.svm.setRent(new Rent(perByte, years, 50));
    const r = await w.send([w.initRegistry()]);
    refused(r, "RentUnavailable");
  }
});

test("InitRegistry_NoOwner_IsRefused", async () => void refused(await w.send([w.createRegistry(), w.initRegistry({ owner: SYSTEM_PROGRAM })]), "NotAuthorised"));

const badLimits = [[999, 60_000], [3_600_001, 60_000], [30_000, 999], [30_000, 604_800_001], [2n ** 64n - 1n, 60_000], [30_000, 2n ** 64n - 1n]];
const goodLimits = [[1_000, 1_000], [3_600_000, 604_800_000]];

test("InitRegistry_LimitsOutsideTheirOwnBounds_AreRefused", async () => {
  for (const [maxFuture, maxAge] of badLimits) refused(await w.send([w.createRegistry(), w.initRegistry({ maxFuture, maxAge })]), "BadLimits");
  for (const [maxFuture, maxAge] of goodLimits) {
    const v = await World.create();
    v.must(await v.send([v.createRegistry(), v.initRegistry({ maxFuture, maxAge })]));
  }
});

test("SetLimits_ByTheOwnerWithinBounds_Applies", async () => {
  await ready();
  const set = (maxFuture, maxAge, owner = w.owner) => w.program.setLimits({ registry: w.registry, owner, maxFuture, maxAge });
  for (const [f, a] of badLimits) refused(await w.send([set(f, a)]), "BadLimits");
  for (const [f, a] of goodLimits) {
    w.must(await w.send([set(f, a)]));
    assert.equal(w.data(w.registry).readBigUInt64LE(184), BigInt(f));
    assert.equal(w.data(w.registry).readBigUInt64LE(192), BigInt(a));
  }
  refused(await w.send([set(1_000, 1_000, w.guardian)]), "NotAuthorised");
});

test("Owner_ChangesInTwoSteps", async () => {
  await ready();
  const next = w.stranger, propose = (owner, to = next.address) => w.program.proposeOwner({ registry: w.registry, owner, next: to });
  const accept = (by) => w.program.acceptOwner({ registry: w.registry, next: by });
  refused(await w.send([accept(next)]), "NotAuthorised");
  refused(await w.send([propose(next)]), "NotAuthorised");
  refused(await w.send([propose(w.guardian)]), "NotAuthorised");
  w.must(await w.send([propose(w.owner)]));
  refused(await w.send([accept(w.owner)]), "NotAuthorised");
  refused(await w.send([unsigned(accept(next), 1)]), "MissingSignature");
  w.must(await w.send([propose(w.owner, null)]));
  refused(await w.send([accept(next)]), "NotAuthorised");
  w.must(await w.send([propose(w.owner)]));
  w.must(await w.send([accept(next)]));
  assert.deepEqual(w.data(w.registry).subarray(88, 120), key(next.address));
  assert.deepEqual(w.data(w.registry).subarray(120, 152), Buffer.alloc(32));
  refused(await w.send([propose(w.owner)]), "NotAuthorised");
});

test("AcceptOwner_NothingProposed_TheZeroKeyCannotAccept", async () => {
  await ready();
  const i = w.program.acceptOwner({ registry: w.registry, next: w.stranger });
  i.accounts[1] = read(SYSTEM_PROGRAM); // 32 zero bytes
  refused(await w.send([i]), "NotAuthorised");
});

test("SetGuardian_ByTheOwnerOnly", async () => {
  await ready();
  const set = (owner, guardian) => w.program.setGuardian({ registry: w.registry, owner, guardian });
  refused(await w.send([set(w.guardian, w.stranger.address)]), "NotAuthorised");
  w.must(await w.send([set(w.owner, w.stranger.address)]));
  assert.deepEqual(w.data(w.registry).subarray(152, 184), key(w.stranger.address));
  const pause = (by) => w.program.setPaused({ registry: w.registry, by, paused: true });
  refused(await w.send([pause(w.guardian)]), "NotAuthorised");
  w.must(await w.send([pause(w.stranger)]));
});

test("Guardian_None_TheZeroKeyIsNobody", async () => {
  w.must(await w.send([w.createRegistry(), w.initRegistry({ guardian: undefined })]));
  const i = w.program.setPaused({ registry: w.registry, by: w.stranger, paused: true });
  i.accounts[1] = read(SYSTEM_PROGRAM);
  refused(await w.send([i]), "NotAuthorised");
});

test("SetPaused_Registry_GuardianStopsAndOwnerResumes", async () => {
  await ready();
  const set = (by, paused) => w.program.setPaused({ registry: w.registry, by, paused });
  const paused = () => w.data(w.registry)[6];
  refused(await w.send([set(w.stranger, true)]), "NotAuthorised");
  refused(await w.send([unsigned(set(w.guardian, true), 1)]), "MissingSignature");
  stored(await w.send([set(w.guardian, true)]));
  assert.equal(paused(), 1);
  refused(await w.send([set(w.guardian, false)]), "NotAuthorised");
  refused(await w.send([set(w.stranger, false)]), "NotAuthorised");
  stored(await w.send([set(w.owner, false)]));
  assert.equal(paused(), 0);
  stored(await w.send([set(w.owner, true)]));
  assert.equal(paused(), 1);
  refused(await w.send([{ ...set(w.owner, true), accounts: [read(w.registry), set(w.owner, true).accounts[1]] }]), "AccountNotWritable");
  const two = set(w.owner, true);
  two.data[1] = 2;
  refused(await w.send([two]), "BadInstruction");
});

test("EveryInstruction_ByteOrAccountMoreOrLess_IsRefused", async () => {
  await ready();
  const all = [
    w.initRegistry(), w.program.activateSigners({ registry: w.registry, owner: w.owner, epoch: 1, threshold: 1, count: 1 }),
    w.program.revoke({ registry: w.registry, by: w.owner, epoch: 1, index: 0 }), w.program.setPaused({ registry: w.registry, by: w.owner, paused: true }),
    w.program.setLimits({ registry: w.registry, owner: w.owner, maxFuture: 1_000, maxAge: 1_000 }),
    w.program.proposeOwner({ registry: w.registry, owner: w.owner, next: w.stranger.address }), w.program.acceptOwner({ registry: w.registry, next: w.stranger }),
    w.program.setGuardian({ registry: w.registry, owner: w.owner }),
    w.program.addSigner({ registry: w.registry, owner: w.owner, instructionIndex: 0, epoch: 1, index: 0, publicKey: Buffer.alloc(32) }),
    w.program.setBounds({ registry: w.registry, owner: w.owner, feed: w.stranger.address, min: 1, max: 2 }),
    w.program.closeFeed({ registry: w.registry, owner: w.owner, feed: w.stranger.address }),
  ];
  for (const i of all) {
    refused(await w.send([{ ...i, data: Buffer.concat([i.data, u8(0)]) }]), "BadInstruction");
    refused(await w.send([{ ...i, data: i.data.subarray(0, -1) }]), "BadInstruction");
    refused(await w.send([{ ...i, accounts: i.accounts.slice(0, 1) }]), "WrongAccountCount");
    if (i.data[0] !== 7) refused(await w.send([{ ...i, accounts: [...i.accounts, write((await generateKeyPairSigner()).address)] }]), "WrongAccountCount");
  }
});

test("EveryAdministrativeInstruction_RegistryReadOnlyForeignOrMalformed_IsRefused", async () => {
  await ready();
  const other = (await generateKeyPairSigner()).address, found = w.svm.getAccount(w.registry);
  const all = [
    [true, w.program.addSigner({ registry: w.registry, owner: w.owner, instructionIndex: 0, epoch: 1, index: 0, publicKey: Buffer.alloc(32) })],
    [true, w.program.activateSigners({ registry: w.registry, owner: w.owner, epoch: 1, threshold: 1, count: 1 })],
    [true, w.program.revoke({ registry: w.registry, by: w.owner, epoch: 1, index: 0 })],
    [false, w.program.setPaused({ registry: w.registry, by: w.owner, paused: true })],
    [true, w.program.setLimits({ registry: w.registry, owner: w.owner, maxFuture: 1_000, maxAge: 1_000 })],
    [true, w.program.proposeOwner({ registry: w.registry, owner: w.owner, next: w.stranger.address })],
    [true, w.program.acceptOwner({ registry: w.registry, next: w.stranger })],
    [true, w.program.setGuardian({ registry: w.registry, owner: w.owner })],
    [false, w.initFeed(await w.newFeed({ identity: "x", quote: "USD", unit: 1, decimals: 8 }))],
    [false, w.program.setBounds({ registry: w.registry, owner: w.owner, feed: w.stranger.address, min: 1, max: 2 })],
    [false, w.program.closeFeed({ registry: w.registry, owner: w.owner, feed: w.stranger.address })],
  ];
  for (const [written, i] of all) {
    const on = (a) => w.send([{ ...i, accounts: [a, ...i.accounts.slice(1)] }]);
    w.svm.setAccount({ ...found, address: other, programAddress: SYSTEM_PROGRAM });
    refused(await on(write(other)), "NotOurAccount");
    w.svm.setAccount({ ...found, address: other, data: Buffer.from(found.data).fill(1, 5, 6) });
    refused(await on(write(other)), "BadAccount");
    if (written) refused(await on(read(w.registry)), "AccountNotWritable");
    if (i.data[0] !== 11) {
      // The owner's key, but not its signature; and a stranger's signature.
      const at = 1;
      refused(await w.send([unsigned(i, at)]), "MissingSignature");
      const stranger = { address: w.stranger.address, role: i.accounts[at].role, signer: w.stranger };
      if (i.accounts.every((a) => a.address !== stranger.address)) refused(await w.send([{ ...i, accounts: i.accounts.map((a, n) => (n === at ? stranger : a)) }]), "NotAuthorised");
    }
  }
});

test("UnknownOpcodeOrNoData_IsRefused", async () => {
  for (const data of [[], [0], [14], [255], [0, 1, 2]])
    refused(await w.send([{ programAddress: w.program.program, accounts: [{ address: w.stranger.address, role: AccountRole.READONLY }], data: Buffer.from(data) }]), "BadInstruction");
});
