// Seeded addresses, as System CreateAccountWithSeed derives them: sha256(base || seed || owner program).
#pragma once

#include "input.h"

#define SEED_REGISTRY 0x7972747369676572ULL // "registry"

// Eight bytes as sixteen lower-case hex digits.
INLINE void write_hex(u8 *to, u64 bytes)
{
    for (int i = 0; i < 16; i++)
    {
        u64 digit = bytes >> (8 * (i >> 1) + (i & 1 ? 0 : 4)) & 15;
        to[i] = (u8)(digit + (digit < 10 ? '0' : 'a' - 10));
    }
}

INLINE int is_seeded(const input *in, const account *a, const hash32 *base, const void *seed, u64 length)
{
    slice slices[3] = {{base, 32}, {seed, length}, {in->program, 32}};
    hash32 address;
    sol_sha256(slices, 3, &address);
    return equal32(&a->key, &address);
}

OUTLINE int is_registry_address(const input *in, const account *a, const hash32 *base, u64 deployment)
{
    u64 seed[3];
    seed[0] = SEED_REGISTRY;
    write_hex((u8 *)&seed[1], deployment);
    return is_seeded(in, a, base, seed, sizeof(seed));
}

OUTLINE int is_feed_address(const input *in, const account *a, const registry *r, u64 tag)
{
    u64 seed[4];
    write_hex((u8 *)&seed[0], r->deployment);
    write_hex((u8 *)&seed[2], tag);
    return is_seeded(in, a, &r->base, seed, sizeof(seed));
}

// Whether the account is ours to initialise: writable, owned by the program, exactly sized, all zero, exempt from rent.
OUTLINE u64 check_fresh(const input *in, const account *a, u64 length)
{
    REFUSE_IF(!a->is_writable, ACCOUNT_NOT_WRITABLE);
    REFUSE_IF(!equal32(&a->owner, in->program), NOT_OUR_ACCOUNT);
    REFUSE_IF(a->length != length, BAD_ACCOUNT);
    const u64 *word = (const u64 *)a->data;
    for (u64 i = 0; i < length / 8; i++)
        REFUSE_IF(word[i] != 0, ALREADY_INITIALISED);

    // The threshold is a double. Its exponent is enough: clusters use 1 or 2, anything between two powers of two is
    // rounded up, and without a mantissa there is no floating point.
    rent_parameters rent;
    REFUSE_IF(sol_get_rent_sysvar(&rent) != 0, RENT_UNAVAILABLE);
    u64 exponent = rent.exemption_threshold >> 52;
    if ((rent.exemption_threshold << 12) != 0)
        exponent++;
    REFUSE_IF(exponent < 1023 || exponent > 1023 + 8 || rent.lamports_per_byte_year >> 32, RENT_UNAVAILABLE);
    REFUSE_IF(a->lamports < (length + 128) * rent.lamports_per_byte_year << (exponent - 1023), NOT_RENT_EXEMPT);
    return OK;
}
