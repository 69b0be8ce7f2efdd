// Submit: envelope -> leaves -> records root -> header digest -> signatures of the quorum -> store, record by record.
//
// Compute units are its price, so it is written to a budget (compute-units.md). A hash costs 85 and a unit per two bytes, but ten
// at least per slice: a leaf comes with its prefix and is hashed as one slice, and two nodes are neighbours.
#pragma once

#include "ed25519.h"
#include "input.h"
#include "record.h"

enum
{
    ENVELOPE_VERSION = 1,
    DEPLOYMENT_AT = 1,
    EPOCH_AT = 9,
    SEQUENCE_AT = 13,
    COUNT_AT = 21,
    EVIDENCE_AT = 23,
    SIGNATURES_AT = 55,
    FIRST_AT = 56,
    LEVEL_AT = 58,
    PATH_AT = 59,
    HEADER_PREFIX_LENGTH = 23,
    MAX_LEVEL = 16,
    LEAF_PREFIX = 0,
    LEAF_PREFIX_LENGTH = 1,
    SHARE_LEAF = LEAF_PREFIX_LENGTH + SHARE_LENGTH,
    TOKEN_LEAF = LEAF_PREFIX_LENGTH + TOKEN_LENGTH,
    FIRST_FEED = 3,
    MAX_RECORDS = MAX_ACCOUNTS - FIRST_FEED,
};

// Where the first three accounts are when they are what they have to be.
#define REGISTRY_AT 8
#define CLOCK_AT (REGISTRY_AT + SERIALIZED(sizeof(registry)))
#define SYSVAR_AT (CLOCK_AT + SERIALIZED(sizeof(cluster_clock)))
#define FEED_STRIDE SERIALIZED(sizeof(feed))
#define WRITABLE_ACCOUNT 0x000100ff // not a duplicate, no signer, writable, not executable

// Working memory, on the heap because the compiler allows 512 bytes of stack. At a constant address, it takes no register.
typedef struct
{
    slice slices[3];
    hash32 digest;
    hash32 node[MAX_RECORDS];
    u8 reason[MAX_RECORDS];
    u64 skipped;
    // Of the run being stored: where it begins, and where the reason of its first record goes.
    const u8 *run;
    u8 *run_reason;
} scratch;

#define SCRATCH ((scratch *)HEAP)

// 0 for an unknown type.
INLINE u64 leaf_length(u64 type) { return type == SHARE_TYPE ? SHARE_LEAF : type == TOKEN_TYPE ? TOKEN_LEAF : 0; }

// A submit is known by its second account: the Clock sysvar never has a part in another instruction.
INLINE int is_submit(const u8 *raw)
{
    const account *first = (const account *)(raw + REGISTRY_AT), *clock = (const account *)(raw + CLOCK_AT);
    return load64(raw) - (FIRST_FEED + 1) < MAX_RECORDS && first->length == sizeof(registry) && clock->not_duplicate == NOT_DUPLICATE &&
           is_clock_sysvar(&clock->key) && clock->length == sizeof(cluster_clock);
}

// Why is_submit said no to the instruction of that name.
INLINE u64 why_no_submit(const input *in)
{
    REFUSE_IF(in->accounts <= FIRST_FEED, WRONG_ACCOUNT_COUNT);
    registry *r;
    u64 error = open_registry(in, in->account[0], &r);
    return error ? error : CLOCK_UNAVAILABLE;
}

// Where any accounts end, or 0 when one of them repeats another.
OUTLINE const u8 *after_accounts(const u8 *at, u64 count)
{
    for (; count != 0; count--)
    {
        const account *a = (const account *)at;
        if (a->not_duplicate != NOT_DUPLICATE)
            return 0;
        at = after_account(a);
    }
    return at;
}

#define SKIP_IF(condition, why)  \
    if (UNLIKELY(condition))     \
    {                            \
        reason = OPAQUE(why);    \
        goto skip;               \
    }

// Stores records of one type, which end at `end`, in accounts of a feed's length that are writable and stand at equal distances.
INLINE void store_run(const u8 *raw, u8 *at, const u8 *record, const u8 *end, u64 sequence, u64 type)
{
    const account *registry_account = (const account *)(raw + REGISTRY_AT);
    const cluster_clock *clock = (const cluster_clock *)((const account *)(raw + CLOCK_AT))->data;
    const volatile u64 attested_at = sequence >> 4; // seldom needed: no register is kept for it
    u64 usual = FEED_HEAD | type << STORED_TYPE_SHIFT;
    FORGET(usual);
    u64 reason;
    do
    {
        if (0)
        {
        skip:;
            scratch *s = SCRATCH;
            FORGET(s);
            s->run_reason[(u64)(record - s->run) / leaf_length(type)] = (u8)reason;
            s->skipped++;
            at += FEED_STRIDE;
            record += leaf_length(type);
            if (record == end)
                return;
        }
        FORGET(record);
        account *a = (account *)at;
        feed *f = (feed *)a->data;
        u64 head = f->head.word;
        if (UNLIKELY(head != usual))
        {
            SKIP_IF((head & LETTERS_AND_VERSION) != FEED_HEAD, UNKNOWN_FEED);
            SKIP_IF(head >> FLAGS_SHIFT & FLAG_PAUSED, PAUSED);
        }
        // The program's id is the registry's owner. The runtime itself refuses what we would store in another program's
        // account, so that the first word tells them apart well enough to skip it; the registry named in the account is only as
        // good as its owner, and compared to the last byte.
        SKIP_IF(a->owner.word[0] != registry_account->owner.word[0], UNKNOWN_FEED);
        SKIP_IF(!equal32(&f->registry, &registry_account->key), UNKNOWN_FEED);
        SKIP_IF(f->id.word[0] != record_tag(record), OTHER_FEED);

        i64 price = record_price(record);
        if (UNLIKELY(price < f->min_price))
        {
            SKIP_IF(price <= 0, BAD_ENCODING); // the lower bound is above 0
            SKIP_IF(1, OUT_OF_BOUNDS);
        }
        SKIP_IF(price > f->max_price, OUT_OF_BOUNDS);
        SKIP_IF(!is_canonical(record, type, price), BAD_ENCODING);
        SKIP_IF(sequence <= f->sequence, NOT_NEWER);
        u64 observed_at = record_observed_at(record), last_observed_at = f->observed_at;
        FORGET(observed_at);
        SKIP_IF(observed_at > attested_at, OBSERVED_AHEAD);
        if (UNLIKELY(observed_at < last_observed_at)) // so is 0, once there is one
        {
            SKIP_IF(observed_at == 0, BAD_ENCODING);
            SKIP_IF(1, OBSERVED_BACK);
        }

        if (UNLIKELY(head != usual))
        {
            SKIP_IF(observed_at == 0, BAD_ENCODING);
            // The first record of a feed, whose room is zero; after it, its type is part of the word that was compared.
            SKIP_IF(type != (TOKEN_UNITS >> f->unit & 1 ? TOKEN_TYPE : SHARE_TYPE), WRONG_TYPE);
            SKIP_IF(sequence <= ((const registry *)registry_account->data)->closed_sequence, NOT_NEWER);
            f->head.stored_type = (u8)type;
            store64(f->record, load64(record));
            f->record[8] = record[8];
        }
        if (LIKELY(observed_at != last_observed_at))
        {
            f->round = sequence;
            f->observed_at = observed_at;
        }
        f->sequence = sequence;
        f->slot = clock->slot;
        copy_values(f->record, record, type);
        at += FEED_STRIDE;
        record += leaf_length(type);
    } while (record != end);
}

OUTLINE void store_shares(const u8 *raw, u8 *at, const u8 *record, const u8 *end, u64 sequence)
{
    store_run(raw, at, record, end, sequence, SHARE_TYPE);
}

OUTLINE void store_tokens(const u8 *raw, u8 *at, const u8 *record, const u8 *end, u64 sequence)
{
    store_run(raw, at, record, end, sequence, TOKEN_TYPE);
}

// One record of any type, in an account of which nothing is known but that it is there.
OUTLINE void store_any(const u8 *raw, u8 *at, const u8 *record, u64 sequence, u8 *reason)
{
    const account *a = (const account *)at;
    const feed *f = (const feed *)a->data;
    SCRATCH->run = record;
    SCRATCH->run_reason = reason;
    if (a->length != sizeof(feed) || !a->is_writable)
    {
        *reason = a->length != sizeof(feed) || (f->head.word & LETTERS_AND_VERSION) != FEED_HEAD ? UNKNOWN_FEED : NOT_WRITABLE;
        SCRATCH->skipped++;
    }
    else if (record[0] == SHARE_TYPE)
        store_shares(raw, at, record, record + SHARE_LEAF, sequence);
    else
        store_tokens(raw, at, record, record + TOKEN_LEAF, sequence);
}

// Hashes leaves, 0x00 || record, all of one type, as they stand in the instruction. Returns whether they are of that type; that they
// end at `end` the caller knows.
INLINE u64 hash_alike(const u8 *leaf, const u8 *end, u64 type)
{
    hash32 *node = SCRATCH->node;
    SCRATCH->slices[0].length = leaf_length(type);
    do
    {
        if (UNLIKELY(load16(leaf) != (LEAF_PREFIX | type << 8)))
            return OPAQUE(0);
        slice *s = SCRATCH->slices;
        FORGET(s);
        s->at = leaf;
        sol_keccak256(s, 1, node);
        node++;
        leaf += leaf_length(type);
    } while (leaf != end);
    return OPAQUE(1);
}

OUTLINE u64 hash_shares(const u8 *leaf, const u8 *end) { return hash_alike(leaf, end, SHARE_TYPE); }

OUTLINE u64 hash_tokens(const u8 *leaf, const u8 *end) { return hash_alike(leaf, end, TOKEN_TYPE); }

OUTLINE u64 hash_any(const u8 *leaf, const u8 *end, u64 run)
{
    for (hash32 *node = SCRATCH->node, *top = node + run; node != top; node++)
    {
        if (end - leaf < 2 || leaf[0] != LEAF_PREFIX)
            return 0;
        u64 length = leaf_length(leaf[1]);
        if (length == 0 || length > (u64)(end - leaf))
            return 0;
        SCRATCH->slices[0] = (slice){leaf, length};
        sol_keccak256(SCRATCH->slices, 1, node);
        leaf += length;
    }
    return leaf == end;
}

INLINE void hash_pair(const hash32 *left, hash32 *parent)
{
    slice *s = SCRATCH->slices;
    FORGET(s);
    s->at = left;
    sol_keccak256(s, 1, parent);
}

// From at least two leaves up to the run's own root, level by level; a node without a partner is promoted.
OUTLINE void fold_many(hash32 *top)
{
    do
    {
        hash32 *parent = SCRATCH->node, *child = SCRATCH->node, *last = top - 1;
        FORGET(last);
        do
        {
            hash_pair(child, parent);
            child += 2;
            parent++;
        } while (child < last);
        if (child == last)
            copy32(parent++, child);
        top = parent;
    } while (top != SCRATCH->node + 1);
}

// The same for as many leaves as fit a transaction, at constant places. A pair has to be neighbours: a left child is put into the
// last of its leaves' places, a right child into the first of them, and then nothing needs promotion. PAIR(n, at): places n - 1 and n.
#define PAIR(right, at) hash_pair(&SCRATCH->node[(right) - 1], &SCRATCH->node[at])
OUTLINE void fold(u64 leaves)
{
    SCRATCH->slices[0].length = 64;
    if (leaves == 2)
    {
        PAIR(1, 0);
        return;
    }
    if (UNLIKELY(leaves > 10))
    {
        fold_many(SCRATCH->node + leaves);
        return;
    }
    PAIR(1, 1);
    if (leaves == 3)
    {
        PAIR(2, 0);
        return;
    }
    PAIR(3, 2);
    if (leaves == 4)
    {
        PAIR(2, 0);
        return;
    }
    PAIR(2, 3);
    if (leaves == 6)
        PAIR(5, 4);
    else if (leaves > 6)
    {
        PAIR(5, 5);
        if (leaves == 7)
            PAIR(6, 4);
        else
        {
            PAIR(7, 6);
            PAIR(6, 4);
            if (leaves > 8)
            {
                PAIR(4, 7);
                if (leaves == 10)
                    PAIR(9, 8);
                PAIR(8, 0);
                return;
            }
        }
    }
    PAIR(4, 0);
}
#undef PAIR

// Along the path to the records root: sibling, node, sibling in the slices, two neighbours of which are hashed. Returns whether the
// path ends at `end`.
OUTLINE u64 climb(const u8 *path, const u8 *end, u64 position, u64 last)
{
    SCRATCH->slices[0].length = 32;
    do
    {
        slice *pair = SCRATCH->slices;
        FORGET(pair);
        pair[0].at = pair[2].at = path;
        if ((position & 1) == 0)
        {
            if (UNLIKELY(position == last))
                goto up;
            pair++;
        }
        if (UNLIKELY(path == end))
            return OPAQUE(0);
        sol_keccak256(pair, 2, SCRATCH->node);
        path += 32;
    up:
        position >>= 1;
        last >>= 1;
        FORGET(last);
    } while (last != 0);
    return path == end;
}

INLINE u64 submit(const u8 *raw)
{
    const account *registry_account = (const account *)(raw + REGISTRY_AT), *sysvar = (const account *)(raw + SYSVAR_AT);
    const registry *r = (const registry *)registry_account->data;
    const cluster_clock *clock = (const cluster_clock *)((const account *)(raw + CLOCK_AT))->data;
    REFUSE_IF(sysvar->not_duplicate != NOT_DUPLICATE, DUPLICATE_ACCOUNT);
    REFUSE_IF(!is_instructions_sysvar(&sysvar->key), BAD_INSTRUCTIONS_SYSVAR);

    // One feed per record. Regular ones are writable and as long as a feed, and so stand at equal distances.
    u64 feeds = load64(raw) - FIRST_FEED;
    u8 *first_feed = (u8 *)after_account(sysvar);
    const u8 *at = first_feed, *regular_end = first_feed + feeds * FEED_STRIDE;
    FORGET(regular_end);
    u64 regular = 1;
    do
    {
        const account *a = (const account *)at;
        if (UNLIKELY(load32(a) != WRITABLE_ACCOUNT || a->length != sizeof(feed)))
            goto irregular;
        at += FEED_STRIDE;
    } while (at != regular_end);
walked:;
    // Our instruction: signature references, the envelope's fixed part, its path, its leaves.
    u64 length = load64(at);
    const u8 *data = at + 8, *end = data + length;
    const hash32 *program = (const hash32 *)end;
    REFUSE_IF(!equal32(&registry_account->owner, program), NOT_OUR_ACCOUNT);
    if (UNLIKELY(r->head.word != REGISTRY_HEAD))
        return (r->head.word & LETTERS_AND_VERSION) != REGISTRY_HEAD ? BAD_ACCOUNT : REGISTRY_PAUSED;
    REFUSE_IF(length < 3 || data[0] != SUBMIT, BAD_INSTRUCTION);
    u64 signatures = data[1];
    REFUSE_IF(signatures - 1 >= MAX_SIGNERS, BAD_INSTRUCTION);
    const u8 *references = data + 3, *envelope = references + 2 * signatures, *path = envelope + PATH_AT;
    const u8 *leaves = path + 32 * data[2];
    REFUSE_IF(leaves >= end, BAD_ENVELOPE);
    REFUSE_IF(envelope[0] != ENVELOPE_VERSION || envelope[SIGNATURES_AT] != 0, BAD_ENVELOPE);
    REFUSE_IF(load64(envelope + DEPLOYMENT_AT) != r->deployment, WRONG_DEPLOYMENT);

    u64 sequence = load64be(envelope + SEQUENCE_AT), attested_at = sequence >> 4;
    REFUSE_IF(!is_reasonable_time(clock->unix_seconds), CLOCK_UNAVAILABLE);
    u64 now = (u64)clock->unix_seconds * 1000;
    REFUSE_IF(attested_at > now + r->max_future_millis, ATTESTED_IN_FUTURE);
    REFUSE_IF(attested_at + r->max_attestation_age_millis < now, ATTESTED_TOO_LONG_AGO);

    u64 epoch = load32be(envelope + EPOCH_AT);
    const signer_set *set = &r->current;
    if (UNLIKELY(epoch != set->epoch))
    {
        set = &r->previous;
        REFUSE_IF(epoch != set->epoch || clock->unix_seconds > set->valid_until, UNKNOWN_EPOCH);
    }
    REFUSE_IF(epoch == 0, UNKNOWN_EPOCH);

    // The run: aligned, inside the batch, one account per record.
    u64 count = load16be(envelope + COUNT_AT), first = load16be(envelope + FIRST_AT), level = envelope[LEVEL_AT];
    REFUSE_IF(level > MAX_LEVEL || first >= count, BAD_ENVELOPE);
    u64 width = 1ULL << level, run = count - first;
    REFUSE_IF((first & (width - 1)) != 0 || width >> 1 >= count, BAD_ENVELOPE);
    if (run > width)
        run = width;
    REFUSE_IF(feeds != run, WRONG_ACCOUNT_COUNT);

    u64 size = (u64)(end - leaves), hashed;
    int shares = size == run * SHARE_LEAF, tokens = size == run * TOKEN_LEAF;
    if (LIKELY(shares))
        hashed = hash_shares(leaves, end);
    else if (tokens)
        hashed = hash_tokens(leaves, end);
    else
        hashed = hash_any(leaves, end, run);
    REFUSE_IF(!hashed, BAD_ENVELOPE);
    if (run > 1)
        fold(run);
    SCRATCH->slices[1] = (slice){SCRATCH->node, 32};
    SCRATCH->slices[2].length = 32;
    u64 last_position = (count - 1) >> level;
    REFUSE_IF(last_position == 0 ? path != leaves : !climb(path, leaves, first >> level, last_position), BAD_ENVELOPE);
    SCRATCH->slices[0] = (slice){envelope, HEADER_PREFIX_LENGTH};
    SCRATCH->slices[2].at = envelope + EVIDENCE_AT;
    sol_keccak256(SCRATCH->slices, 3, &SCRATCH->digest);

    // The quorum.
    REFUSE_IF(signatures < set->threshold, BELOW_THRESHOLD);
    u64 lowest = 0;
    do
    {
        u64 signer = references[1];
        REFUSE_IF(signer < lowest, SIGNER_INDEXES_NOT_ASCENDING);
        REFUSE_IF(signer >= set->count, NO_SUCH_SIGNER);
        REFUSE_IF(set->revoked >> signer & 1, SIGNER_REVOKED);
        lowest = signer + 1;
        u64 error = check_ed25519(sysvar, references[0], &set->key[signer], DOMAIN_BATCH, &SCRATCH->digest);
        if (error)
            return error;
        references += 2;
    } while (references != envelope);

    const u8 *record = leaves + LEAF_PREFIX_LENGTH;
    SCRATCH->run = record;
    SCRATCH->run_reason = SCRATCH->reason;
    if (LIKELY(regular & shares))
        store_shares(raw, first_feed, record, end + LEAF_PREFIX_LENGTH, sequence);
    else if (regular & tokens)
        store_tokens(raw, first_feed, record, end + LEAF_PREFIX_LENGTH, sequence);
    else
        for (u64 i = 0; i < run; i++)
        {
            store_any(raw, first_feed, record, sequence, &SCRATCH->reason[i]);
            first_feed = (u8 *)after_account((account *)first_feed);
            record += leaf_length(record[0]);
        }
    u64 skipped = SCRATCH->skipped;
    if (LIKELY(skipped == 0))
        return OK;
    sol_set_return_data(SCRATCH->reason, run);
    return skipped == run ? NOTHING_STORED + SCRATCH->reason[0] : OK;

irregular:
    regular = 0;
    at = after_accounts(first_feed, feeds);
    REFUSE_IF(!at, DUPLICATE_ACCOUNT);
    goto walked;
}
