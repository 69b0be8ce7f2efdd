// Proof that the Ed25519 native program checked a message of ours by a key of ours, in this very transaction.
//
// The native program checks whatever its instruction points at, in any instruction, and accepts an instruction with no
// signature at all. So nothing is left open: the instruction has one exact layout, all its indexes are its own, and key and
// message are compared with what we expect. If that instruction runs after us and fails, the whole transaction fails.
#pragma once

#include "errors.h"
#include "sbf.h"

#define MESSAGE_LENGTH 47
#define DOMAIN_HEAD 0x6f4e656c6361724fULL  // "OracleNo", the first 8 of the 15 bytes
#define DOMAIN_BATCH 0x686374614265646fULL // "odeBatch", the last 8
#define DOMAIN_PROOF 0x666f6f725065646fULL // "odeProof"

enum
{
    KEY_AT = 16,
    SIGNATURE_AT = 48,
    MESSAGE_AT = 112,
    ED25519_DATA_LENGTH = MESSAGE_AT + MESSAGE_LENGTH,
};

INLINE int is_instructions_sysvar(const hash32 *key) // Sysvar1nstructions1111111111111111111111111
{
    return key->word[0] == 0x66d17b1817d5a706ULL && key->word[1] == 0xc0c2fd5504d4da35ULL && key->word[2] == 0xa57556218fc624c1ULL &&
           key->word[3] == 0x000000085fcbbadbULL;
}

INLINE int is_clock_sysvar(const hash32 *key) // SysvarC1ock11111111111111111111111111111111
{
    return key->word[0] == 0xc974c71817d5a706ULL && key->word[1] == 0xb65e1d6998635628ULL && key->word[2] == 0x5c6d4b9ba3b85e8bULL &&
           key->word[3] == 0x00000000215b5573ULL;
}

INLINE int is_ed25519_program(const void *key) // Ed25519SigVerify111111111111111111111111111
{
    const u64 *word = key;
    return word[0] == 0xbefb937cd6467d03ULL && word[1] == 0xff408d838f42f912ULL && word[2] == 0x648af42749747005ULL &&
           word[3] == 0x000000804470cafcULL;
}

// The sysvar's data: u16 count, u16 offset per instruction, and at each offset: u16 account count, 33 bytes per account,
// program id, u16 data length, data. Its last two bytes are the current instruction's index.
INLINE u64 check_ed25519(const account *sysvar, u64 index, const hash32 *key, u64 domain, const hash32 *digest)
{
    const u8 *data = sysvar->data;
    REFUSE_IF(index >= load16(data), NO_SUCH_INSTRUCTION);
    u64 offset = load16(data + 2 + 2 * index);
    const u8 *instruction = data + offset;
    REFUSE_IF(load16(instruction) != 0 || !is_ed25519_program(instruction + 2), NOT_ED25519);
    REFUSE_IF(load16(instruction + 34) != ED25519_DATA_LENGTH, BAD_ED25519_LAYOUT);
    REFUSE_IF(offset + 36 + ED25519_DATA_LENGTH > sysvar->length, BAD_ED25519_LAYOUT);

    const u8 *bytes = instruction + 36;
    REFUSE_IF(load64(bytes) != (1ULL | (u64)SIGNATURE_AT << 16 | index << 32 | (u64)KEY_AT << 48), BAD_ED25519_LAYOUT);
    REFUSE_IF(load64(bytes + 8) != (index | (u64)MESSAGE_AT << 16 | (u64)MESSAGE_LENGTH << 32 | index << 48), BAD_ED25519_LAYOUT);
    REFUSE_IF(!equal32(bytes + KEY_AT, key), WRONG_KEY);

    const u8 *message = bytes + MESSAGE_AT;
    REFUSE_IF(load64(message) != DOMAIN_HEAD || load64(message + 7) != domain || !equal32(message + 15, digest), WRONG_MESSAGE);
    return OK;
}
