// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Envelope} from "./Envelope.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title How records lie in storage
/// @dev A feed has four words, found by its tag alone:
///
///      hot         price 63, confidence 48           bits 0..110     confidence in the low 48
///                  observedAt 43 (ms)                     111..153
///                  sequence 47                            154..200
///                  session, closed reason 8               201..208   as in the record
///                  halt reason, state 8                   209..216   as in the record
///                  hold reasons 16                        217..232
///                  feed number 16 (from 1)                233..248   0 = not registered
///                  paused 1, token 1                      249, 250
///      detail      bid, ask, EMA 3 x 48 | counts 3 x 8 | nextChangeAt 40, maxAge 32       as in the record
///      multipliers multiplier 128 | next multiplier 128
///      underlying  activation 40 | underlying price 64
///
///      43 bits of milliseconds last until the year 2248; no attestation after that is accepted.
///
///      Bounds: four feeds share a word, 64 bits each: maximum 32 | minimum 32, each a mantissa of 28 bits and a decimal
///      exponent of 4, so that any price of eight significant digits is exact.
library FeedStore {
    uint256 internal constant MAX_FEEDS = type(uint16).max;
    uint256 internal constant LATEST_MILLIS = (1 << 43) - 1;

    uint256 private constant OBSERVED = 111;
    uint256 private constant SEQUENCE = 154;
    uint256 private constant SESSION = 201;
    uint256 private constant STATE = 209;
    uint256 private constant HOLD = 217;
    uint256 private constant NUMBER = 233;
    uint256 private constant PAUSED = 249;
    uint256 private constant TOKEN = 250;

    /// What a record leaves as it is: number, paused, token.
    uint256 private constant REGISTRATION = ((uint256(1) << 18) - 1) << NUMBER;

    /// keccak256("OracleNode feed words") and ("OracleNode feed bounds") with the low 72 bits cleared: far from Solidity's own slots.
    uint256 private constant WORDS = uint256(keccak256("OracleNode feed words")) >> 72 << 72;
    uint256 private constant BOUNDS = uint256(keccak256("OracleNode feed bounds")) >> 72 << 72;

    uint256 private constant ABSENT = 0x800000000000;
    uint256 private constant MAX_PRICE = uint256(uint64(type(int64).max));

    // ------------------------------------------------------------------------------------------------ words

    function hotSlot(uint64 tag) private pure returns (uint256) {
        return WORDS | (uint256(tag) << 8);
    }

    function load(uint256 slot) private view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(slot)
        }
    }

    function save(uint256 slot, uint256 word) private {
        assembly ("memory-safe") {
            sstore(slot, word)
        }
    }

    function hot(bytes32 feedId) internal view returns (uint256) {
        return load(hotSlot(uint64(bytes8(feedId))));
    }

    function numberOf(uint256 hotWord) internal pure returns (uint256) {
        return uint16(hotWord >> NUMBER);
    }

    function isPaused(uint256 hotWord) internal pure returns (bool) {
        return (hotWord >> PAUSED) & 1 == 1;
    }

    function sequenceOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> SEQUENCE) & ((1 << 47) - 1);
    }

    function observedAtOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> OBSERVED) & ((1 << 43) - 1);
    }

    function stateOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> STATE) & 0xf;
    }

    function priceOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> 48) & ((1 << 63) - 1);
    }

    function register(bytes32 feedId, uint256 number, bool token) internal {
        save(hotSlot(uint64(bytes8(feedId))), (number << NUMBER) | (token ? 1 << TOKEN : 0));
    }

    function setPaused(bytes32 feedId, bool paused) internal {
        uint256 slot = hotSlot(uint64(bytes8(feedId)));
        save(slot, (load(slot) & ~(uint256(1) << PAUSED)) | (paused ? 1 << PAUSED : 0));
    }

    // ------------------------------------------------------------------------------------------------ bounds

    function boundsOf(uint256 number) internal view returns (uint256 minPrice, uint256 maxPrice) {
        uint256 pair = load(BOUNDS | (number >> 2)) >> ((number & 3) * 64);
        unchecked {
            minPrice = ((pair >> 4) & 0xfffffff) * 10 ** (pair & 0xf);
            maxPrice = ((pair >> 36) & 0xfffffff) * 10 ** ((pair >> 32) & 0xf);
        }
    }

    function setBounds(uint256 number, int64 minPrice, int64 maxPrice) internal {
        if (minPrice <= 0 || minPrice > maxPrice) revert IOracleFeeds.BadBounds(minPrice, maxPrice);
        uint256 shift = (number & 3) * 64;
        uint256 slot = BOUNDS | (number >> 2);
        uint256 pair = (_shorten(maxPrice) << 32) | _shorten(minPrice);
        save(slot, (load(slot) & ~(uint256(type(uint64).max) << shift)) | (pair << shift));
    }

    function _shorten(int64 price) private pure returns (uint256) {
        uint256 mantissa = uint64(price);
        uint256 exponent = 0;
        while (mantissa >= 1 << 28) {
            if (mantissa % 10 != 0 || exponent == 15) revert IOracleFeeds.BoundTooPrecise(price);
            mantissa /= 10;
            exponent++;
        }
        return (mantissa << 4) | exponent;
    }

    // ------------------------------------------------------------------------------------------------ storing

    /// @notice Stores the record at this position of calldata, or says why not and changes nothing.
    /// @param sequence The batch's, below 2^47.
    function store(uint256 position, uint256 sequence) internal returns (IOracleFeeds.SkipReason) {
        unchecked {
            uint256 head = Envelope.load(position);
            uint256 slot = hotSlot(uint64(head >> 184));
            uint256 before = load(slot);
            if (numberOf(before) == 0) return IOracleFeeds.SkipReason.UnknownFeed;
            // Bytes 9..40: price 64, confidence 48, bid 48, ask 48, EMA 48.
            uint256 values = Envelope.load(position + 9);
            // Bytes 33..64; what follows EMA is in the low 192 bits: session 8, state 8, hold 32, counts 24, observedAt 48,
            // nextChangeAt 40, maxAge 32.
            uint256 tail = Envelope.load(position + 33);
            bool token = head >> 248 == 2;
            if (!_isCanonical(values, tail) || (token && !_isCanonicalToken(position))) {
                return IOracleFeeds.SkipReason.BadEncoding;
            }
            if (token != ((before >> TOKEN) & 1 == 1)) return IOracleFeeds.SkipReason.WrongType;
            if (sequence <= sequenceOf(before)) return IOracleFeeds.SkipReason.NotNewer;
            uint256 observedAt = uint48(tail >> 72);
            if (observedAt > sequence >> 4) return IOracleFeeds.SkipReason.ObservedAfterAttested;
            if (observedAt < observedAtOf(before)) return IOracleFeeds.SkipReason.ObservedBackwards;
            {
                (uint256 minPrice, uint256 maxPrice) = boundsOf(numberOf(before));
                uint256 price = values >> 192;
                if (price < minPrice || price > maxPrice) return IOracleFeeds.SkipReason.OutOfBounds;
            }

            save(
                slot,
                (before & REGISTRATION) | (values >> 144) | (observedAt << OBSERVED) | (sequence << SEQUENCE)
                    | (uint256(uint8(tail >> 184)) << SESSION) | (uint256(uint8(tail >> 176)) << STATE)
                    | (uint256(uint16(tail >> 144)) << HOLD)
            );
            save(slot + 1, (uint256(uint144(values)) << 96) | (uint256(uint24(tail >> 120)) << 72) | uint72(tail));
            if (token) {
                save(slot + 2, Envelope.load(position + 65));
                save(slot + 3, Envelope.load(position + 97) >> 152);
            }
            return IOracleFeeds.SkipReason.None;
        }
    }

    /// @dev The type is known and the tag registered when this is asked.
    function _isCanonical(uint256 values, uint256 tail) private pure returns (bool) {
        unchecked {
            uint256 price = values >> 192;
            if (price == 0 || price > MAX_PRICE) return false;

            uint256 bid = uint48(values >> 96);
            uint256 ask = uint48(values >> 48);
            if ((bid == ABSENT) != (ask == ABSENT)) return false;
            if (bid != ABSENT) {
                int256 askOffset = _signed(ask);
                if (_signed(bid) > askOffset || !_isPrice(price, _signed(bid)) || !_isPrice(price, askOffset)) return false;
            }
            uint256 ema = uint48(values);
            if (ema != ABSENT && !_isPrice(price, _signed(ema))) return false;

            uint256 session = uint8(tail >> 184);
            if (session >> 4 > 5 || session & 0xf > 5 || (session >> 4 != 5 && session & 0xf != 0)) return false;
            uint256 halt = uint8(tail >> 176);
            if (halt >> 4 > 9 || halt & 0xf == 0 || halt & 0xf > 7) return false;
            if (uint32(tail >> 144) > type(uint16).max) return false;
            if (uint8(tail >> 120) > uint8(tail >> 136)) return false;
            return uint48(tail >> 72) != 0 && uint32(tail) != 0;
        }
    }

    function _isCanonicalToken(uint256 position) private pure returns (bool) {
        uint256 multipliers = Envelope.load(position + 65);
        if (multipliers >> 128 == 0) return false;
        uint256 rest = Envelope.load(position + 97);
        if ((uint128(multipliers) == 0) != (rest >> 216 == 0)) return false;
        uint256 underlying = uint64(rest >> 152);
        return underlying != 0 && underlying <= MAX_PRICE;
    }

    function _signed(uint256 offset) private pure returns (int256 value) {
        assembly ("memory-safe") {
            value := signextend(5, offset)
        }
    }

    function _isPrice(uint256 price, int256 offset) private pure returns (bool) {
        unchecked {
            int256 sum = int256(price) + offset;
            return sum > 0 && sum <= type(int64).max;
        }
    }

    // ------------------------------------------------------------------------------------------------ reading

    /// @notice Fills everything but the feed's id and proxy.
    function read(bytes32 feedId, IOracleFeeds.FeedData memory data) internal view {
        unchecked {
            uint256 slot = hotSlot(uint64(bytes8(feedId)));
            uint256 word = load(slot);
            data.paused = isPaused(word);
            data.isToken = (word >> TOKEN) & 1 == 1;
            uint256 sequence = sequenceOf(word);
            if (sequence == 0) return;

            data.sequence = uint64(sequence);
            data.attestedAtMillis = uint64(sequence >> 4);
            uint256 price = priceOf(word);
            data.price = int64(uint64(price));
            data.confidence = uint48(word);
            data.session = uint8(word >> SESSION) >> 4;
            data.closedReason = uint8(word >> SESSION) & 0xf;
            data.haltReason = uint8(word >> STATE) >> 4;
            data.state = uint8(stateOf(word));
            data.holdReasons = uint16(word >> HOLD);
            data.observedAtMillis = uint64(observedAtOf(word));

            word = load(slot + 1);
            data.bid = _absolute(price, uint48(word >> 192));
            data.ask = _absolute(price, uint48(word >> 144));
            data.ema = _absolute(price, uint48(word >> 96));
            data.sourcesUsed = uint8(word >> 88);
            data.sourcesRejected = uint8(word >> 80);
            data.upstreams = uint8(word >> 72);
            data.nextChangeAt = uint40(word >> 32);
            data.maxAge = uint32(word);
            if (!data.isToken) return;

            word = load(slot + 2);
            data.multiplier = uint128(word >> 128);
            data.nextMultiplier = uint128(word);
            word = load(slot + 3);
            data.activation = uint40(word >> 64);
            data.underlyingPrice = int64(uint64(word));
        }
    }

    function _absolute(uint256 price, uint256 offset) private pure returns (int64) {
        unchecked {
            return offset == ABSENT ? int64(0) : int64(int256(price) + _signed(offset));
        }
    }
}
