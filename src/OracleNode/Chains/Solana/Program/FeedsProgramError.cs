namespace OracleNode.Chains.Solana;

/// <summary>The program's custom error codes and skip reasons in words; the table is in <c>src/onchain/solana/README.md</c>.</summary>
internal static class FeedsProgramError
{
    /// <summary>Added to the first record's skip reason when no record was stored.</summary>
    public const uint NothingStored = 256;

    /// <summary>Skip reason: the chain already holds this sequence or a newer one.</summary>
    public const byte NotNewer = 5;

    private static readonly string[] SkipReasons =
    [
        "stored",
        "UnknownFeed: the account is not a feed of this program and registry",
        "OtherFeed: the account's feed tag is not the record's",
        "NotWritable: the account was given read-only",
        "Paused: the feed is paused",
        "NotNewer: the feed already holds this sequence or a newer one",
        "ObservedBack: observed before the stored record",
        "ObservedAhead: observed after its attestation",
        "OutOfBounds: the price is outside the feed's bounds",
        "BadEncoding: not the canonical encoding of any record",
        "WrongType: a share record for a feed whose unit takes token records, or the other way round",
    ];

    private static readonly string[] Errors =
    [
        "no error",
        "BadInstruction: unknown opcode or wrong length",
        "WrongAccountCount",
        "DuplicateAccount",
        "AccountNotWritable",
        "MissingSignature: a required signer did not sign",
        "NotOurAccount: an account is not owned by the program",
        "BadAccount: size, discriminator or version of an account",
        "AlreadyInitialised",
        "WrongAddress: not the seeded address",
        "NotRentExempt: the account holds too few lamports",
        "NotAuthorised: neither owner nor, where allowed, guardian",
        "BadLimits: maxFutureMillis or maxAttestationAgeMillis out of range",
        "BadIdentity: identity, quote, unit or decimals of the feed",
        "BadBounds: expected 0 < minPrice <= maxPrice",
        "BadEpoch: not above the current one, or not the pending one",
        "BadSignerIndex: not the next free one, or above 15",
        "BadSignerKey: zero, not canonical, of mixed order, or already in the set",
        "BadThreshold: expected 1 to the number of keys",
        "BadOverlap: longer than 30 days",
        "BadInstructionsSysvar: not the sysvar's address",
        "NoSuchInstruction: a signature names an instruction that is not in the transaction",
        "NotEd25519: a signature names an instruction of another program",
        "BadEd25519Layout: the Ed25519 instruction has another layout",
        "WrongKey: the signature is not by the registered key",
        "WrongMessage: the signature is of something else than these records",
        "BadEnvelope: version, shape or length of the envelope",
        "WrongDeployment: the batch is of another deployment than the registry",
        "UnknownEpoch: the registry has no such signer set, or it is no longer valid",
        "SignerIndexesNotAscending",
        "NoSuchSigner: the signer index is not in the set",
        "SignerRevoked: the signer was revoked; rotate to a new signer set",
        "BelowThreshold: fewer signatures than the signer set demands",
        "AttestedInFuture: attested further ahead of the cluster's clock than the registry allows; check this node's clock",
        "AttestedTooLongAgo: attested longer ago than the registry allows; send a newer batch",
        "RegistryPaused: all feeds are paused; the owner alone resumes",
        "ClockUnavailable",
        "RentUnavailable",
    ];

    /// <summary>A skip reason in words.</summary>
    public static string DescribeSkip(uint reason) => reason < SkipReasons.Length ? SkipReasons[reason] : $"unknown skip reason {reason}";

    /// <summary>A custom error code in words.</summary>
    public static string Describe(uint code) => code switch
    {
        _ when code < Errors.Length => Errors[code],
        > NothingStored and < NothingStored + 256 => $"NothingStored: no record was stored, the first because {DescribeSkip(code - NothingStored)}",
        _ => $"unknown error {code}; is the program of another version?",
    };
}
