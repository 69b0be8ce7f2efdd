// Custom(n) of a failed instruction, and why a single record was skipped. Numbers are never reused; README.md lists them.
#pragma once

enum error
{
    OK = 0,
    BAD_INSTRUCTION = 1,
    WRONG_ACCOUNT_COUNT = 2,
    DUPLICATE_ACCOUNT = 3,
    ACCOUNT_NOT_WRITABLE = 4,
    MISSING_SIGNATURE = 5,
    NOT_OUR_ACCOUNT = 6,
    BAD_ACCOUNT = 7,
    ALREADY_INITIALISED = 8,
    WRONG_ADDRESS = 9,
    NOT_RENT_EXEMPT = 10,
    NOT_AUTHORISED = 11,
    BAD_LIMITS = 12,
    BAD_IDENTITY = 13,
    BAD_BOUNDS = 14,
    BAD_EPOCH = 15,
    BAD_SIGNER_INDEX = 16,
    BAD_SIGNER_KEY = 17,
    BAD_THRESHOLD = 18,
    BAD_OVERLAP = 19,
    BAD_INSTRUCTIONS_SYSVAR = 20,
    NO_SUCH_INSTRUCTION = 21,
    NOT_ED25519 = 22,
    BAD_ED25519_LAYOUT = 23,
    WRONG_KEY = 24,
    WRONG_MESSAGE = 25,
    BAD_ENVELOPE = 26,
    WRONG_DEPLOYMENT = 27,
    UNKNOWN_EPOCH = 28,
    SIGNER_INDEXES_NOT_ASCENDING = 29,
    NO_SUCH_SIGNER = 30,
    SIGNER_REVOKED = 31,
    BELOW_THRESHOLD = 32,
    ATTESTED_IN_FUTURE = 33,
    ATTESTED_TOO_LONG_AGO = 34,
    REGISTRY_PAUSED = 35,
    CLOCK_UNAVAILABLE = 36,
    RENT_UNAVAILABLE = 37,
    NOTHING_STORED = 256, // plus the reason of the first record
};

enum skip_reason
{
    STORED = 0,
    UNKNOWN_FEED = 1,
    OTHER_FEED = 2,
    NOT_WRITABLE = 3,
    PAUSED = 4,
    NOT_NEWER = 5,
    OBSERVED_BACK = 6,
    OBSERVED_AHEAD = 7,
    OUT_OF_BOUNDS = 8,
    BAD_ENCODING = 9,
};
