// One instruction as the runtime hands it over, and the checks on accounts that all instructions share.
#pragma once

#include "errors.h"
#include "layout.h"
#include "sbf.h"

#define MAX_ACCOUNTS 64

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
    REFUSE_IF(a->length != sizeof(registry) || r->discriminator != REGISTRY_DISCRIMINATOR || r->version != LAYOUT_VERSION, BAD_ACCOUNT);
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
    REFUSE_IF(a->length != sizeof(feed) || f->discriminator != FEED_DISCRIMINATOR || f->version != LAYOUT_VERSION, BAD_ACCOUNT);
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

INLINE u64 read_clock(cluster_clock *clock)
{
    REFUSE_IF(sol_get_clock_sysvar(clock) != 0, CLOCK_UNAVAILABLE);
    // Refuses negative times too, and keeps milliseconds far from overflow.
    REFUSE_IF((u64)clock->unix_seconds >> 40, CLOCK_UNAVAILABLE);
    return OK;
}
