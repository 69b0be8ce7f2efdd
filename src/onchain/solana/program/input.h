// One instruction as the runtime hands it over, and the checks on accounts that instructions share.
#pragma once

#include "errors.h"
#include "layout.h"
#include "sbf.h"

#define MAX_ACCOUNTS 64

enum opcode
{
    INIT_REGISTRY = 1,
    ADD_SIGNER = 2,
    ACTIVATE_SIGNERS = 3,
    REVOKE = 4,
    INIT_FEED = 5,
    SUBMIT = 6,
    SET_PAUSED = 7,
    SET_BOUNDS = 8,
    SET_LIMITS = 9,
    PROPOSE_OWNER = 10,
    ACCEPT_OWNER = 11,
    SET_GUARDIAN = 12,
    CLOSE_FEED = 13,
};

typedef struct
{
    account *account[MAX_ACCOUNTS];
    u64 accounts;
    const u8 *data;
    u64 length;
    const hash32 *program;
} input;

INLINE u64 read_input(const u8 *raw, input *in)
{
    u64 count = load64(raw);
    REFUSE_IF(count > MAX_ACCOUNTS, WRONG_ACCOUNT_COUNT);

    const u8 *at = raw + 8;
    account **next = in->account, **end = next + count;
    for (; next != end; next++)
    {
        account *a = (account *)at;
        REFUSE_IF(a->not_duplicate != NOT_DUPLICATE, DUPLICATE_ACCOUNT);
        *next = a;
        at = after_account(a);
    }

    in->accounts = count;
    in->length = load64(at);
    in->data = at + 8;
    in->program = (const hash32 *)(in->data + in->length);
    return OK;
}

INLINE u64 open_registry(const input *in, const account *a, registry **opened)
{
    registry *r = (registry *)a->data;
    REFUSE_IF(!equal32(&a->owner, in->program), NOT_OUR_ACCOUNT);
    REFUSE_IF(a->length != sizeof(registry) || (r->head.word & LETTERS_AND_VERSION) != REGISTRY_HEAD, BAD_ACCOUNT);
    *opened = r;
    return OK;
}

INLINE u64 open_writable_registry(const input *in, const account *a, registry **opened)
{
    REFUSE_IF(!a->is_writable, ACCOUNT_NOT_WRITABLE);
    return open_registry(in, a, opened);
}

INLINE u64 open_writable_feed(const input *in, const account *a, const account *registry_account, feed **opened)
{
    feed *f = (feed *)a->data;
    REFUSE_IF(!a->is_writable, ACCOUNT_NOT_WRITABLE);
    REFUSE_IF(!equal32(&a->owner, in->program), NOT_OUR_ACCOUNT);
    REFUSE_IF(a->length != sizeof(feed) || (f->head.word & LETTERS_AND_VERSION) != FEED_HEAD, BAD_ACCOUNT);
    REFUSE_IF(!equal32(&f->registry, &registry_account->key), BAD_ACCOUNT);
    *opened = f;
    return OK;
}

INLINE u64 require_signer(const account *a, const hash32 *key)
{
    REFUSE_IF(!equal32(&a->key, key), NOT_AUTHORISED);
    REFUSE_IF(!a->is_signer, MISSING_SIGNATURE);
    return OK;
}

INLINE u64 require_owner(const account *a, const registry *r) { return require_signer(a, &r->owner); }

INLINE u64 require_owner_or_guardian(const account *a, const registry *r)
{
    if (!zero32(&r->guardian) && equal32(&a->key, &r->guardian))
        return require_signer(a, &r->guardian);
    return require_owner(a, r);
}

// Negative times are not, and milliseconds stay far from overflow.
INLINE int is_reasonable_time(i64 unix_seconds) { return (u64)unix_seconds >> 40 == 0; }

INLINE u64 read_clock(cluster_clock *clock)
{
    REFUSE_IF(sol_get_clock_sysvar(clock) != 0 || !is_reasonable_time(clock->unix_seconds), CLOCK_UNAVAILABLE);
    return OK;
}
