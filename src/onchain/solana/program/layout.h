// The accounts of this program (README.md has them as tables). Little-endian, every word aligned.
#pragma once

#include "sbf.h"

// The first word of an account: five letters, version, flags, and of a feed the type of the stored record. One comparison then
// says: ours, of this version, not paused, holding a record like the one that comes.
#define LETTERS_AND_VERSION 0x0000ffffffffffffULL
#define REGISTRY_HEAD 0x0000026765524e4fULL // "ONReg", version 2
#define FEED_HEAD 0x0000026465464e4fULL     // "ONFed", version 2
#define FLAG_PAUSED 1
#define FLAGS_SHIFT 48
#define STORED_TYPE_SHIFT 56

#define MAX_SIGNERS 16
// What one unit of a feed's price buys, by number; bit n of the second is set when records of unit n are token records.
#define MAX_UNIT 8
#define TOKEN_UNITS (1 << 2 | 1 << 3 | 1 << 4 | 1 << 6)
#define RECORD_ROOM 112

typedef struct
{
    u32 epoch; // 0: no set
    u8 threshold;
    u8 count;
    u16 revoked;
    i64 valid_until; // Unix s, 0: no end
    hash32 key[MAX_SIGNERS];
} signer_set;

typedef union
{
    u64 word;
    struct
    {
        u8 letters_and_version[6];
        u8 flags;
        u8 stored_type; // 0: nothing stored yet
    };
} account_head;

typedef struct
{
    account_head head;
    u64 revoked_keys; // three bits of every key ever revoked: what add_signer refuses
    u64 deployment; // the signed bytes as they are
    hash32 genesis_hash;
    hash32 base;
    hash32 owner;
    hash32 pending_owner;
    hash32 guardian;
    u64 max_future_millis;
    u64 max_attestation_age_millis;
    u64 closed_sequence; // the highest that a feed closed since had stored; a feed without a record takes newer ones only
    signer_set current;
    signer_set previous;
    signer_set pending;
} registry;

typedef struct
{
    account_head head;
    u8 unit;
    u8 decimals;
    u8 reserved0[6];
    hash32 id;
    hash32 registry;
    i64 min_price;
    i64 max_price;
    u64 sequence;
    u64 round; // the sequence with which the stored observation first came
    u64 slot;
    u64 observed_at; // that of the record, Unix ms
    u8 record[RECORD_ROOM]; // 110 used
} feed;

_Static_assert(sizeof(signer_set) == 528, "signer set");
_Static_assert(sizeof(registry) == 1792, "registry account");
_Static_assert(__builtin_offsetof(registry, current) == 208, "registry account");
_Static_assert(sizeof(feed) == 240, "feed account");
_Static_assert(__builtin_offsetof(feed, record) == 128, "feed account");
