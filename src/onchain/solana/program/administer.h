// What the owner and the guardian may do. The guardian can only stop: pause, and revoke signers.
#pragma once

#include "address.h"
#include "ed25519.h"

enum
{
    MIN_LIMIT_MILLIS = 1000,
    MAX_FUTURE_MILLIS = 3600000,
    MAX_AGE_MILLIS = 604800000,
    MAX_OVERLAP_SECONDS = 2592000,
    MAX_QUOTE_LENGTH = 16,
    DECIMALS = 8,
    ALL_SIGNERS = 255,
    KIND_SOLANA = 2,
    EDWARDS = 0,
    MULTIPLY = 2,
};

INLINE int limits_allowed(u64 future_millis, u64 age_millis)
{
    return future_millis >= MIN_LIMIT_MILLIS && future_millis <= MAX_FUTURE_MILLIS && age_millis >= MIN_LIMIT_MILLIS && age_millis <= MAX_AGE_MILLIS;
}

INLINE int bounds_allowed(i64 min_price, i64 max_price) { return min_price > 0 && min_price <= max_price; }

// deployment 8, genesis hash 32, owner 32, guardian 32, max future 8, max age 8
INLINE u64 init_registry(const input *in)
{
    REFUSE_IF(in->length != 1 + 120, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    account *a = in->account[0];
    const account *base = in->account[1];
    const u8 *data = in->data + 1;
    u64 error = check_fresh(in, a, sizeof(registry));
    if (error)
        return error;
    REFUSE_IF(!base->is_signer, MISSING_SIGNATURE);
    REFUSE_IF(!is_registry_address(in, a, &base->key, load64(data)), WRONG_ADDRESS);
    REFUSE_IF(zero32(data + 40), NOT_AUTHORISED);
    u64 future_millis = load64(data + 104), age_millis = load64(data + 112);
    REFUSE_IF(!limits_allowed(future_millis, age_millis), BAD_LIMITS);

    registry *r = (registry *)a->data;
    r->head.word = REGISTRY_HEAD;
    r->deployment = load64(data);
    copy32(&r->genesis_hash, data + 8);
    copy32(&r->base, &base->key);
    copy32(&r->owner, data + 40);
    copy32(&r->guardian, data + 72);
    r->max_future_millis = future_millis;
    r->max_attestation_age_millis = age_millis;
    return OK;
}

// A good key A has order L, no more and no less, and one encoding: (L - 1) A = -A, compared as bytes, says all of it but for the
// neutral element, whose sign bit some decoders let pass.
OUTLINE int is_good_key(const hash32 *key)
{
    static const u8 order_minus_one[32] = {0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                           0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    hash32 product;
    if (sol_curve_group_op(EDWARDS, MULTIPLY, order_minus_one, key, &product) != 0)
        return 0;
    if (product.word[0] == 1 && (product.word[1] | product.word[2] | product.word[3]) == 0)
        return 0;
    product.word[3] ^= 1ULL << 63; // the sign of x
    return equal32(&product, key);
}

INLINE void clear_set(signer_set *set)
{
    u64 *word = (u64 *)set;
    for (u64 i = 0; i < sizeof(signer_set) / 8; i++)
        word[i] = 0;
}

// A key as three of 64 bits. A revoked key's bits stay set for ever, so that it is known again however long ago it left its set; there is no room
// for the keys themselves. Another key has the same bits by chance (1 in 200 with four keys revoked, 1 in 7 with sixteen) and is refused
// with them: its owner makes another.
INLINE u64 key_bits(const hash32 *key)
{
    u64 w = key->word[0];
    return 1ULL << (w & 63) | 1ULL << (w >> 6 & 63) | 1ULL << (w >> 12 & 63);
}

// instruction index 1, epoch 4, signer index 1, key 32
INLINE u64 add_signer(const input *in)
{
    REFUSE_IF(in->length != 1 + 38, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 3, WRONG_ACCOUNT_COUNT);
    const account *sysvar = in->account[2];
    const u8 *data = in->data + 1;
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;
    REFUSE_IF(!is_instructions_sysvar(&sysvar->key), BAD_INSTRUCTIONS_SYSVAR);

    u32 epoch = load32(data + 1);
    u8 index = data[5];
    hash32 key;
    copy32(&key, data + 6);
    signer_set *set = &r->pending;
    REFUSE_IF(epoch <= r->current.epoch, BAD_EPOCH);
    if (index != 0)
    {
        REFUSE_IF(epoch != set->epoch, BAD_EPOCH);
        REFUSE_IF(index >= MAX_SIGNERS || index != set->count, BAD_SIGNER_INDEX);
        for (u64 i = 0; i < index; i++)
            REFUSE_IF(equal32(&set->key[i], &key), BAD_SIGNER_KEY);
    }
    REFUSE_IF(!is_good_key(&key), BAD_SIGNER_KEY);
    REFUSE_IF((r->revoked_keys & key_bits(&key)) == key_bits(&key), SIGNER_REVOKED);

    // Signed integers are big-endian.
    u8 kind = KIND_SOLANA;
    u32 signed_epoch = __builtin_bswap32(epoch);
    slice slices[7] = {{&r->deployment, 8}, {&kind, 1}, {&r->genesis_hash, 32}, {in->program, 32}, {&signed_epoch, 4}, {&index, 1}, {&key, 32}};
    hash32 digest;
    sol_keccak256(slices, 7, &digest);
    error = check_ed25519(sysvar, data[0], &key, DOMAIN_PROOF, &digest);
    if (error)
        return error;

    if (index == 0)
        clear_set(set);
    set->epoch = epoch;
    set->count = (u8)(index + 1);
    copy32(&set->key[index], &key);
    return OK;
}

// epoch 4, threshold 1, count 1, overlap 4
INLINE u64 activate_signers(const input *in)
{
    REFUSE_IF(in->length != 1 + 10, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    const u8 *data = in->data + 1;
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;

    u32 epoch = load32(data), overlap_seconds = load32(data + 6);
    u8 threshold = data[4];
    REFUSE_IF(epoch <= r->current.epoch || epoch != r->pending.epoch, BAD_EPOCH);
    REFUSE_IF(data[5] != r->pending.count, BAD_SIGNER_INDEX);
    REFUSE_IF(threshold == 0 || threshold > r->pending.count, BAD_THRESHOLD);
    REFUSE_IF(overlap_seconds > MAX_OVERLAP_SECONDS, BAD_OVERLAP);

    if (overlap_seconds == 0 || r->current.epoch == 0)
        clear_set(&r->previous);
    else
    {
        cluster_clock clock;
        error = read_clock(&clock);
        if (error)
            return error;
        r->previous = r->current;
        r->previous.valid_until = clock.unix_seconds + overlap_seconds;
    }
    r->current = r->pending;
    r->current.threshold = threshold;
    clear_set(&r->pending);
    return OK;
}

// Wherever the key is.
INLINE void revoke_key(registry *r, const hash32 *key)
{
    r->revoked_keys |= key_bits(key);
    signer_set *set = &r->current;
    for (u64 s = 0; s < 3; s++, set++) // current, previous, pending are neighbours
        for (u64 i = 0; i < set->count; i++)
            if (equal32(&set->key[i], key))
                set->revoked |= (u16)(1U << i);
}

// epoch 4, signer index 1. One key ends in every set and is never added again; all of an epoch (255) ends the epoch alone.
INLINE u64 revoke(const input *in)
{
    REFUSE_IF(in->length != 1 + 5, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner_or_guardian(in->account[1], r);
    if (error)
        return error;

    u32 epoch = load32(in->data + 1);
    u8 index = in->data[5];
    REFUSE_IF(epoch == 0, UNKNOWN_EPOCH);
    signer_set *set = epoch == r->current.epoch ? &r->current : epoch == r->previous.epoch ? &r->previous : &r->pending;
    REFUSE_IF(epoch != set->epoch, UNKNOWN_EPOCH);
    REFUSE_IF(index != ALL_SIGNERS && index >= set->count, NO_SUCH_SIGNER);
    if (index == ALL_SIGNERS)
        set->revoked = 0xffff;
    else
    {
        hash32 key;
        copy32(&key, &set->key[index]);
        revoke_key(r, &key);
    }
    return OK;
}

INLINE int is_printable(const u8 *text, u64 length)
{
    for (u64 i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return 0;
    return 1;
}

// Everything before the bounds is, byte for byte, what the feed id is the hash of.
INLINE u64 init_feed(const input *in)
{
    REFUSE_IF(in->accounts != 3, WRONG_ACCOUNT_COUNT);
    account *a = in->account[2];
    const account *registry_account = in->account[0];
    registry *r;
    u64 error = open_registry(in, registry_account, &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;
    error = check_fresh(in, a, sizeof(feed));
    if (error)
        return error;

    const u8 *preimage = in->data + 1, *end = in->data + in->length;
    REFUSE_IF(end - preimage < 1, BAD_INSTRUCTION);
    const u8 *identity = preimage + 1, *identity_end = identity + preimage[0];
    REFUSE_IF(end - identity_end < 1, BAD_INSTRUCTION);
    const u8 *quote = identity_end + 1, *quote_end = quote + identity_end[0];
    REFUSE_IF(end - quote_end != 2 + 16, BAD_INSTRUCTION);
    u8 unit = quote_end[0], decimals = quote_end[1];
    REFUSE_IF(identity == identity_end || quote == quote_end || quote_end - quote > MAX_QUOTE_LENGTH, BAD_IDENTITY);
    REFUSE_IF(!is_printable(identity, (u64)(identity_end - identity)) || !is_printable(quote, (u64)(quote_end - quote)), BAD_IDENTITY);
    REFUSE_IF(unit == 0 || unit > MAX_UNIT || decimals != DECIMALS, BAD_IDENTITY);
    i64 min_price = (i64)load64(quote_end + 2), max_price = (i64)load64(quote_end + 10);
    REFUSE_IF(!bounds_allowed(min_price, max_price), BAD_BOUNDS);

    static const u8 domain[18] = {'O', 'r', 'a', 'c', 'l', 'e', 'N', 'o', 'd', 'e', ' ', 'f', 'e', 'e', 'd', ' ', 'v', '1'};
    slice slices[2] = {{domain, sizeof(domain)}, {preimage, (u64)(quote_end + 2 - preimage)}};
    hash32 id;
    sol_keccak256(slices, 2, &id);
    REFUSE_IF(!is_feed_address(in, a, r, id.word[0]), WRONG_ADDRESS);

    feed *f = (feed *)a->data;
    f->head.word = FEED_HEAD;
    f->unit = unit;
    f->decimals = decimals;
    copy32(&f->id, &id);
    copy32(&f->registry, &registry_account->key);
    f->min_price = min_price;
    f->max_price = max_price;
    return OK;
}

// paused 1
INLINE u64 set_paused(const input *in)
{
    REFUSE_IF(in->length != 2 || in->data[1] > 1, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts < 2, WRONG_ACCOUNT_COUNT);
    const account *registry_account = in->account[0];
    u8 paused = in->data[1];
    registry *r;
    u64 error = open_registry(in, registry_account, &r);
    if (error)
        return error;
    error = paused ? require_owner_or_guardian(in->account[1], r) : require_owner(in->account[1], r);
    if (error)
        return error;

    if (in->accounts == 2)
    {
        REFUSE_IF(!registry_account->is_writable, ACCOUNT_NOT_WRITABLE);
        r->head.flags = paused;
    }
    for (u64 i = 2; i < in->accounts; i++)
    {
        feed *f;
        error = open_writable_feed(in, in->account[i], registry_account, &f);
        if (error)
            return error;
        f->head.flags = paused;
    }
    return OK;
}

// min price 8, max price 8
INLINE u64 set_bounds(const input *in)
{
    REFUSE_IF(in->length != 1 + 16, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 3, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;
    feed *f;
    error = open_writable_feed(in, in->account[2], in->account[0], &f);
    if (error)
        return error;

    i64 min_price = (i64)load64(in->data + 1), max_price = (i64)load64(in->data + 9);
    REFUSE_IF(!bounds_allowed(min_price, max_price), BAD_BOUNDS);
    f->min_price = min_price;
    f->max_price = max_price;
    return OK;
}

// max future 8, max age 8
INLINE u64 set_limits(const input *in)
{
    REFUSE_IF(in->length != 1 + 16, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;

    u64 future_millis = load64(in->data + 1), age_millis = load64(in->data + 9);
    REFUSE_IF(!limits_allowed(future_millis, age_millis), BAD_LIMITS);
    r->max_future_millis = future_millis;
    r->max_attestation_age_millis = age_millis;
    return OK;
}

// owner 32
INLINE u64 propose_owner(const input *in)
{
    REFUSE_IF(in->length != 1 + 32, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;
    copy32(&r->pending_owner, in->data + 1);
    return OK;
}

INLINE u64 accept_owner(const input *in)
{
    REFUSE_IF(in->length != 1, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    REFUSE_IF(zero32(&r->pending_owner), NOT_AUTHORISED);
    error = require_signer(in->account[1], &r->pending_owner);
    if (error)
        return error;
    copy32(&r->owner, &r->pending_owner);
    hash32 none = {{0}};
    copy32(&r->pending_owner, &none);
    return OK;
}

// guardian 32
INLINE u64 set_guardian(const input *in)
{
    REFUSE_IF(in->length != 1 + 32, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 2, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(in->account[1], r);
    if (error)
        return error;
    copy32(&r->guardian, in->data + 1);
    return OK;
}

// Without lamports the runtime drops the account after the transaction; zeroed, nothing later in it can take it for a feed. Its sequence
// stays in the registry, so that the feed opened again does not take what was signed before.
INLINE u64 close_feed(const input *in)
{
    REFUSE_IF(in->length != 1, BAD_INSTRUCTION);
    REFUSE_IF(in->accounts != 3, WRONG_ACCOUNT_COUNT);
    account *owner = in->account[1], *a = in->account[2];
    registry *r;
    u64 error = open_writable_registry(in, in->account[0], &r);
    if (error)
        return error;
    error = require_owner(owner, r);
    if (error)
        return error;
    REFUSE_IF(!owner->is_writable, ACCOUNT_NOT_WRITABLE);
    feed *f;
    error = open_writable_feed(in, a, in->account[0], &f);
    if (error)
        return error;

    if (f->sequence > r->closed_sequence)
        r->closed_sequence = f->sequence;
    u64 *word = (u64 *)a->data;
    for (u64 i = 0; i < sizeof(feed) / 8; i++)
        word[i] = 0;
    owner->lamports += a->lamports; // the sum of all lamports fits a word, as the runtime checks
    a->lamports = 0;
    return OK;
}
