import assert from "node:assert/strict";

// Custom(n), as README.md lists them.
export const errors = {
  BadInstruction: 1, WrongAccountCount: 2, DuplicateAccount: 3, AccountNotWritable: 4, MissingSignature: 5, NotOurAccount: 6, BadAccount: 7,
  AlreadyInitialised: 8, WrongAddress: 9, NotRentExempt: 10, NotAuthorised: 11, BadLimits: 12, BadIdentity: 13, BadBounds: 14, BadEpoch: 15,
  BadSignerIndex: 16, BadSignerKey: 17, BadThreshold: 18, BadOverlap: 19, BadInstructionsSysvar: 20, NoSuchInstruction: 21, NotEd25519: 22,
  BadEd25519Layout: 23, WrongKey: 24, WrongMessage: 25, BadEnvelope: 26, WrongDeployment: 27, UnknownEpoch: 28, SignerIndexesNotAscending: 29,
  NoSuchSigner: 30, SignerRevoked: 31, BelowThreshold: 32, AttestedInFuture: 33, AttestedTooLongAgo: 34, RegistryPaused: 35, ClockUnavailable: 36,
  RentUnavailable: 37,
};

export const reasons = {
  UnknownFeed: 1, OtherFeed: 2, NotWritable: 3, Paused: 4, NotNewer: 5, ObservedBack: 6, ObservedAhead: 7, OutOfBounds: 8, BadEncoding: 9, WrongType: 10,
};

const nameOf = (code) => Object.keys(errors).find((n) => errors[n] === code) ?? (code >= 256 ? `NothingStored(${code - 256})` : code);

export function stored(result) {
  assert.equal(result.ok, true, result.error);
  assert.equal(result.reasons, undefined, `skipped: ${result.reasons}`);
  return result;
}

export function refused(result, name) {
  assert.equal(result.ok, false, "was accepted");
  assert.equal(nameOf(result.custom), name, result.error);
  return result;
}

/** Every record was skipped, the first one for this reason. */
export function nothingStored(result, name) {
  assert.equal(result.ok, false, "was accepted");
  assert.equal(result.custom, 256 + reasons[name], result.error);
  assert.equal(result.reasons?.[0] ?? reasons[name], reasons[name]);
  return result;
}
