// The accounts of this program (README.md has them as tables). Little-endian, every word aligned.
#pragma once

#include "sbf.h"

#define REGISTRY_DISCRIMINATOR 0x67655265646f4e4fULL // "ONodeReg"
#define FEED_DISCRIMINATOR 0x64654665646f4e4fULL     // "ONodeFed"
#define LAYOUT_VERSION 1
#define FLAG_PAUSED 1
#define MAX_SIGNERS 16
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

typedef struct
{
    u64 discriminator;
    u8 version;
    u8 flags;
    u8 reserved0[6];
    u64 deployment; // the signed bytes as they are
    hash32 genesis_hash;
    hash32 base;
    hash32 owner;
    hash32 pending_owner;
    hash32 guardian;
    u64 max_future_millis;
    u64 max_attestation_age_millis;
    u64 reserved1;
    signer_set current;
    signer_set previous;
    signer_set pending;
} registry;

typedef struct
{
    u64 discriminator;
    u8 version;
    u8 flags;
    u8 unit;
    u8 decimals;
    u8 record_length; // 0: nothing stored yet
    u8 reserved[3];
    hash32 id;
    hash32 registry;
    i64 min_price;
    i64 max_price;
    u64 sequence;
    u64 attested_at_millis;
    u64 round;
    u64 slot;
    u8 record[RECORD_ROOM]; // 110 used
} feed;

_Static_assert(sizeof(signer_set) == 528, "signer set");
_Static_assert(sizeof(registry) == 1792, "registry account");
_Static_assert(__builtin_offsetof(registry, current) == 208, "registry account");
_Static_assert(sizeof(feed) == 240, "feed account");
_Static_assert(__builtin_offsetof(feed, record) == 128, "feed account");
