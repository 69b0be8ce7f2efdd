// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title OracleFeeds: signed price records, verified on chain, one feed per instrument
/// @notice Constructor of the implementation:
///         `constructor(uint64 deployment, address owner, uint64 maxFutureMillis, uint64 maxAttestationAgeMillis)`
///         - deployment: first 8 bytes of keccak256("OracleNode deployment v1" || name), big-endian; not 0
///         - owner: administers signers and feeds; meant to be a timelock or multisig; not 0
///         - maxFutureMillis: how far an attestation may lie after the block's time, 0 to 600,000
///         - maxAttestationAgeMillis: how far it may lie before it, 1,000 to 86,400,000
///         It creates what it needs (verifier, base point table, proxy implementation) in the same transaction.
///
///         Setting up: `registerSigner` for the staged epoch (current + 1, so 1 on a new contract), then `activateEpoch`,
///         then `registerFeed` for each feed. After that anyone may `submit`.
/// @dev The byte layout of records, headers and envelopes is documented once, in `OracleNode.Core/Updates/README.md`.
///      Prices are in 1e-8 of the quote currency throughout.
interface IOracleFeeds {
    // ------------------------------------------------------------------------------------------------ types

    /// @notice Why a record of an accepted batch was not stored. Numbers are never reused.
    enum SkipReason {
        None,
        /// No feed with this tag is registered.
        UnknownFeed,
        /// Not the one canonical encoding of a record.
        BadEncoding,
        /// A share record for a token feed, or the other way round.
        WrongType,
        /// The feed already stores this sequence or a newer one.
        NotNewer,
        /// Observed before what the feed already stores.
        ObservedBackwards,
        /// Observed after it was attested.
        ObservedAfterAttested,
        /// Price outside the feed's absolute bounds.
        OutOfBounds
    }

    /// @notice All that is known about one feed. When `sequence` is 0 nothing was ever stored and every field of a record is 0.
    struct FeedData {
        bytes32 feedId;
        /// The feed's `AggregatorV3Interface`.
        address proxy;
        /// Paused by guardian or owner; apart from the signed `state`.
        bool paused;
        /// Sequence of the stored record; 0 = nothing stored yet.
        uint64 sequence;
        /// `sequence >> 4`: when the record was attested, Unix milliseconds.
        uint64 attestedAtMillis;
        /// 1e-8 of the quote currency, > 0.
        int64 price;
        /// Half-width of the confidence interval, 1e-8.
        uint64 confidence;
        /// Pooled best bid, 1e-8; 0 = none. As the two prices and the three counts below it is stored for detailed feeds only.
        int64 bid;
        /// Pooled best ask, 1e-8; 0 = none (exactly when `bid` is none).
        int64 ask;
        /// One-hour exponential moving average, 1e-8; 0 = none.
        int64 ema;
        /// 0 Unknown, 1 PreMarket, 2 Regular, 3 PostMarket, 4 Overnight, 5 Closed.
        uint8 session;
        /// 0 None, 1 Weekend, 2 Holiday, 3 EarlyClose, 4 Unscheduled, 5 SessionGap.
        uint8 closedReason;
        /// 0 None, 1 VolatilityPause, 2..4 MarketWide1..3, 5 News, 6 Regulatory, 7 Venue, 8 Operator, 9 Other.
        uint8 haltReason;
        /// 1 Live, 2 Degraded, 3 Reopening, 4 Held, 5 Paused, 6 Retired, 7 Closed.
        uint8 state;
        /// Bits 0..15 as documented with the record; the rest 0.
        uint32 holdReasons;
        uint8 sourcesUsed;
        uint8 sourcesRejected;
        uint8 upstreams;
        /// Oldest contributing observation, Unix milliseconds.
        uint64 observedAtMillis;
        /// When the session claim expires, Unix seconds; 0 = unknown.
        uint64 nextChangeAt;
        /// Seconds after `attestedAtMillis` for which the record may be relied on.
        uint32 maxAge;
        /// True when the feed's records are token records; the four fields below are 0 otherwise.
        bool isToken;
        /// Shares per token, 1e18.
        uint128 multiplier;
        /// Staged multiplier, 1e18; 0 = none staged.
        uint128 nextMultiplier;
        /// When the staged multiplier applies, Unix seconds. When none is staged: since when `multiplier` applies, 0 = not said; of an
        /// IndicativeShare feed the time of the anchor price.
        uint64 activation;
        /// Price of the share the token price was made from, 1e-8; of an IndicativeShare feed the anchor price.
        int64 underlyingPrice;
        /// Whether bid, ask, EMA and the counts of sources are stored; they are 0 otherwise.
        bool detailed;
        /// What one unit of the price buys: 1 UnderlyingShare, 2 RawToken, 3 UiToken, 4 WrapperShare, 5 PremiumRatio, 6 IndicativeShare,
        /// 7 ReserveRatio, 8 CurrencyUnit.
        uint8 unit;
    }

    // ------------------------------------------------------------------------------------------------ events

    /// @notice The one event of a batch.
    /// @param sequence Sequence of the batch.
    /// @param first Position in the whole batch of the run's first record.
    /// @param stored How many records were stored.
    /// @param skipped Three bytes per skipped record: u16 position in the whole batch, u8 `SkipReason`. Empty when none.
    event BatchStored(uint64 indexed sequence, uint16 first, uint16 stored, bytes skipped);

    /// @param detailed Whether bid, ask, EMA and the counts of sources are stored.
    event FeedRegistered(
        bytes32 indexed feedId,
        address indexed proxy,
        string identity,
        string quote,
        uint8 unit,
        uint8 decimals,
        int64 minPrice,
        int64 maxPrice,
        bool detailed,
        string description
    );
    event BoundsSet(bytes32 indexed feedId, int64 minPrice, int64 maxPrice);
    event DetailedSet(bytes32 indexed feedId, bool detailed);
    /// @param rounds How many past rounds are kept; 0 = none.
    /// @param currentRound The id of the current round after this.
    event RoundsSet(bytes32 indexed feedId, uint16 rounds, uint80 currentRound);
    event FeedPaused(bytes32 indexed feedId, address indexed by);
    /// @notice Every feed registered so far is paused.
    event AllFeedsPaused(address indexed by);
    event FeedResumed(bytes32 indexed feedId);

    /// @param table The contract that holds the key's precomputed points.
    event SignerRegistered(uint32 indexed epoch, uint8 indexed index, bytes32 publicKey, address table);
    event SignerDiscarded(uint32 indexed epoch, uint8 indexed index);
    /// @param previousValidUntil Until when (Unix seconds, inclusive) the epoch before is still accepted; 0 = no longer.
    event EpochActivated(uint32 indexed epoch, uint8 threshold, uint64 previousValidUntil);
    event EpochRevoked(uint32 indexed epoch, address indexed by);
    /// @notice The key no longer counts in this epoch; one event for each epoch it was registered in.
    event SignerRevoked(uint32 indexed epoch, uint8 indexed index, bytes32 publicKey, address indexed by);

    event OwnershipTransferStarted(address indexed owner, address indexed pendingOwner);
    event OwnershipTransferred(address indexed previousOwner, address indexed owner);
    event GuardianSet(address indexed guardian);

    // ------------------------------------------------------------------------------------------------ errors of submit

    error WrongVersion(uint8 given, uint8 expected);
    error WrongDeployment(uint64 given, uint64 expected);
    /// The epoch is neither the current one nor the one before inside its window, or it was revoked.
    error WrongEpoch(uint32 given, uint32 current);
    /// The envelope ends too early or too late for what it says it holds.
    error BadLength(uint256 given, uint256 expected);
    /// `first` and `level` do not name an aligned, non-empty run of `count` records.
    error BadRun(uint16 count, uint16 first, uint8 level);
    /// The record at this byte of the envelope is of no known type, so where the next one begins is unknown.
    error BadRecordType(uint256 offset, uint8 given);
    error QuorumNotMet(uint256 given, uint256 required);
    error SignersNotAscending(uint8 previous, uint8 given);
    error UnknownSigner(uint32 epoch, uint8 index);
    error BadSignature(uint32 epoch, uint8 index);
    error AttestedInFuture(uint64 attestedAtMillis, uint64 latestMillis);
    error AttestedTooOld(uint64 attestedAtMillis, uint64 oldestMillis);
    /// Every record was skipped; `skipped` as in `BatchStored`.
    error NothingStored(bytes skipped);

    // ------------------------------------------------------------------------------------------------ errors of reading

    error UnknownFeed(bytes32 feedId);
    /// Nothing was stored yet, or the round asked for is not retained.
    error NoDataPresent(bytes32 feedId, uint256 roundId);
    /// The feed is paused (by guardian or owner, or its signed state is Paused).
    error FeedIsPaused(bytes32 feedId);
    /// The feed's signed state is Retired.
    error FeedIsRetired(bytes32 feedId);
    /// The feed's unit is PremiumRatio, IndicativeShare or ReserveRatio: a reader that sees nothing but a number must not take it for a
    /// price. `read` serves it.
    error NotAPrice(bytes32 feedId, uint8 unit);

    // ------------------------------------------------------------------------------------------------ errors of administration

    error NotOwner(address caller, address owner);
    error NotPendingOwner(address caller, address pendingOwner);
    /// Neither guardian nor owner.
    error NotGuardian(address caller, address guardian);
    error ZeroAddress();
    error BadLimit(uint256 given, uint256 min, uint256 max);
    error DuplicateFeed(bytes32 feedId);
    /// Another feed's id begins with the same 8 bytes.
    error FeedTagCollision(bytes32 feedId, bytes32 existing);
    error TooManyFeeds(uint256 count);
    error ProxyNotCreated();
    error BadTextLength(uint256 given, uint256 min, uint256 max);
    /// The text holds a byte outside printable ASCII (0x20 to 0x7e).
    error NotAscii(uint256 position, uint8 given);
    /// A description's text has a parenthesis at this byte: the unit alone stands in parentheses, put there by the proxy.
    error ParenthesisInDescription(uint256 position);
    error BadUnit(uint8 given);
    error BadDecimals(uint8 given, uint8 expected);
    error BadBounds(int64 minPrice, int64 maxPrice);
    /// A bound has more than three significant decimal digits (it must be m x 10^e with m < 1,024 and e < 16).
    error BoundTooPrecise(int64 given);
    error FeedNotPaused(bytes32 feedId);
    error BadProofOfPossession(uint32 epoch, uint8 index, bytes32 publicKey);
    error SignerAlreadyRegistered(uint32 epoch, uint8 index);
    /// The same key under two indexes of one epoch would vote twice.
    error DuplicateKey(uint32 epoch, bytes32 publicKey, uint8 index);
    error NotStagedEpoch(uint32 given, uint32 staged);
    /// The key was revoked: it is never accepted again.
    error KeyRevoked(bytes32 publicKey);
    /// The key is registered neither in the current epoch nor in the one before or the staged one.
    error KeyNotRegistered(bytes32 publicKey);
    error BadThreshold(uint8 given, uint256 signers);
    error BadOverlap(uint64 previousValidUntil, uint64 latest);
    error EpochNotAccepted(uint32 epoch);

    // ------------------------------------------------------------------------------------------------ submitting

    /// @notice Verifies a signed batch, or an aligned run of it, and stores its records. Anyone may call.
    /// @dev Reverts with a typed error for anything that concerns the whole batch. A record that fails alone is skipped and
    ///      named in `BatchStored`; the others are stored. Reverts `NothingStored` when every record was skipped.
    /// @param envelope The bytes of section "Envelope" of the byte layout, with at least as many signatures as the threshold.
    function submit(bytes calldata envelope) external;

    /// @notice `submit`, but when every record was skipped it returns 0 instead of reverting: for callers whose own call must
    ///         not fail because somebody else's relay was faster. Then nothing changed and there is no event. What concerns the
    ///         whole batch reverts as in `submit`, `AttestedTooOld` and `AttestedInFuture` too.
    /// @return stored How many records were stored.
    function trySubmit(bytes calldata envelope) external returns (uint256 stored);

    // ------------------------------------------------------------------------------------------------ reading

    /// @notice The full record. Does not revert for a paused or retired feed: look at `paused` and `state`.
    function read(bytes32 feedId) external view returns (FeedData memory);

    /// @notice `read` for many feeds in one call, in the order asked.
    function readMany(bytes32[] calldata feedIds_) external view returns (FeedData[] memory);

    /// @notice What the feed's proxy serves.
    /// @dev A round opens exactly when the observation advances. Its id is `observedAt` in Unix milliseconds, the same on every
    ///      chain; of a feed that keeps past rounds (`setRounds`) it is the id before plus one. Ids never fall, whatever is set.
    ///      A round's answer is final when the next one opens: until then a record of the same observation may correct it.
    ///      Reverts `UnknownFeed`, `NoDataPresent`, `FeedIsPaused`, `FeedIsRetired`, `NotAPrice`.
    /// @return roundId The current round.
    /// @return answer Price in 1e-8, always > 0.
    /// @return updatedAt Unix seconds of the observation, never above the block's time.
    function latestRound(bytes32 feedId) external view returns (uint80 roundId, int256 answer, uint256 updatedAt);

    /// @notice `latestRound` by the first 8 bytes of the id: for proxies, which know that they are registered, and their unit. It does
    ///         not look at the unit.
    function latestRoundByTag(uint64 tag) external view returns (uint80 roundId, int256 answer, uint256 updatedAt);

    /// @notice A round by its id: the current one, or a past one that is kept. Reverts as `latestRound` does, for past rounds
    ///         too, and `NoDataPresent` when the round is not kept.
    function roundByTag(uint64 tag, uint80 roundId) external view returns (int256 answer, uint256 updatedAt);

    /// @notice The feed's `AggregatorV3Interface`. Reverts `UnknownFeed`.
    function feedProxy(bytes32 feedId) external view returns (address);

    /// @notice The id whose first 8 bytes are `tag`; 0 when none is registered.
    function feedIdByTag(uint64 tag) external view returns (bytes32);

    /// @notice Every registered feed, in order of registration.
    function feedIds() external view returns (bytes32[] memory);

    /// @notice What was registered. Reverts `UnknownFeed`.
    /// @return unit As registered.
    /// @return decimals 8.
    /// @return minPrice Lowest price accepted, 1e-8.
    /// @return maxPrice Highest price accepted, 1e-8.
    /// @return description For people, as registered; the proxy's `description` adds the unit.
    /// @return detailed Whether bid, ask, EMA and the counts of sources are stored.
    /// @return rounds How many past rounds are kept.
    function feedInfo(bytes32 feedId)
        external
        view
        returns (
            uint8 unit,
            uint8 decimals,
            int64 minPrice,
            int64 maxPrice,
            string memory description,
            bool detailed,
            uint16 rounds
        );

    // ------------------------------------------------------------------------------------------------ configuration

    /// @notice Version of this contract's code and of the byte layout it accepts.
    function version() external view returns (uint256);
    function deployment() external view returns (uint64);
    function maxFutureMillis() external view returns (uint64);
    function maxAttestationAgeMillis() external view returns (uint64);
    function owner() external view returns (address);
    function pendingOwner() external view returns (address);
    /// @notice May pause feeds, revoke epochs and keys, never resume or add; 0 = none.
    function guardian() external view returns (address);
    /// @notice The verifier contract.
    function ed25519() external view returns (address);
    /// @notice 0 until the first epoch is activated.
    function currentEpoch() external view returns (uint32);
    /// @notice What is known of an epoch.
    /// @return threshold How many signatures a batch needs; 0 = never activated.
    /// @return signerCount How many signers are registered.
    /// @return validUntil Last second at which it is accepted; 2^64 - 1 for the current one, 0 = not accepted.
    function epochInfo(uint32 epoch) external view returns (uint8 threshold, uint16 signerCount, uint64 validUntil);
    /// @notice Public key of a signer; 0 when none is registered at this index.
    function signerKey(uint32 epoch, uint8 index) external view returns (bytes32);

    /// @notice Whether the key was revoked; it is never accepted again.
    function keyRevoked(bytes32 publicKey) external view returns (bool);

    /// @notice keccak256 of what a signer must sign, after the ASCII "OracleNodeProof", to be registered: it binds deployment,
    ///         chain, contract, epoch, index and key.
    /// @dev Epoch and index together are the nonce. A proof is taken only for the staged epoch, whose number is used once: when
    ///      it is activated the next number is staged, and none is staged again. Within the staged epoch a proof can be used
    ///      again only by the owner, for the same key at the same place, after `discardSigner`; not after the key's revocation.
    function proofDigest(uint32 epoch, uint8 index, bytes32 publicKey) external view returns (bytes32);

    // ------------------------------------------------------------------------------------------------ administration

    /// @notice Registers a signer of the staged epoch (`currentEpoch() + 1`). Owner only. About 5.1 million gas for a new
    ///         key: its table of points is computed here; a key known from an earlier epoch reuses it.
    /// @param index Place in the signer set.
    /// @param publicKey RFC 8032 encoding; refused when not canonical, not on the curve, or not of prime order.
    /// @param proofOfPossession 64 bytes: Ed25519 signature by that key over "OracleNodeProof" || `proofDigest(...)`.
    function registerSigner(uint8 index, bytes32 publicKey, bytes calldata proofOfPossession) external;

    /// @notice Removes a signer of the staged epoch before it is activated. Owner only.
    function discardSigner(uint8 index) external;

    /// @notice Makes the staged epoch the current one. Owner only.
    /// @param epoch Must be `currentEpoch() + 1`: says which one is meant.
    /// @param threshold Signatures a batch needs, 1 to the number of signers registered.
    /// @param previousValidUntil Until when the epoch before is still accepted, Unix seconds, at most 7 days ahead; 0 = at
    ///        once no longer. Every epoch older than that is no longer accepted.
    function activateEpoch(uint32 epoch, uint8 threshold, uint64 previousValidUntil) external;

    /// @notice Stops accepting an epoch at once, even the current one. Guardian or owner.
    function revokeEpoch(uint32 epoch) external;

    /// @notice Stops counting a key at once and for good: in the current epoch, the one before and the staged one, and it can
    ///         never be registered again. Thresholds stay; a set left with too few signers cannot reach its quorum until the
    ///         owner activates the next epoch. An envelope that still carries its signature is refused (`UnknownSigner`); the
    ///         relayer leaves that signature out. Guardian or owner.
    function revokeKey(bytes32 publicKey) external;

    /// @notice Registers a feed and creates its proxy. Owner only.
    /// @param identity 1 to 255 printable ASCII bytes.
    /// @param quote 1 to 16 printable ASCII bytes, e.g. `USD`.
    /// @param unit 1 UnderlyingShare, 2 RawToken, 3 UiToken, 4 WrapperShare, 5 PremiumRatio, 6 IndicativeShare, 7 ReserveRatio,
    ///        8 CurrencyUnit. 2, 3, 4 and 6 take token records, the others share records. 5, 6 and 7 are no prices: their proxies' price
    ///        getters revert `NotAPrice`.
    /// @param decimals 8.
    /// @param minPrice Lowest price accepted, 1e-8, > 0, at most three significant decimal digits.
    /// @param maxPrice Highest price accepted, 1e-8, >= minPrice, below 2^52, at most three significant decimal digits.
    /// @param detailed Whether to store bid, ask, EMA and the counts of sources too: one more storage write per record.
    /// @param description For people, 1 to 64 printable ASCII bytes without parentheses, e.g. `TSLAx / USD`; its proxy answers
    ///        `TSLAx / USD (RawToken)`.
    function registerFeed(
        string calldata identity,
        string calldata quote,
        uint8 unit,
        uint8 decimals,
        int64 minPrice,
        int64 maxPrice,
        bool detailed,
        string calldata description
    ) external returns (bytes32 feedId);

    /// @notice Changes a feed's absolute bounds. Owner only. A price already stored stays.
    function setBounds(bytes32 feedId, int64 minPrice, int64 maxPrice) external;

    /// @notice Changes whether bid, ask, EMA and the counts of sources are stored. Owner only. Switched on, bid, ask and EMA
    ///         are none and the counts 0 until the next record.
    function setDetailed(bytes32 feedId, bool detailed) external;

    /// @notice Changes how many past rounds are kept; those kept so far are dropped. Owner only. Costs two more storage writes
    ///         per round.
    /// @dev When rounds begin to be kept, ids go on from the current observation's milliseconds by steps of one; when they
    ///      are no longer, the id is the observation's milliseconds again, which is never less.
    /// @param rounds 0 = none.
    function setRounds(bytes32 feedId, uint16 rounds) external;

    /// @notice Makes the feeds' legacy getters revert, until the owner resumes them. Guardian or owner. One that is paused
    ///         already is passed over.
    function pauseFeeds(bytes32[] calldata feedIds_) external;

    /// @notice Pauses every feed registered so far, eight with one storage write. Guardian or owner. The owner resumes them as
    ///         after `pauseFeeds`.
    function pauseAll() external;

    /// @notice Owner only.
    function resumeFeeds(bytes32[] calldata feedIds_) external;

    /// @notice First step; the new owner must accept. 0 withdraws the offer. Owner only.
    function transferOwnership(address newOwner) external;
    function acceptOwnership() external;

    /// @notice 0 = no guardian. Owner only.
    function setGuardian(address guardian_) external;
}
