// Submit: envelope -> leaves -> records root -> header digest -> signatures of the quorum -> store, record by record.
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
    FIRST_FEED = 2,
    MAX_RECORDS = MAX_ACCOUNTS - FIRST_FEED,
};

// Working memory, on the heap because the compiler allows 512 bytes of stack.
typedef struct
{
    input in;
    const u8 *record[MAX_RECORDS];
    hash32 nodes[2][MAX_RECORDS]; // a level of the tree and the one above it, in turns
    slice slices[3];
    cluster_clock clock;
    hash32 digest;
    u8 reason[MAX_RECORDS];
    u8 leaf_prefix; // 0x00, as the heap is: never written
} scratch;

INLINE void hash_pair(scratch *s, const void *left, const void *right, hash32 *parent)
{
    s->slices[0] = (slice){left, 32};
    s->slices[1] = (slice){right, 32};
    sol_keccak256(s->slices, 2, parent);
}

// Why the record may not be stored, or STORED once it is. Not inlined: with registers of its own it costs less.
OUTLINE u64 store(const scratch *s, account *a, const u8 *record, u64 sequence)
{
    feed *f = (feed *)a->data;
    SKIP_IF(a->length != sizeof(feed) || f->discriminator != FEED_DISCRIMINATOR || f->version != LAYOUT_VERSION, UNKNOWN_FEED);
    SKIP_IF(!equal32(&a->owner, s->in.program) || !equal32(&f->registry, &s->in.account[0]->key), UNKNOWN_FEED);
    SKIP_IF(load64(&f->id) != record_tag(record), OTHER_FEED);
    SKIP_IF(!a->is_writable, NOT_WRITABLE);
    SKIP_IF(!is_canonical(record), BAD_ENCODING);
    SKIP_IF(f->flags & FLAG_PAUSED, PAUSED);
    SKIP_IF(sequence <= f->sequence, NOT_NEWER);

    u64 observed_at = record_observed_at(record), last_observed_at = record_observed_at(f->record);
    SKIP_IF(observed_at < last_observed_at, OBSERVED_BACK);
    SKIP_IF(observed_at > sequence >> 4, OBSERVED_AHEAD);
    i64 price = record_price(record);
    SKIP_IF(price < f->min_price || price > f->max_price, OUT_OF_BOUNDS);

    f->record_length = (u8)record_length(record[0]);
    f->sequence = sequence;
    f->attested_at_millis = sequence >> 4;
    f->round += observed_at > last_observed_at;
    f->slot = s->clock.slot;
    store_record(f->record, record);
    return STORED;
}

INLINE u64 submit(scratch *s)
{
    const input *in = &s->in;
    REFUSE_IF(in->accounts <= FIRST_FEED, WRONG_ACCOUNT_COUNT);
    const account *sysvar = in->account[1];
    registry *r;
    u64 error = open_registry(in, in->account[0], &r);
    if (error)
        return error;
    REFUSE_IF(r->flags & FLAG_PAUSED, REGISTRY_PAUSED);
    REFUSE_IF(!is_instructions_sysvar(&sysvar->key), BAD_INSTRUCTIONS_SYSVAR);

    // Signature references, then the envelope's fixed part.
    REFUSE_IF(in->length < 2, BAD_INSTRUCTION);
    u64 signatures = in->data[1];
    REFUSE_IF(signatures == 0 || signatures > MAX_SIGNERS, BAD_INSTRUCTION);
    const u8 *references = in->data + 2, *envelope = references + 2 * signatures, *end = in->data + in->length;
    REFUSE_IF(in->length < 2 + 2 * signatures + PATH_AT, BAD_ENVELOPE);
    REFUSE_IF(envelope[0] != ENVELOPE_VERSION || envelope[SIGNATURES_AT] != 0, BAD_ENVELOPE);
    REFUSE_IF(load64(envelope + DEPLOYMENT_AT) != r->deployment, WRONG_DEPLOYMENT);

    u64 sequence = load64be(envelope + SEQUENCE_AT), attested_at = sequence >> 4;
    error = read_clock(&s->clock);
    if (error)
        return error;
    u64 now = (u64)s->clock.unix_seconds * 1000;
    REFUSE_IF(attested_at > now + r->max_future_millis, ATTESTED_IN_FUTURE);
    REFUSE_IF(attested_at + r->max_attestation_age_millis < now, ATTESTED_TOO_LONG_AGO);

    u64 epoch = load32be(envelope + EPOCH_AT);
    const signer_set *set = &r->current;
    if (UNLIKELY(epoch != set->epoch))
    {
        set = &r->previous;
        REFUSE_IF(epoch != set->epoch || s->clock.unix_seconds > set->valid_until, UNKNOWN_EPOCH);
    }
    REFUSE_IF(epoch == 0, UNKNOWN_EPOCH);

    // The run: aligned, inside the batch, one account per record.
    u64 count = load16be(envelope + COUNT_AT), first = load16be(envelope + FIRST_AT), level = envelope[LEVEL_AT];
    REFUSE_IF(level > MAX_LEVEL || first >= count || (first & ((1ULL << level) - 1)) != 0, BAD_ENVELOPE);
    REFUSE_IF(level != 0 && (1ULL << (level - 1)) >= count, BAD_ENVELOPE);
    u64 run = count - first;
    if (run > 1ULL << level)
        run = 1ULL << level;
    REFUSE_IF(in->accounts != FIRST_FEED + run, WRONG_ACCOUNT_COUNT);

    const u8 *path = envelope + PATH_AT, *at = path;
    u64 position = first >> level, size = (count + (1ULL << level) - 1) >> level;
    for (u64 p = position, n = size; n > 1; p >>= 1, n = (n + 1) >> 1)
        if ((p & 1) != 0 || p + 1 < n)
            at += 32;
    REFUSE_IF(at > end, BAD_ENVELOPE);

    // Leaves.
    s->slices[0] = (slice){&s->leaf_prefix, 1};
    hash32 *node = s->nodes[0], *above = s->nodes[1];
    for (u64 i = 0; i < run; i++)
    {
        REFUSE_IF(at >= end, BAD_ENVELOPE);
        u64 length = record_length(*at);
        REFUSE_IF(length == 0 || length > (u64)(end - at), BAD_ENVELOPE);
        s->record[i] = at;
        s->slices[1] = (slice){at, length};
        sol_keccak256(s->slices, 2, &node[i]);
        at += length;
    }
    REFUSE_IF(at != end, BAD_ENVELOPE);

    // Up to the run's own root; a node without a partner is promoted.
    for (u64 width = run; width > 1; width = (width + 1) >> 1)
    {
        for (u64 i = 0; i + 1 < width; i += 2)
        {
            s->slices[0] = (slice){&node[i], 64};
            sol_keccak256(s->slices, 1, &above[i >> 1]);
        }
        if (width & 1)
            copy32(&above[width >> 1], &node[width - 1]);
        hash32 *lower = node;
        node = above;
        above = lower;
    }

    // And along the path to the records root.
    for (; size > 1; position >>= 1, size = (size + 1) >> 1)
    {
        if ((position & 1) != 0)
            hash_pair(s, path, node, above);
        else if (position + 1 < size)
            hash_pair(s, node, path, above);
        else
            continue;
        path += 32;
        hash32 *lower = node;
        node = above;
        above = lower;
    }

    s->slices[0] = (slice){envelope, HEADER_PREFIX_LENGTH};
    s->slices[1] = (slice){node, 32};
    s->slices[2] = (slice){envelope + EVIDENCE_AT, 32};
    sol_keccak256(s->slices, 3, &s->digest);

    // The quorum.
    REFUSE_IF(signatures < set->threshold, BELOW_THRESHOLD);
    u64 lowest = 0;
    for (const u8 *reference = references; reference != envelope; reference += 2)
    {
        u64 signer = reference[1];
        REFUSE_IF(signer < lowest, SIGNER_INDEXES_NOT_ASCENDING);
        REFUSE_IF(signer >= set->count, NO_SUCH_SIGNER);
        REFUSE_IF(set->revoked >> signer & 1, SIGNER_REVOKED);
        lowest = signer + 1;
        error = check_ed25519(sysvar, reference[0], &set->key[signer], DOMAIN_BATCH, &s->digest);
        if (error)
            return error;
    }

    u64 skipped = 0;
    for (u64 i = 0; i < run; i++)
    {
        u64 reason = store(s, in->account[FIRST_FEED + i], s->record[i], sequence);
        s->reason[i] = (u8)reason;
        skipped += reason != STORED;
    }
    if (UNLIKELY(skipped != 0))
        sol_set_return_data(s->reason, run);
    return skipped == run ? NOTHING_STORED + s->reason[0] : OK;
}
