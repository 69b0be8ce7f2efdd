// Price feeds on Solana. Accounts, instructions and errors: README.md; the signed bytes: OracleNode.Core/Updates/README.md.
//
//   entrypoint -> submit.h      any relayer: Ed25519 instruction + envelope -> feed accounts
//              -> administer.h  owner and guardian: registry, signer sets, feeds
//
// An instruction fails with Custom(error) and then changes nothing.

#include "administer.h"
#include "submit.h"

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

OUTLINE u64 administer(const input *in)
{
    switch (in->data[0])
    {
    case INIT_REGISTRY: return init_registry(in);
    case ADD_SIGNER: return add_signer(in);
    case ACTIVATE_SIGNERS: return activate_signers(in);
    case REVOKE: return revoke(in);
    case INIT_FEED: return init_feed(in);
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
    // Hidden from the compiler, which would otherwise load each of its addresses as a constant.
    scratch *s = (scratch *)HEAP;
    __asm__("" : "+r"(s));
    u64 error = read_input(raw, &s->in);
    if (error)
        return error;
    REFUSE_IF(s->in.length == 0, BAD_INSTRUCTION);
    return s->in.data[0] == SUBMIT ? submit(s) : administer(&s->in);
}
