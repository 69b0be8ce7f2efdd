// The canonical record: one encoding per value. Offsets and rules are those of Updates/README.md.
#pragma once

#include "sbf.h"

enum
{
    SHARE_TYPE = 1,
    TOKEN_TYPE = 2,
    SHARE_LENGTH = 65,
    TOKEN_LENGTH = 110,
};

#define ABSENT (-(1LL << 47))
#define I64_MAX 0x7fffffffffffffffLL

// 0 for an unknown type.
INLINE u64 record_length(u8 type) { return type == SHARE_TYPE ? SHARE_LENGTH : type == TOKEN_TYPE ? TOKEN_LENGTH : 0; }

INLINE u64 record_tag(const u8 *record) { return load64(record + 1); }
INLINE i64 record_price(const u8 *record) { return (i64)load64be(record + 9); }
INLINE u64 record_observed_at(const u8 *record) { return load48be(record + 50); }

// Whether bytes of a known type and length are canonical.
INLINE int is_canonical(const u8 *record)
{
    i64 price = record_price(record);
    if (price <= 0)
        return 0;

    i64 bid = load48be_signed(record + 23), ask = load48be_signed(record + 29), ema = load48be_signed(record + 35);
    if (bid != ABSENT && ask != ABSENT)
    {
        if (bid > ask || bid <= -price || ask > I64_MAX - price) // 0 < bid <= ask <= I64_MAX
            return 0;
    }
    else if (bid != ask)
        return 0;
    if (ema != ABSENT && (ema <= -price || ema > I64_MAX - price))
        return 0;

    u64 session = record[41] >> 4, closed_reason = record[41] & 15, halt_reason = record[42] >> 4, state = record[42] & 15;
    if (session > 5 || closed_reason > 5 || (closed_reason != 0 && session != 5))
        return 0;
    if (halt_reason > 9 || state == 0 || state > 7)
        return 0;
    if (load16(record + 43) != 0) // reserved hold reasons
        return 0;
    if (record[49] > record[47]) // upstreams, sources used
        return 0;
    if (record_observed_at(record) == 0 || load32(record + 61) == 0) // observedAt, maxAge
        return 0;
    if (record[0] == SHARE_TYPE)
        return 1;

    u64 multiplier = load64(record + 65) | load64(record + 73), next = load64(record + 81) | load64(record + 89);
    u64 activation = load40be(record + 97);
    return multiplier != 0 && (next == 0) == (activation == 0) && (i64)load64be(record + 102) > 0;
}

// Copies the record into its room of 112 bytes and clears the rest, in words.
INLINE void store_record(u8 *to, const u8 *record)
{
    u64 *word = (u64 *)to;
    for (int i = 0; i < 8; i++)
        word[i] = load64(record + 8 * i);
    if (record[0] == SHARE_TYPE)
    {
        word[8] = record[64];
        for (int i = 9; i < 14; i++)
            word[i] = 0;
    }
    else
    {
        for (int i = 8; i < 13; i++)
            word[i] = load64(record + 8 * i);
        word[13] = load64(record + 102) >> 16; // bytes 104 to 109
    }
}
