// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "./Ed25519.sol";
import {Ed25519Key} from "./Ed25519Key.sol";
import {Envelope} from "./Envelope.sol";
import {FeedProxy} from "./FeedProxy.sol";
import {FeedStore} from "./FeedStore.sol";
import {FeedUnit} from "./FeedUnit.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title OracleFeeds
/// @dev submit: envelope -> who signed it, for us, now -> each record against what its feed holds -> one event.
///      What is documented in the interface is not repeated here.
contract OracleFeeds is IOracleFeeds {
    /// One storage word, so that a batch with the first signer's signature alone reads one.
    struct Epoch {
        /// The table of the signer registered first; 0 when it was discarded or revoked.
        address firstTable;
        uint8 firstIndex;
        uint8 threshold;
        uint16 signerCount;
        uint64 validUntil;
    }

    struct Registration {
        address proxy;
        uint8 unit;
        string description;
    }

    uint256 private constant MAX_FUTURE_MILLIS = 10 minutes * 1000;
    uint256 private constant MIN_ATTESTATION_AGE_MILLIS = 1000;
    uint256 private constant MAX_ATTESTATION_AGE_MILLIS = 1 days * 1000;
    uint256 private constant MAX_OVERLAP = 7 days;

    uint256 private constant MAX_IDENTITY = 255;
    uint256 private constant MAX_QUOTE = 16;
    uint256 private constant MAX_DESCRIPTION = 64;
    uint8 private constant DECIMALS = 8;

    bytes15 private constant BATCH_TAG = "OracleNodeBatch";
    bytes15 private constant PROOF_TAG = "OracleNodeProof";
    uint8 private constant PROOF_KIND = 1;

    uint256 public constant version = Envelope.VERSION;
    uint64 public immutable deployment;
    uint64 public immutable maxFutureMillis;
    uint64 public immutable maxAttestationAgeMillis;
    Ed25519 private immutable _ed25519;
    address private immutable _proxyCode;

    address public owner;
    address public pendingOwner;
    address public guardian;
    uint32 public currentEpoch;

    mapping(uint32 epoch => Epoch) private _epochs;
    /// Every signer, the first one too.
    mapping(uint32 epoch => mapping(uint8 index => address table)) private _signers;
    /// Index + 1 of the signer that holds a key.
    mapping(uint32 epoch => mapping(bytes32 publicKey => uint256)) private _indexes;
    mapping(bytes32 publicKey => bool) public keyRevoked;

    /// By number, from 1.
    bytes32[] private _feedIds;
    mapping(bytes32 feedId => Registration) private _registrations;

    modifier onlyOwner() {
        _requireOwner();
        _;
    }

    modifier onlyGuardian() {
        _requireGuardian();
        _;
    }

    constructor(uint64 deployment_, address owner_, uint64 maxFutureMillis_, uint64 maxAttestationAgeMillis_) {
        if (deployment_ == 0) revert BadLimit(deployment_, 1, type(uint64).max);
        if (owner_ == address(0)) revert ZeroAddress();
        if (maxFutureMillis_ > MAX_FUTURE_MILLIS) revert BadLimit(maxFutureMillis_, 0, MAX_FUTURE_MILLIS);
        if (maxAttestationAgeMillis_ < MIN_ATTESTATION_AGE_MILLIS || maxAttestationAgeMillis_ > MAX_ATTESTATION_AGE_MILLIS) {
            revert BadLimit(maxAttestationAgeMillis_, MIN_ATTESTATION_AGE_MILLIS, MAX_ATTESTATION_AGE_MILLIS);
        }
        deployment = deployment_;
        maxFutureMillis = maxFutureMillis_;
        maxAttestationAgeMillis = maxAttestationAgeMillis_;
        owner = owner_;
        emit OwnershipTransferred(address(0), owner_);
        _ed25519 = new Ed25519();
        _proxyCode = address(new FeedProxy(this));
    }

    // ------------------------------------------------------------------------------------------------ submitting

    function submit(bytes calldata envelope) external {
        (uint256 stored, bytes memory skipped) = _submit(envelope);
        if (stored == 0) revert NothingStored(skipped);
    }

    function trySubmit(bytes calldata envelope) external returns (uint256 stored) {
        (stored,) = _submit(envelope);
    }

    function _submit(bytes calldata envelope) private returns (uint256 stored, bytes memory skipped) {
        Envelope.Parts memory parts = Envelope.open(envelope);
        if (parts.deployment != deployment) revert WrongDeployment(parts.deployment, deployment);
        _requireTimely(parts.sequence >> 4);
        _requireQuorum(parts);
        (stored, skipped) = FeedStore.storeAll(parts.records, parts.first, parts.run, parts.sequence);
        if (stored != 0) emit BatchStored(parts.sequence, parts.first, uint16(stored), skipped);
    }

    function _requireTimely(uint64 attestedAt) private view {
        uint256 time = block.timestamp * 1000;
        uint256 latest = time + maxFutureMillis;
        if (latest > FeedStore.LATEST_MILLIS) latest = FeedStore.LATEST_MILLIS;
        if (attestedAt > latest) revert AttestedInFuture(attestedAt, uint64(latest));
        uint256 oldest = time > maxAttestationAgeMillis ? time - maxAttestationAgeMillis : 0;
        if (attestedAt < oldest) revert AttestedTooOld(attestedAt, uint64(oldest));
    }

    function _requireQuorum(Envelope.Parts memory parts) private view {
        Epoch memory epoch = _epochs[parts.epoch];
        if (block.timestamp > epoch.validUntil) revert WrongEpoch(parts.epoch, currentEpoch);
        if (parts.signatureCount < epoch.threshold) revert QuorumNotMet(parts.signatureCount, epoch.threshold);

        uint8 previous = 0;
        uint256 position = parts.signatures;
        for (uint256 i = 0; i < parts.signatureCount; i++) {
            uint8 index = uint8(Envelope.load(position) >> 248);
            if (i != 0 && index <= previous) revert SignersNotAscending(previous, index);
            address table = index == epoch.firstIndex ? epoch.firstTable : address(0);
            if (table == address(0)) table = _signers[parts.epoch][index];
            if (table == address(0)) revert UnknownSigner(parts.epoch, index);
            bytes32 r = bytes32(Envelope.load(position + 1));
            bytes32 s = bytes32(Envelope.load(position + 33));
            if (!Ed25519Key(table).verify(BATCH_TAG, parts.digest, r, s)) revert BadSignature(parts.epoch, index);
            previous = index;
            position += Envelope.SIGNATURE;
        }
    }

    // ------------------------------------------------------------------------------------------------ reading

    function read(bytes32 feedId) public view returns (FeedData memory data) {
        Registration storage registration = _registration(feedId);
        (data.feedId, data.proxy, data.unit) = (feedId, registration.proxy, registration.unit);
        FeedStore.read(_tagOf(feedId), data);
    }

    function readMany(bytes32[] calldata feedIds_) external view returns (FeedData[] memory all) {
        all = new FeedData[](feedIds_.length);
        for (uint256 i = 0; i < feedIds_.length; i++) all[i] = read(feedIds_[i]);
    }

    function latestRound(bytes32 feedId) external view returns (uint80 roundId, int256 answer, uint256 updatedAt) {
        uint8 unit = _registration(feedId).unit;
        if (!FeedUnit.isPrice(unit)) revert NotAPrice(feedId, unit);
        return latestRoundByTag(_tagOf(feedId));
    }

    function latestRoundByTag(uint64 tag) public view returns (uint80 roundId, int256 answer, uint256 updatedAt) {
        (uint256 word, uint256 shared) = _usable(tag);
        roundId = uint80(FeedStore.currentRound(tag, word, shared));
        (answer, updatedAt) = _answerOf(FeedStore.priceOf(word), FeedStore.observedAtOf(word));
    }

    function roundByTag(uint64 tag, uint80 roundId) external view returns (int256 answer, uint256 updatedAt) {
        (uint256 word, uint256 shared) = _usable(tag);
        if (roundId == FeedStore.currentRound(tag, word, shared)) {
            return _answerOf(FeedStore.priceOf(word), FeedStore.observedAtOf(word));
        }
        (uint256 price, uint256 observedAt) = FeedStore.pastRound(tag, shared, roundId);
        if (price == 0) revert NoDataPresent(feedIdByTag(tag), roundId);
        return _answerOf(price, observedAt);
    }

    /// @dev What is known of a feed that legacy getters may answer for.
    function _usable(uint64 tag) private view returns (uint256 word, uint256 shared) {
        word = FeedStore.hot(tag);
        uint256 number = FeedStore.numberOf(word);
        if (number == 0) revert UnknownFeed(bytes8(tag));
        shared = FeedStore.sharedOf(number);
        uint256 state = FeedStore.stateOf(word);
        if (shared & FeedStore.PAUSED != 0 || state == 5) revert FeedIsPaused(feedIdByTag(tag));
        if (state == 0) revert NoDataPresent(feedIdByTag(tag), 0);
        if (state == 6) revert FeedIsRetired(feedIdByTag(tag));
    }

    function _answerOf(uint256 price, uint256 observedAt) private view returns (int256 answer, uint256 updatedAt) {
        updatedAt = observedAt / 1000;
        if (updatedAt > block.timestamp) updatedAt = block.timestamp;
        return (int256(price), updatedAt);
    }

    function feedIdByTag(uint64 tag) public view returns (bytes32) {
        uint256 number = FeedStore.numberOf(FeedStore.hot(tag));
        return number == 0 ? bytes32(0) : _feedIds[number - 1];
    }

    function feedProxy(bytes32 feedId) external view returns (address) {
        return _registration(feedId).proxy;
    }

    function feedIds() external view returns (bytes32[] memory) {
        return _feedIds;
    }

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
        )
    {
        Registration storage registration = _registration(feedId);
        uint256 shared = FeedStore.sharedOf(_numberOf(feedId));
        (uint256 min, uint256 max) = FeedStore.boundsIn(shared);
        (minPrice, maxPrice) = (int64(uint64(min)), int64(uint64(max)));
        (unit, decimals, description) = (registration.unit, DECIMALS, registration.description);
        detailed = shared & FeedStore.DETAILED != 0;
        rounds = uint16(FeedStore.roundsOf(_tagOf(feedId)));
    }

    function ed25519() external view returns (address) {
        return address(_ed25519);
    }

    function signerKey(uint32 epoch, uint8 index) public view returns (bytes32) {
        address table = _signers[epoch][index];
        return table == address(0) ? bytes32(0) : Ed25519Key(table).publicKey();
    }

    function epochInfo(uint32 epoch) external view returns (uint8 threshold, uint16 signerCount, uint64 validUntil) {
        Epoch storage info = _epochs[epoch];
        return (info.threshold, info.signerCount, info.validUntil);
    }

    function _tagOf(bytes32 feedId) private pure returns (uint64) {
        return uint64(bytes8(feedId));
    }

    /// @dev The feed must be registered.
    function _numberOf(bytes32 feedId) private view returns (uint256) {
        return FeedStore.numberOf(FeedStore.hot(_tagOf(feedId)));
    }

    function _registration(bytes32 feedId) private view returns (Registration storage registration) {
        registration = _registrations[feedId];
        if (registration.proxy == address(0)) revert UnknownFeed(feedId);
    }

    // ------------------------------------------------------------------------------------------------ signers

    function proofDigest(uint32 epoch, uint8 index, bytes32 publicKey) public view returns (bytes32) {
        return keccak256(
            abi.encodePacked(
                deployment, PROOF_KIND, block.chainid, uint256(uint160(address(this))), epoch, index, publicKey
            )
        );
    }

    function registerSigner(uint8 index, bytes32 publicKey, bytes calldata proofOfPossession) external onlyOwner {
        uint32 epoch = currentEpoch + 1;
        if (_signers[epoch][index] != address(0)) revert SignerAlreadyRegistered(epoch, index);
        if (proofOfPossession.length != 64) revert BadLength(proofOfPossession.length, 64);
        if (keyRevoked[publicKey]) revert KeyRevoked(publicKey);

        address table = _ed25519.register(publicKey);
        uint256 known = _indexes[epoch][publicKey];
        if (known != 0) revert DuplicateKey(epoch, publicKey, uint8(known - 1));
        bytes32 digest = proofDigest(epoch, index, publicKey);
        if (!Ed25519Key(table).verify(PROOF_TAG, digest, bytes32(proofOfPossession[:32]), bytes32(proofOfPossession[32:]))) {
            revert BadProofOfPossession(epoch, index, publicKey);
        }
        _signers[epoch][index] = table;
        _indexes[epoch][publicKey] = uint256(index) + 1;
        Epoch storage staged = _epochs[epoch];
        if (staged.firstTable == address(0)) (staged.firstTable, staged.firstIndex) = (table, index);
        staged.signerCount++;
        emit SignerRegistered(epoch, index, publicKey, table);
    }

    function discardSigner(uint8 index) external onlyOwner {
        uint32 epoch = currentEpoch + 1;
        if (_signers[epoch][index] == address(0)) revert UnknownSigner(epoch, index);
        _remove(epoch, index, signerKey(epoch, index));
        emit SignerDiscarded(epoch, index);
    }

    function _remove(uint32 epoch, uint8 index, bytes32 publicKey) private {
        Epoch storage info = _epochs[epoch];
        if (info.firstTable == _signers[epoch][index]) info.firstTable = address(0);
        info.signerCount--;
        delete _signers[epoch][index];
        delete _indexes[epoch][publicKey];
    }

    function activateEpoch(uint32 epoch, uint8 threshold, uint64 previousValidUntil) external onlyOwner {
        uint32 previous = currentEpoch;
        if (epoch != previous + 1) revert NotStagedEpoch(epoch, previous + 1);
        Epoch storage staged = _epochs[epoch];
        if (threshold == 0 || threshold > staged.signerCount) revert BadThreshold(threshold, staged.signerCount);
        if (previousValidUntil > block.timestamp + MAX_OVERLAP) {
            revert BadOverlap(previousValidUntil, uint64(block.timestamp + MAX_OVERLAP));
        }

        staged.threshold = threshold;
        staged.validUntil = type(uint64).max;
        // A revoked epoch stays revoked; the one before it ends now.
        if (_epochs[previous].validUntil != 0) _epochs[previous].validUntil = previousValidUntil;
        if (previous != 0) delete _epochs[previous - 1].validUntil;
        currentEpoch = epoch;
        emit EpochActivated(epoch, threshold, _epochs[previous].validUntil);
    }

    function revokeEpoch(uint32 epoch) external onlyGuardian {
        if (block.timestamp > _epochs[epoch].validUntil) revert EpochNotAccepted(epoch);
        _epochs[epoch].validUntil = 0;
        emit EpochRevoked(epoch, msg.sender);
    }

    function revokeKey(bytes32 publicKey) external onlyGuardian {
        if (keyRevoked[publicKey]) revert KeyRevoked(publicKey);
        bool found = false;
        uint32 staged = currentEpoch + 1;
        for (uint32 epoch = staged < 2 ? 0 : staged - 2; epoch <= staged; epoch++) {
            uint256 known = _indexes[epoch][publicKey];
            if (known == 0) continue;
            found = true;
            uint8 index = uint8(known - 1);
            _remove(epoch, index, publicKey);
            emit SignerRevoked(epoch, index, publicKey, msg.sender);
        }
        if (!found) revert KeyNotRegistered(publicKey);
        keyRevoked[publicKey] = true;
    }

    // ------------------------------------------------------------------------------------------------ feeds

    function registerFeed(
        string calldata identity,
        string calldata quote,
        uint8 unit,
        uint8 decimals,
        int64 minPrice,
        int64 maxPrice,
        bool detailed,
        string calldata description
    ) external onlyOwner returns (bytes32 feedId) {
        _requireText(identity, MAX_IDENTITY, false);
        _requireText(quote, MAX_QUOTE, false);
        _requireText(description, MAX_DESCRIPTION, true);
        if (!FeedUnit.isKnown(unit)) revert BadUnit(unit);
        if (decimals != DECIMALS) revert BadDecimals(decimals, DECIMALS);
        feedId = keccak256(
            abi.encodePacked(
                "OracleNode feed v1", uint8(bytes(identity).length), identity, uint8(bytes(quote).length), quote, unit, decimals
            )
        );
        if (_registrations[feedId].proxy != address(0)) revert DuplicateFeed(feedId);
        address proxy = _add(feedId, unit, minPrice, maxPrice, detailed, description);
        emit FeedRegistered(feedId, proxy, identity, quote, unit, decimals, minPrice, maxPrice, detailed, description);
    }

    function _add(
        bytes32 feedId,
        uint8 unit,
        int64 minPrice,
        int64 maxPrice,
        bool detailed,
        string calldata description
    ) internal returns (address proxy) {
        bytes32 existing = feedIdByTag(_tagOf(feedId));
        if (existing != 0) revert FeedTagCollision(feedId, existing);
        uint256 number = _feedIds.length + 1;
        if (number > FeedStore.MAX_FEEDS) revert TooManyFeeds(number);

        proxy = _clone(feedId, unit);
        _feedIds.push(feedId);
        _registrations[feedId] = Registration(proxy, unit, description);
        uint256 flags = (FeedUnit.hasTokenRecords(unit) ? FeedStore.TOKEN : 0) | (detailed ? FeedStore.DETAILED : 0);
        FeedStore.register(_tagOf(feedId), number, flags, minPrice, maxPrice);
    }

    /// @dev EIP-1167 with the feed id and the unit after the code.
    function _clone(bytes32 feedId, uint8 unit) private returns (address proxy) {
        bytes memory code = abi.encodePacked(
            hex"604e8060093d393df3", hex"363d3d373d3d3d363d73", _proxyCode, hex"5af43d82803e903d91602b57fd5bf3", feedId, unit
        );
        assembly ("memory-safe") {
            proxy := create(0, add(code, 0x20), mload(code))
        }
        if (proxy == address(0)) revert ProxyNotCreated();
    }

    /// @param bare Without parentheses: in a description the unit alone stands in them, and the proxy puts it there.
    function _requireText(string calldata text, uint256 longest, bool bare) private pure {
        bytes calldata characters = bytes(text);
        if (characters.length == 0 || characters.length > longest) revert BadTextLength(characters.length, 1, longest);
        for (uint256 i = 0; i < characters.length; i++) {
            uint8 character = uint8(characters[i]);
            if (character < 0x20 || character > 0x7e) revert NotAscii(i, character);
            if (bare && (character == 0x28 || character == 0x29)) revert ParenthesisInDescription(i);
        }
    }

    function setBounds(bytes32 feedId, int64 minPrice, int64 maxPrice) external onlyOwner {
        _registration(feedId);
        FeedStore.setBounds(_numberOf(feedId), minPrice, maxPrice);
        emit BoundsSet(feedId, minPrice, maxPrice);
    }

    function setDetailed(bytes32 feedId, bool detailed) external onlyOwner {
        _registration(feedId);
        FeedStore.setDetailed(_tagOf(feedId), _numberOf(feedId), detailed);
        emit DetailedSet(feedId, detailed);
    }

    function setRounds(bytes32 feedId, uint16 rounds) external onlyOwner {
        _registration(feedId);
        uint256 current = FeedStore.setRounds(_tagOf(feedId), _numberOf(feedId), rounds);
        emit RoundsSet(feedId, rounds, uint80(current));
    }

    function pauseFeeds(bytes32[] calldata feedIds_) external onlyGuardian {
        for (uint256 i = 0; i < feedIds_.length; i++) {
            bytes32 feedId = feedIds_[i];
            // A feed that is paused already must not keep the others from being paused.
            if (_isPaused(feedId)) continue;
            FeedStore.setFlag(_numberOf(feedId), FeedStore.PAUSED, true);
            emit FeedPaused(feedId, msg.sender);
        }
    }

    function pauseAll() external onlyGuardian {
        FeedStore.pauseAll(_feedIds.length);
        emit AllFeedsPaused(msg.sender);
    }

    function resumeFeeds(bytes32[] calldata feedIds_) external onlyOwner {
        for (uint256 i = 0; i < feedIds_.length; i++) {
            bytes32 feedId = feedIds_[i];
            if (!_isPaused(feedId)) revert FeedNotPaused(feedId);
            FeedStore.setFlag(_numberOf(feedId), FeedStore.PAUSED, false);
            emit FeedResumed(feedId);
        }
    }

    function _isPaused(bytes32 feedId) private view returns (bool) {
        _registration(feedId);
        return FeedStore.sharedOf(_numberOf(feedId)) & FeedStore.PAUSED != 0;
    }

    // ------------------------------------------------------------------------------------------------ roles

    function transferOwnership(address newOwner) external onlyOwner {
        pendingOwner = newOwner;
        emit OwnershipTransferStarted(owner, newOwner);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner(msg.sender, pendingOwner);
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        delete pendingOwner;
    }

    /// @dev Not in the modifiers, which are copied into each function.
    function _requireOwner() private view {
        if (msg.sender != owner) revert NotOwner(msg.sender, owner);
    }

    function _requireGuardian() private view {
        if (msg.sender != guardian && msg.sender != owner) revert NotGuardian(msg.sender, guardian);
    }

    function setGuardian(address guardian_) external onlyOwner {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }
}
