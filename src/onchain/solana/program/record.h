// The canonical record: one encoding per value. Offsets and rules are those of Updates/README.md.
//
// Each check is written for the ordinary record first: a price below 2^47 (1.4 million), quotes present, no halt, no reason to be
// closed. Whatever is not ordinary takes one branch more and is judged exactly there.
#pragma once

#include "sbf.h"

enum
{
    SHARE_TYPE = 1,
    TOKEN_TYPE = 2,
    SHARE_LENGTH = 65,
    TOKEN_LENGTH = 110,
    PRICE_AT = 9, // after type and feed tag
    MARKS_AT = 41,
    OBSERVED_AT = 50,
    TERMS_AT = 65,
};

#define ABSENT (-(1LL << 47))
#define I64_MAX 0x7fffffffffffffffLL

// 0 for an unknown type.
INLINE u64 record_length(u64 type) { return type == SHARE_TYPE ? SHARE_LENGTH : type == TOKEN_TYPE ? TOKEN_LENGTH : 0; }

INLINE u64 record_tag(const u8 *record) { return load64(record + 1); }
INLINE i64 record_price(const u8 *record) { return (i64)load64be(record + PRICE_AT); }
INLINE u64 record_observed_at(const u8 *record) { return load48be(record + OBSERVED_AT); }

INLINE int is_absent(const u8 *offset)
{
    FORGET(offset); // seldom asked: better loaded again than kept
    return load48be_signed(offset) == ABSENT;
}

INLINE int wide_offsets_are_canonical(const u8 *record, i64 price)
{
    FORGET(record);
    i64 bid = load48be_signed(record + 23), ask = load48be_signed(record + 29), ema = load48be_signed(record + 35);
    if (bid != ABSENT && ask != ABSENT)
    {
        if (bid > ask || ask > I64_MAX - price) // such a price has no bid of 0 or less
            return 0;
    }
    else if (bid != ask)
        return 0;
    return ema == ABSENT || ema <= I64_MAX - price;
}

// 0 < bid <= ask <= I64_MAX, 0 < ema <= I64_MAX, bid and ask both or neither. The price is above 0.
INLINE int offsets_are_canonical(const u8 *record, i64 price)
{
    if (UNLIKELY(price >= -ABSENT))
        return wide_offsets_are_canonical(record, price);
    i64 bid = load48be_signed(record + 23), ask = load48be_signed(record + 29), ema = load48be_signed(record + 35);
    if (UNLIKELY(bid > ask)) // so is any bid above an absent ask
        return 0;
    if (UNLIKELY(bid + price <= 0) && !(is_absent(record + 23) && is_absent(record + 29))) // so is an absent bid
        return 0;
    return LIKELY(ema + price > 0) || is_absent(record + 35);
}

INLINE int rare_marks_are_canonical(const u8 *record)
{
    FORGET(record);
    u64 session = record[MARKS_AT] >> 4, closed_reason = record[MARKS_AT] & 15, halt_reason = record[MARKS_AT + 1] >> 4, state = record[MARKS_AT + 1] & 15;
    if (session > 5 || closed_reason > 5 || (closed_reason != 0 && session != 5))
        return 0;
    if (halt_reason > 9 || state == 0 || state > 7)
        return 0;
    return load16(record + MARKS_AT + 2) == 0; // reserved hold reasons
}

// Session and closed reason, halt reason and state, reserved hold reasons. As one word the ordinary ones are 0x0000_0t_s0 with
// t 1 to 7 and s 0 to 5: no other bit is set, nor is one after 1 is taken from t and 2 added to s.
INLINE int marks_are_canonical(const u8 *record)
{
    u64 marks = load32(record + MARKS_AT);
    return LIKELY(((marks | (marks - 0x100 + 0x20)) & ~0x770ULL) == 0) || rare_marks_are_canonical(record);
}

INLINE int token_terms_are_canonical(const u8 *record)
{
    u64 multiplier = load64(record + 65) | load64(record + 73), next = load64(record + 81) | load64(record + 89);
    u64 activation = load40be(record + 97);
    return multiplier != 0 && (next == 0 || activation != 0) && (i64)load64be(record + 102) > 0;
}

// Whether the bytes of a record of this type are canonical, but for observedAt, which must not be 0; the price is above 0.
INLINE int is_canonical(const u8 *record, u64 type, i64 price)
{
    return offsets_are_canonical(record, price) && marks_are_canonical(record) && record[49] <= record[47] // upstreams, sources used
           && load32(record + 61) != 0                                                                     // maxAge
           && (type == SHARE_TYPE || token_terms_are_canonical(record));
}

// Copies what follows type and tag, which the room has already, in words; a token's last word overlaps the one before it.
INLINE void copy_values(u8 *to, const u8 *record, u64 type)
{
#pragma unroll
    for (int at = PRICE_AT; at < SHARE_LENGTH; at += 8)
        store64(to + at, load64(record + at));
    if (type == SHARE_TYPE)
        return;
#pragma unroll
    for (int at = TERMS_AT; at < TOKEN_LENGTH - 8; at += 8)
        store64(to + at, load64(record + at));
    store64(to + TOKEN_LENGTH - 8, load64(record + TOKEN_LENGTH - 8));
}
