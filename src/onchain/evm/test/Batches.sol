// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracleFeeds} from "../src/IOracleFeeds.sol";
import {OracleFeeds} from "../src/OracleFeeds.sol";
import {Ed25519Parts} from "./Ed25519Parts.sol";
import {Test} from "./Test.sol";

/// @notice Makes records, trees, envelopes and signatures by the byte layout, apart from the code under test. The verifier
///         that signs here is itself tested against an independent library.
abstract contract Batches is Test {
    uint256 internal constant L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed;
    int48 internal constant ABSENT = type(int48).min;
    uint64 internal constant DEPLOYMENT = 0x1122334455667788;
    /// 2026-06-10 13:30:00 UTC.
    uint40 internal constant NOW = 1_781_098_200;
    uint48 internal constant NOW_MILLIS = 1_781_098_200_000;
    uint64 internal constant MAX_FUTURE = 5_000;
    uint64 internal constant MAX_AGE = 120_000;

    address internal constant OWNER = address(0xA11CE);
    address internal constant GUARDIAN = address(0x60A4D);
    address internal constant RELAYER = address(0x4E1A);

    struct Record {
        uint8 kind;
        uint64 tag;
        int64 price;
        uint48 confidence;
        int48 bid;
        int48 ask;
        int48 ema;
        uint8 session;
        uint8 closedReason;
        uint8 haltReason;
        uint8 state;
        uint32 holdReasons;
        uint8 sourcesUsed;
        uint8 sourcesRejected;
        uint8 upstreams;
        uint48 observedAt;
        uint40 nextChangeAt;
        uint32 maxAge;
        uint128 multiplier;
        uint128 nextMultiplier;
        uint40 activation;
        int64 underlying;
    }

    struct Batch {
        uint8 version;
        uint64 deployment;
        uint32 epoch;
        uint64 sequence;
        bytes32 evidence;
        bytes[] records;
        uint16 first;
        uint8 level;
    }

    Ed25519Parts internal signing;
    OracleFeeds internal feeds;
    bytes32 internal share;
    bytes32 internal token;
    /// Feeds that store no bid, ask, EMA and counts; the two above do.
    bytes32 internal plain;
    bytes32 internal plainToken;
    uint256[] internal secrets;

    function deploy() internal {
        vm.warp(NOW);
        signing = Ed25519Parts(create("Ed25519Parts.sol:Ed25519Parts", ""));
        feeds = new OracleFeeds(DEPLOYMENT, OWNER, MAX_FUTURE, MAX_AGE);
        vm.prank(OWNER);
        feeds.setGuardian(GUARDIAN);
    }

    function deployWithSignerAndFeeds() internal {
        deploy();
        secrets.push(uint256(keccak256("first")) % L);
        registerSigner(0, secrets[0]);
        vm.prank(OWNER);
        feeds.activateEpoch(1, 1, 0);
        share = registerFeed("figi:BBG000N9P426@XNAS", 1);
        token = registerFeed("figi:BBG000N9P426@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsDoV", 2);
    }

    function registerPlainFeeds() internal {
        plain = registerFeed("figi:BBG000B9Y5X2@XNAS", 1, false);
        plainToken = registerFeed("figi:BBG000B9Y5X2@XNAS;solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:XsbEh", 2, false);
    }

    function registerFeed(string memory identity, uint8 unit) internal returns (bytes32) {
        return registerFeed(identity, unit, true);
    }

    function registerFeed(string memory identity, uint8 unit, bool detailed) internal returns (bytes32) {
        vm.prank(OWNER);
        return feeds.registerFeed(identity, "USD", unit, 8, 1e8, 10_000e8, detailed, "TSLA / USD");
    }

    function only(bytes32 id) internal pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = id;
    }

    // ------------------------------------------------------------------------------------------------ signing

    function keyOf(uint256 secret) internal view returns (bytes32) {
        return signing.timesBase(secret);
    }

    function sign(uint256 secret, bytes15 tag, bytes32 digest) internal view returns (bytes memory) {
        uint256 nonce = uint256(keccak256(abi.encode(secret, tag, digest))) % L;
        bytes32 r = signing.timesBase(nonce);
        uint256 challenge = signing.challengeOf(r, keyOf(secret), abi.encodePacked(tag, digest));
        uint256 s = addmod(nonce, mulmod(challenge, secret, L), L);
        return abi.encodePacked(r, signing.reversed(bytes32(s)));
    }

    function proofOf(uint256 secret, uint8 index) internal view returns (bytes memory) {
        return sign(secret, "OracleNodeProof", feeds.proofDigest(feeds.currentEpoch() + 1, index, keyOf(secret)));
    }

    function registerSigner(uint8 index, uint256 secret) internal {
        bytes memory proof = proofOf(secret, index);
        bytes32 key = keyOf(secret);
        vm.prank(OWNER);
        feeds.registerSigner(index, key, proof);
    }

    // ------------------------------------------------------------------------------------------------ records

    function shareRecord() internal view returns (Record memory record) {
        return shareRecordOf(share);
    }

    function shareRecordOf(bytes32 feedId) internal pure returns (Record memory record) {
        record.kind = 1;
        record.tag = uint64(bytes8(feedId));
        record.price = 320_41500000;
        record.confidence = 1_250_000;
        record.bid = -1_000_000;
        record.ask = 1_500_000;
        record.ema = -75_000_000;
        record.session = 2;
        record.state = 1;
        record.sourcesUsed = 5;
        record.sourcesRejected = 2;
        record.upstreams = 3;
        record.observedAt = NOW_MILLIS - 437;
        record.nextChangeAt = NOW + 23_400;
        record.maxAge = 90;
    }

    function tokenRecord() internal view returns (Record memory record) {
        return tokenRecordOf(token);
    }

    function tokenRecordOf(bytes32 feedId) internal pure returns (Record memory record) {
        record = shareRecordOf(feedId);
        record.kind = 2;
        record.multiplier = 1.0031e18;
        record.nextMultiplier = 5.0155e18;
        record.activation = NOW + 86_400;
        record.underlying = 319_40000000;
    }

    function encode(Record memory r) internal pure returns (bytes memory encoded) {
        encoded = abi.encodePacked(r.kind, r.tag, r.price, r.confidence, r.bid, r.ask, r.ema);
        encoded = abi.encodePacked(
            encoded,
            uint8((r.session << 4) | r.closedReason),
            uint8((r.haltReason << 4) | r.state),
            r.holdReasons,
            r.sourcesUsed,
            r.sourcesRejected,
            r.upstreams,
            r.observedAt,
            r.nextChangeAt,
            r.maxAge
        );
        if (r.kind == 2) {
            encoded = abi.encodePacked(encoded, r.multiplier, r.nextMultiplier, r.activation, r.underlying);
        }
    }

    // ------------------------------------------------------------------------------------------------ batches

    function batchOf(bytes memory record) internal pure returns (Batch memory batch) {
        bytes[] memory records = new bytes[](1);
        records[0] = record;
        return batchOf(records);
    }

    function batchOf(bytes memory one, bytes memory two) internal pure returns (Batch memory batch) {
        bytes[] memory records = new bytes[](2);
        (records[0], records[1]) = (one, two);
        return batchOf(records);
    }

    function batchOf(bytes[] memory records) internal pure returns (Batch memory batch) {
        batch = Batch(1, DEPLOYMENT, 1, uint64(NOW_MILLIS) * 16, keccak256("evidence"), records, 0, 0);
        while (1 << batch.level < records.length) batch.level++;
    }

    /// @dev The tree as the layout says it: level by level, the last one without a partner goes up as it is.
    function levelsOf(bytes[] memory records) internal pure returns (bytes32[][] memory levels) {
        levels = new bytes32[][](18);
        levels[0] = new bytes32[](records.length);
        for (uint256 i = 0; i < records.length; i++) levels[0][i] = keccak256(abi.encodePacked(uint8(0), records[i]));
        for (uint256 l = 0; l < 17; l++) {
            bytes32[] memory below = levels[l];
            bytes32[] memory above = new bytes32[]((below.length + 1) / 2);
            for (uint256 i = 0; i < above.length; i++) {
                above[i] = 2 * i + 1 < below.length ? keccak256(abi.encodePacked(below[2 * i], below[2 * i + 1])) : below[2 * i];
            }
            levels[l + 1] = above;
        }
    }

    function digestOf(Batch memory batch) internal pure returns (bytes32) {
        bytes32 root = levelsOf(batch.records)[17][0];
        return keccak256(
            abi.encodePacked(
                batch.version, batch.deployment, batch.epoch, batch.sequence, uint16(batch.records.length), root, batch.evidence
            )
        );
    }

    function runOf(Batch memory batch) internal pure returns (bytes memory run) {
        bytes32[][] memory levels = levelsOf(batch.records);
        run = abi.encodePacked(batch.first, batch.level);
        uint256 index = batch.first >> batch.level;
        for (uint256 l = batch.level; levels[l].length > 1; l++) {
            uint256 sibling = index ^ 1;
            if (sibling < levels[l].length) run = abi.encodePacked(run, levels[l][sibling]);
            index >>= 1;
        }
        for (uint256 i = batch.first; i < batch.records.length && i < batch.first + (1 << batch.level); i++) {
            run = abi.encodePacked(run, batch.records[i]);
        }
    }

    function prefixOf(Batch memory batch, uint8 signatures) internal pure returns (bytes memory) {
        return abi.encodePacked(
            batch.version, batch.deployment, batch.epoch, batch.sequence, uint16(batch.records.length), batch.evidence, signatures
        );
    }

    /// @dev Signed by the one signer.
    function envelopeOf(Batch memory batch) internal view returns (bytes memory) {
        return abi.encodePacked(
            prefixOf(batch, 1), uint8(0), sign(secrets[0], "OracleNodeBatch", digestOf(batch)), runOf(batch)
        );
    }

    function submit(Batch memory batch) internal {
        bytes memory envelope = envelopeOf(batch);
        vm.prank(RELAYER);
        feeds.submit(envelope);
    }

    function submit(bytes memory record, uint64 sequence) internal {
        Batch memory batch = batchOf(record);
        batch.sequence = sequence;
        submit(batch);
    }

    function expectSubmitRevert(Batch memory batch, bytes memory err) internal {
        bytes memory envelope = envelopeOf(batch);
        vm.expectRevert(err);
        feeds.submit(envelope);
    }

    function expectSkip(bytes memory record, IOracleFeeds.SkipReason reason) internal {
        expectSkip(record, uint64(NOW_MILLIS) * 16 + 1, reason);
    }

    /// @dev The record is skipped for that reason and neither storage nor its good neighbour suffers.
    function expectSkip(bytes memory record, uint64 sequence, IOracleFeeds.SkipReason reason) internal {
        Batch memory batch = batchOf(record);
        batch.sequence = sequence;
        expectSubmitRevert(
            batch, abi.encodeWithSelector(IOracleFeeds.NothingStored.selector, abi.encodePacked(uint16(0), reason))
        );
    }

    /// @dev Every field that the feed stores is as it was signed, the others are none.
    function assertStored(Record memory signed, uint64 sequence, bytes32 feedId) internal view {
        Record memory r = copyOf(signed);
        IOracleFeeds.FeedData memory data = feeds.read(feedId);
        assertEq(data.sequence, sequence, "sequence");
        assertEq(data.attestedAtMillis, sequence >> 4, "attestedAt");
        if (!data.detailed) {
            (r.bid, r.ask, r.ema) = (ABSENT, ABSENT, ABSENT);
            (r.sourcesUsed, r.sourcesRejected, r.upstreams) = (0, 0, 0);
        }
        assertEq(encodeStored(data), encode(r), "record read back");
    }

    function copyOf(Record memory r) internal pure returns (Record memory) {
        return abi.decode(abi.encode(r), (Record));
    }

    /// @dev Every byte of the record from what `read` returns.
    function encodeStored(IOracleFeeds.FeedData memory d) internal pure returns (bytes memory) {
        Record memory r;
        r.kind = d.isToken ? 2 : 1;
        r.tag = uint64(bytes8(d.feedId));
        r.price = d.price;
        r.confidence = uint48(d.confidence);
        r.bid = d.bid == 0 ? ABSENT : int48(d.bid - d.price);
        r.ask = d.ask == 0 ? ABSENT : int48(d.ask - d.price);
        r.ema = d.ema == 0 ? ABSENT : int48(d.ema - d.price);
        r.session = d.session;
        r.closedReason = d.closedReason;
        r.haltReason = d.haltReason;
        r.state = d.state;
        r.holdReasons = d.holdReasons;
        r.sourcesUsed = d.sourcesUsed;
        r.sourcesRejected = d.sourcesRejected;
        r.upstreams = d.upstreams;
        r.observedAt = uint48(d.observedAtMillis);
        r.nextChangeAt = uint40(d.nextChangeAt);
        r.maxAge = d.maxAge;
        r.multiplier = d.multiplier;
        r.nextMultiplier = d.nextMultiplier;
        r.activation = uint40(d.activation);
        r.underlying = d.underlyingPrice;
        return encode(r);
    }
}
