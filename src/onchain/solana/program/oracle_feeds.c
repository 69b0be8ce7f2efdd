// Price feeds on Solana. Accounts, instructions and errors: README.md; the signed bytes: OracleNode.Core/Updates/README.md.
//
//   entrypoint -> submit.h      any relayer: Ed25519 instruction + envelope -> feed accounts
//              -> administer.h  owner and guardian: registry, signer sets, feeds
//
// An instruction fails with Custom(error) and then changes nothing.

#include "administer.h"
#include "submit.h"

OUTLINE u64 administer(const input *in)
{
    switch (in->data[0])
    {
    case INIT_REGISTRY: return init_registry(in);
    case ADD_SIGNER: return add_signer(in);
    case ACTIVATE_SIGNERS: return activate_signers(in);
    case REVOKE: return revoke(in);
    case INIT_FEED: return init_feed(in);
    case SUBMIT: return why_no_submit(in);
    case SET_PAUSED: return set_paused(in);
    case SET_BOUNDS: return set_bounds(in);
    case SET_LIMITS: return set_limits(in);
    case PROPOSE_OWNER: return propose_owner(in);
    case ACCEPT_OWNER: return accept_owner(in);
    case SET_GUARDIAN: return set_guardian(in);
    case CLOSE_FEED: return close_feed(in);
    default: return BAD_INSTRUCTION;
    }
}

u64 entrypoint(const u8 *raw)
{
    // Hidden from the compiler, which would otherwise load each address in it as a constant.
    void *heap = (void *)HEAP;
    __asm__("" : "+r"(heap));
    if (LIKELY(is_submit(raw)))
        return submit(raw);

    input *in = heap;
    u64 error = read_input(raw, in);
    if (error)
        return error;
    REFUSE_IF(in->length == 0, BAD_INSTRUCTION);
    return administer(in);
}
