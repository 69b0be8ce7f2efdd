// What the Solana runtime gives a program: the serialized input, and syscalls. Nothing of ours.
//
// The machine permits loads and stores at any address alignment, and a load is one compute unit whatever its width: 32-byte
// values are compared as four words, big-endian fields are read as one word and swapped.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define INLINE static inline __attribute__((always_inline))
#define OUTLINE static __attribute__((noinline))
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

// The constant `value`, unknown to the compiler, which otherwise sets it before it tests a condition and so charges one unit per
// check on the way to success.
#define OPAQUE(value)                                              \
    ({                                                             \
        u64 opaque;                                                \
        __asm__ volatile("%0 = %1" : "=r"(opaque) : "i"(value));   \
        opaque;                                                    \
    })

// The same value, of which the compiler has forgotten where it came from: it neither works it out again nor moves it elsewhere.
#define FORGET(variable) __asm__ volatile("" : "+r"(variable))

#define REFUSE_IF(condition, error) \
    do                              \
    {                               \
        if (UNLIKELY(condition))    \
            return OPAQUE(error);   \
    } while (0)

typedef struct
{
    u64 word[4];
} hash32;

_Static_assert(sizeof(hash32) == 32, "a hash or key is 32 bytes");

INLINE u16 load16(const void *at) { return *(const u16 *)at; }
INLINE u32 load32(const void *at) { return *(const u32 *)at; }
INLINE u64 load64(const void *at) { return *(const u64 *)at; }
INLINE void store64(void *at, u64 value) { *(u64 *)at = value; }
INLINE u64 load64be(const void *at) { return __builtin_bswap64(load64(at)); }

// Big-endian fields narrower than a word, read as the top of the word that starts there. The caller knows that the bytes
// up to at + 8 may be read.
INLINE u64 load48be(const void *at) { return load64be(at) >> 16; }
INLINE i64 load48be_signed(const void *at) { return (i64)load64be(at) >> 16; }
INLINE u64 load40be(const void *at) { return load64be(at) >> 24; }
INLINE u64 load32be(const void *at) { return __builtin_bswap32(load32(at)); }
INLINE u64 load16be(const void *at) { return __builtin_bswap16(load16(at)); }

INLINE int equal32(const void *left, const void *right)
{
    const u64 *a = left, *b = right;
    return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

INLINE int zero32(const void *key)
{
    const u64 *a = key;
    return (a[0] | a[1] | a[2] | a[3]) == 0;
}

INLINE void copy32(void *to, const void *from)
{
    u64 *a = to;
    const u64 *b = from;
    a[0] = b[0];
    a[1] = b[1];
    a[2] = b[2];
    a[3] = b[3];
}

// An account as the runtime serializes it for loader v2 and v3. Structure and lengths are the runtime's word; key, owner and
// data are anybody's.
typedef struct
{
    u8 not_duplicate; // 0xff, or the index of the account that this one repeats
    u8 is_signer;
    u8 is_writable;
    u8 is_executable;
    u32 reserved;
    hash32 key;
    hash32 owner;
    u64 lamports;
    u64 length;
    u8 data[];
} account;

_Static_assert(sizeof(account) == 88, "serialized account header");

#define NOT_DUPLICATE 0xff
#define ACCOUNT_GROWTH_ROOM 10240ULL
#define RENT_EPOCH_BYTES 8ULL

// What an account of a length that is a multiple of 8 takes.
#define SERIALIZED(length) (sizeof(account) + (length) + ACCOUNT_GROWTH_ROOM + RENT_EPOCH_BYTES)

INLINE const u8 *after_account(const account *a)
{
    return a->data + ((a->length + 7) & ~7ULL) + ACCOUNT_GROWTH_ROOM + RENT_EPOCH_BYTES;
}

// 32 KB of zeroed memory that every program has here.
#define HEAP 0x300000000ULL

typedef struct
{
    const void *at;
    u64 length;
} slice;

typedef struct
{
    u64 slot;
    i64 epoch_start;
    u64 epoch;
    u64 leader_schedule_epoch;
    i64 unix_seconds;
} cluster_clock;

typedef struct
{
    u64 lamports_per_byte_year;
    u64 exemption_threshold; // bits of a double, in years
    u64 burn_percent;
} rent_parameters;

// Each returns 0 on success. A bad address or length ends the program inside the call.
extern u64 sol_keccak256(const slice *slices, u64 count, void *hash);
extern u64 sol_sha256(const slice *slices, u64 count, void *hash);
extern u64 sol_get_clock_sysvar(cluster_clock *clock);
extern u64 sol_get_rent_sysvar(rent_parameters *rent);
extern u64 sol_set_return_data(const void *data, u64 length);
extern u64 sol_curve_group_op(u64 curve, u64 operation, const void *left, const void *right, void *result);
