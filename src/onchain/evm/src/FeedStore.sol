// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Envelope} from "./Envelope.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title How records lie in storage
/// @dev A feed has five words, found by its tag alone; a record moves as few of them as it must. Every field is stored
///      exactly as it was signed, or not at all.
///
///      0 hot, all that a lending decision needs, one storage write per record:
///          feed number 10              bits 0..9      from 1; 0 = not registered
///          confidence 48                    10..57
///          price 52                         58..109   no bound is 2^52 or more, so no price is
///          observedAt 42 (ms)               110..151
///          state 3                          152..154  0 = nothing stored yet
///          halt reason 4                    155..158
///          session 4                        159..162  session + closed reason: 0..4 are sessions, 5..10 closed with reason 0..5
///          next change 19                   163..181  seconds after the second of attestation; 0 = unknown; all ones = in detail
///          hold reasons 16                  182..197  as far from observedAt as in the record, to move together
///          max age 12                       198..209  seconds; 0 = in detail
///          sequence 46                      210..255  attestation time 42 (ms), slot 4
///      1 detail       bid, ask, EMA 3 x 48 | counts 3 x 8 | nextChangeAt 40, maxAge 32    as in the record
///                     Written with each record of a feed that is registered as detailed; of others only when next change or
///                     max age do not fit into the hot word, and then nothing but these two is read from it.
///      2 multipliers  multiplier 128 | next multiplier 128                                tokens only
///      3 underlying   activation 40 | underlying price 64                                 tokens only
///      4 rounds       ring size 16 | oldest id 48 | current id 48                         feeds with a ring of rounds only
///
///      42 bits of milliseconds last until May 2109; no attestation after that is accepted.
///
///      Ring of rounds: one word per past round: observedAt 42 | price 52, at its id modulo the ring's size.
///
///      Shared: eight feeds, by their number, have a word together, 32 bits each:
///          minimum 14, maximum 14      bits 0..27     mantissa 10 | decimal exponent 4: exact up to three digits
///          paused, token, detailed, ring    28..31
library FeedStore {
    /// What the records of one batch have in common.
    struct Batch {
        uint256 sequence;
        /// `sequence` in seconds, the origin of next changes.
        uint256 second;
        /// The shared word read last, and where it is: neighbours usually share it.
        uint256 sharedSlot;
        uint256 shared;
    }

    uint256 internal constant MAX_FEEDS = (1 << 10) - 1;
    uint256 internal constant LATEST_MILLIS = (1 << 42) - 1;
    uint256 internal constant HIGHEST_BOUND = (1 << 52) - 1;

    uint256 internal constant PAUSED = 1 << 28;
    uint256 internal constant TOKEN = 1 << 29;
    uint256 internal constant DETAILED = 1 << 30;
    uint256 internal constant RING = 1 << 31;

    uint256 private constant CONFIDENCE = 10;
    uint256 private constant PRICE = 58;
    uint256 private constant OBSERVED = 110;
    uint256 private constant STATE = 152;
    uint256 private constant HALT = 155;
    uint256 private constant SESSION = 159;
    uint256 private constant NEXT_CHANGE = 163;
    uint256 private constant HOLD = 182;
    uint256 private constant MAX_AGE = 198;
    uint256 private constant SEQUENCE = 210;

    uint256 private constant NUMBER_MASK = 0x3ff;
    uint256 private constant NEXT_CHANGE_IN_DETAIL = 0x7ffff;
    /// One less than the longest: so that 0 is too long.
    uint256 private constant LONGEST_NEXT_CHANGE = 0x7fffd;
    uint256 private constant LONGEST_MAX_AGE = 0xfff;

    uint256 private constant BOUND = 14;
    /// Token, detailed, ring: of such a feed the hot word is not all that is stored.
    uint256 private constant BEYOND_HOT = 0xe0000000;
    uint256 private constant PAUSED_EIGHT = 0x1000000010000000100000001000000010000000100000001000000010000000;

    /// Far from Solidity's own slots, with the low bits free for tag and word, number, or tag and place in the ring.
    uint256 private constant WORDS = uint256(keccak256("OracleNode feed words")) >> 80 << 80;
    uint256 private constant SHARED = uint256(keccak256("OracleNode shared words")) >> 80 << 80;
    uint256 private constant ROUNDS = uint256(keccak256("OracleNode feed rounds")) >> 80 << 80;

    uint256 private constant ABSENT = 0x800000000000;
    /// The same with its sign extended: -2^47.
    uint256 private constant ABSENT_SIGNED = 0xffffffffffffffffffffffffffffffffffffffffffffffffffff800000000000;
    uint256 private constant MAX_PRICE = uint256(uint64(type(int64).max));
    uint256 private constant LATEST = 0x3ffffffffff;
    /// In the tail of a record: what of it is stored of observedAt (bits 72..113) and hold reasons (144..159), 38 further up.
    uint256 private constant OBSERVED_AND_HOLD = 0x00ffff00000003ffffffffff000000000000000000;
    /// In the tail of a record: bits 16 to 31 of the hold reasons.
    uint256 private constant HOLD_UNUSED = 0xffff0000000000000000000000000000000000000000;

    /// Bit b is set when b is a byte of session and closed reason: 0x00, 0x10, .., 0x40, 0x50 to 0x55.
    uint256 private constant SESSIONS = 0x0000000000000000000000000000000000000000003f00010001000100010001;
    /// Bit b is set when b is a byte of halt reason and state: 0x01 to 0x07, 0x11 to 0x17, .., 0x91 to 0x97.
    uint256 private constant HALTS_AND_STATES = 0x00000000000000000000000000fe00fe00fe00fe00fe00fe00fe00fe00fe00fe;

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

    function hot(uint64 tag) internal view returns (uint256) {
        return load(hotSlot(tag));
    }

    function numberOf(uint256 hotWord) internal pure returns (uint256) {
        return hotWord & NUMBER_MASK;
    }

    function stateOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> STATE) & 0x7;
    }

    function priceOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> PRICE) & HIGHEST_BOUND;
    }

    function observedAtOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> OBSERVED) & LATEST_MILLIS;
    }

    function sequenceOf(uint256 hotWord) private pure returns (uint256) {
        return hotWord >> SEQUENCE;
    }

    // ------------------------------------------------------------------------------------------------ shared words

    /// @notice A feed's 32 bits of its shared word: flags above, bounds below.
    function sharedOf(uint256 number) internal view returns (uint256) {
        return uint32(load(SHARED | (number >> 3)) >> ((number & 7) * 32));
    }

    function _saveShared(uint256 number, uint256 bits) private {
        uint256 shift = (number & 7) * 32;
        uint256 slot = SHARED | (number >> 3);
        save(slot, (load(slot) & ~(uint256(type(uint32).max) << shift)) | (bits << shift));
    }

    function register(uint64 tag, uint256 number, uint256 flags, int64 minPrice, int64 maxPrice) internal {
        save(hotSlot(tag), number);
        _saveShared(number, flags | _shorten(minPrice, maxPrice));
    }

    function setFlag(uint256 number, uint256 flag, bool on) internal {
        uint256 bits = sharedOf(number);
        _saveShared(number, on ? bits | flag : bits & ~flag);
    }

    /// @notice Pauses feeds 1 to `count`, eight with one write.
    function pauseAll(uint256 count) internal {
        for (uint256 i = 0; i <= count >> 3; i++) {
            // Places without a feed are written anew when one is registered there.
            save(SHARED | i, load(SHARED | i) | PAUSED_EIGHT);
        }
    }

    function boundsIn(uint256 bits) internal pure returns (uint256 minPrice, uint256 maxPrice) {
        unchecked {
            minPrice = ((bits >> 4) & 0x3ff) * 10 ** (bits & 0xf);
            maxPrice = ((bits >> (BOUND + 4)) & 0x3ff) * 10 ** ((bits >> BOUND) & 0xf);
        }
    }

    function setBounds(uint256 number, int64 minPrice, int64 maxPrice) internal {
        uint256 flags = sharedOf(number) >> (2 * BOUND) << (2 * BOUND);
        _saveShared(number, flags | _shorten(minPrice, maxPrice));
    }

    function _shorten(int64 minPrice, int64 maxPrice) private pure returns (uint256) {
        if (minPrice <= 0 || minPrice > maxPrice) revert IOracleFeeds.BadBounds(minPrice, maxPrice);
        if (uint64(maxPrice) > HIGHEST_BOUND) {
            revert IOracleFeeds.BadLimit(uint64(maxPrice), uint64(minPrice), HIGHEST_BOUND);
        }
        return (_shorten(maxPrice) << BOUND) | _shorten(minPrice);
    }

    function _shorten(int64 price) private pure returns (uint256) {
        uint256 mantissa = uint64(price);
        uint256 exponent = 0;
        while (mantissa >= 1 << 10) {
            if (mantissa % 10 != 0) revert IOracleFeeds.BoundTooPrecise(price);
            mantissa /= 10;
            exponent++;
        }
        return (mantissa << 4) | exponent;
    }

    /// @notice From now on bid, ask, EMA and counts are stored, or no longer. What is stored stays, bid, ask and EMA are none
    ///         until the next record.
    function setDetailed(uint64 tag, uint256 number, bool on) internal {
        if ((sharedOf(number) & DETAILED != 0) == on) return;
        setFlag(number, DETAILED, on);
        uint256 slot = hotSlot(tag) + 1;
        if (on) save(slot, ((ABSENT << 96 | ABSENT << 48 | ABSENT) << 96) | uint72(load(slot)));
    }

    // ------------------------------------------------------------------------------------------------ storing

    /// @notice Stores the records of an envelope that was opened, each of them or not.
    /// @param position Where the first one begins in calldata.
    /// @param first Its place in the whole batch.
    /// @param run How many there are.
    /// @param sequence The batch's, below 2^46.
    /// @return stored How many were stored.
    /// @return skipped Three bytes for each of the others: u16 place in the whole batch, u8 `SkipReason`.
    function storeAll(uint256 position, uint256 first, uint256 run, uint256 sequence)
        internal
        returns (uint256 stored, bytes memory skipped)
    {
        unchecked {
            Batch memory batch = Batch(sequence, sequence / 16_000, 0, 0);
            uint256 left = run;
            uint256 count = 0;
            while (true) {
                bool bad;
                (position, left, bad) = _storeUsual(position, left, batch);
                if (left == 0) break;
                IOracleFeeds.SkipReason reason = bad ? _reasonOf(position, batch) : _storeOther(position, batch);
                if (reason != IOracleFeeds.SkipReason.None) {
                    if (count == 0) skipped = new bytes(3 * left);
                    uint256 entry = ((first + run - left) << 8) | uint8(reason);
                    assembly ("memory-safe") {
                        let to := add(add(skipped, 0x20), mul(count, 3))
                        mstore8(to, shr(16, entry))
                        mstore8(add(to, 1), shr(8, entry))
                        mstore8(add(to, 2), entry)
                    }
                    count++;
                }
                position += Envelope.recordLength(position);
                left--;
            }
            if (count != 0) {
                assembly ("memory-safe") {
                    mstore(skipped, mul(count, 3))
                }
            }
            stored = run - count;
        }
    }

    /// @dev Stores one record after the other as long as they are usual: share records that fit into the hot word of a feed that
    ///      keeps nothing more. Each record pays for this, so all that can be wrong is looked at without branches; `_reasonOf`
    ///      then finds out what it was.
    /// @param left How many records there are from `position` on.
    /// @return next Where the first unusual record is.
    /// @return remaining How many there are from there on; 0 when all were stored.
    /// @return bad That it cannot be stored; if not, `_storeOther` has to decide.
    // solhint-disable-next-line function-max-lines
    function _storeUsual(uint256 position, uint256 left, Batch memory batch)
        private
        returns (uint256 next, uint256 remaining, bool bad)
    {
        uint256 words = WORDS;
        uint256 shareds = SHARED;
        assembly ("memory-safe") {
            for {} left {} {
                let slot := or(words, shl(8, and(shr(184, calldataload(position)), 0xffffffffffffffff)))
                let before := sload(slot)
                // The feed's 32 bits of its shared word, and its neighbours' above.
                let shared
                {
                    let feed := and(before, NUMBER_MASK)
                    let sharedSlot := or(shareds, shr(3, feed))
                    if xor(sharedSlot, mload(add(batch, 0x40))) {
                        mstore(add(batch, 0x40), sharedSlot)
                        mstore(add(batch, 0x60), sload(sharedSlot))
                    }
                    shared := shr(and(shl(5, feed), 0xe0), mload(add(batch, 0x60)))
                    bad := iszero(feed)
                }

                // The record's bytes 9 to 64 in scratch memory. Word 0: price 64, confidence 48, bid 48, ask 48, EMA 48. Word 24:
                // end of the EMA 64, session 8, state 8, hold 32, counts 3 x 8, observedAt 48, nextChangeAt 40, maxAge 32.
                calldatacopy(0, add(position, 9), 56)
                bad := or(gt(byte(16, mload(24)), byte(14, mload(24))), bad)
                bad := or(and(mload(24), HOLD_UNUSED), bad)
                bad := or(iszero(and(1, and(shr(byte(8, mload(24)), SESSIONS), shr(byte(9, mload(24)), HALTS_AND_STATES)))), bad)
                let maxAge := and(mload(24), 0xffffffff)
                bad := or(iszero(maxAge), bad)
                {
                    let sequence := mload(batch)
                    let observedAt := and(shr(72, mload(24)), 0xffffffffffff)
                    bad := or(iszero(lt(shr(SEQUENCE, before), sequence)), bad)
                    bad := or(gt(observedAt, shr(4, sequence)), bad)
                    bad := or(lt(observedAt, and(shr(OBSERVED, before), LATEST)), bad)
                    bad := or(iszero(observedAt), bad)
                }
                {
                    let price := shr(192, mload(0))
                    bad := or(lt(price, mul(and(shr(4, shared), 0x3ff), exp(10, and(shared, 0xf)))), bad)
                    bad := or(gt(price, mul(and(shr(18, shared), 0x3ff), exp(10, and(shr(14, shared), 0xf)))), bad)
                    // gt(a, b) of two truths is "a and not b". Within its bounds a price is positive and far below 2^63, and with
                    // an offset it still is below; so only sums that are not positive are left to find.
                    let offset := signextend(5, mload(0))
                    bad := or(gt(slt(add(price, offset), 1), eq(offset, ABSENT_SIGNED)), bad)
                    offset := signextend(5, shr(96, mload(0)))
                    let absent := eq(offset, ABSENT_SIGNED)
                    bad := or(gt(slt(add(price, offset), 1), absent), bad)
                    let ask := signextend(5, shr(48, mload(0)))
                    bad := or(or(sgt(offset, ask), xor(absent, eq(ask, ABSENT_SIGNED))), bad)
                }

                // What lies before its origin, and what is unknown, wraps around and is far too large.
                let nextChange := sub(and(shr(32, mload(24)), 0xffffffffff), mload(add(batch, 0x20)))
                let unusual := or(gt(sub(nextChange, 1), LONGEST_NEXT_CHANGE), gt(maxAge, LONGEST_MAX_AGE))
                unusual := or(and(shared, BEYOND_HOT), unusual)
                unusual := or(xor(1, shr(248, calldataload(position))), unusual)
                if or(bad, unusual) { break }

                let word := or(and(before, NUMBER_MASK), shl(SEQUENCE, mload(batch)))
                word := or(shl(NEXT_CHANGE, nextChange), word)
                word := or(shl(MAX_AGE, maxAge), word)
                // Price and confidence lie side by side in the record too.
                word := or(shl(CONFIDENCE, shr(144, mload(0))), word)
                word := or(shl(38, and(mload(24), OBSERVED_AND_HOLD)), word)
                word := or(shl(STATE, and(byte(9, mload(24)), 0x7)), word)
                word := or(shl(HALT, shr(4, byte(9, mload(24)))), word)
                word := or(shl(SESSION, add(shr(4, byte(8, mload(24))), and(byte(8, mload(24)), 0xf))), word)
                sstore(slot, word)

                position := add(position, 65)
                left := sub(left, 1)
            }
            bad := iszero(iszero(bad))
        }
        return (position, left, bad);
    }

    /// @dev Stores a record in which nothing is wrong but its type or what only token records have.
    function _storeOther(uint256 position, Batch memory batch) private returns (IOracleFeeds.SkipReason) {
        unchecked {
            uint256 slot = hotSlot(uint64(Envelope.load(position) >> 184));
            uint256 before = load(slot);
            uint256 shared = sharedOf(numberOf(before));
            uint256 values = Envelope.load(position + 9);
            uint256 tail = Envelope.load(position + 33);
            bool token = Envelope.load(position) >> 248 == 2;
            if (token && !_isCanonicalToken(position)) return IOracleFeeds.SkipReason.BadEncoding;
            if (token != (shared & TOKEN != 0)) return IOracleFeeds.SkipReason.WrongType;
            if (token) {
                save(slot + 2, Envelope.load(position + 65));
                save(slot + 3, Envelope.load(position + 97) >> 152);
            }
            if (shared & RING != 0 && uint48(tail >> 72) != observedAtOf(before)) _openRound(slot, before);

            bool inDetail = shared & DETAILED != 0;
            uint256 nextChange = uint40(tail >> 32);
            if (nextChange != 0) {
                nextChange -= batch.second;
                if (nextChange - 1 > LONGEST_NEXT_CHANGE) (nextChange, inDetail) = (NEXT_CHANGE_IN_DETAIL, true);
            }
            uint256 maxAge = uint32(tail);
            if (maxAge > LONGEST_MAX_AGE) (maxAge, inDetail) = (0, true);
            if (inDetail) {
                save(slot + 1, (uint256(uint144(values)) << 96) | (uint256(uint24(tail >> 120)) << 72) | uint72(tail));
            }
            uint256 word = numberOf(before) | ((values >> 144) << CONFIDENCE) | (uint256(uint48(tail >> 72)) << OBSERVED);
            word |= (batch.sequence << SEQUENCE) | (uint256(uint16(tail >> 144)) << HOLD);
            word |= (((tail >> 176) & 0x7) << STATE) | (((tail >> 180) & 0xf) << HALT);
            word |= (((tail >> 188) & 0xf) + ((tail >> 184) & 0xf)) << SESSION;
            save(slot, word | (nextChange << NEXT_CHANGE) | (maxAge << MAX_AGE));
            return IOracleFeeds.SkipReason.None;
        }
    }

    /// @dev Why a record cannot be stored: the first reason of those that apply.
    function _reasonOf(uint256 position, Batch memory batch) private view returns (IOracleFeeds.SkipReason) {
        uint256 before = load(hotSlot(uint64(Envelope.load(position) >> 184)));
        if (numberOf(before) == 0) return IOracleFeeds.SkipReason.UnknownFeed;
        uint256 values = Envelope.load(position + 9);
        uint256 tail = Envelope.load(position + 33);
        bool token = Envelope.load(position) >> 248 == 2;
        if (!_isCanonical(values, tail) || (token && !_isCanonicalToken(position))) return IOracleFeeds.SkipReason.BadEncoding;
        uint256 shared = sharedOf(numberOf(before));
        if (token != (shared & TOKEN != 0)) return IOracleFeeds.SkipReason.WrongType;
        if (batch.sequence <= sequenceOf(before)) return IOracleFeeds.SkipReason.NotNewer;
        uint256 observedAt = uint48(tail >> 72);
        if (observedAt > batch.sequence >> 4) return IOracleFeeds.SkipReason.ObservedAfterAttested;
        if (observedAt < observedAtOf(before)) return IOracleFeeds.SkipReason.ObservedBackwards;
        (uint256 minPrice, uint256 maxPrice) = boundsIn(shared);
        assert(values >> 192 < minPrice || values >> 192 > maxPrice);
        return IOracleFeeds.SkipReason.OutOfBounds;
    }

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
        if (uint128(multipliers) != 0 && rest >> 216 == 0) return false;
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

    // ------------------------------------------------------------------------------------------------ rounds

    /// @notice Sets how many past rounds are kept; what was kept so far is dropped.
    /// @dev Ids go on from where they are: from the observation's milliseconds when the ring is new, and they step by one from
    ///      then on, at most once per millisecond of observation. So they never are ahead of it, and do not fall when the ring
    ///      is removed.
    /// @return current The id of the current round.
    function setRounds(uint64 tag, uint256 number, uint256 size) internal returns (uint256 current) {
        uint256 word = hot(tag);
        uint256 slot = hotSlot(tag) + 4;
        current = currentRound(tag, word, sharedOf(number));
        setFlag(number, RING, size != 0);
        // Before the first record there is no round: the first one will be 1.
        uint256 oldest = stateOf(word) == 0 ? current + 1 : current;
        save(slot, size == 0 ? 0 : (size << 96) | (oldest << 48) | current);
        if (size == 0) current = observedAtOf(word);
    }

    function roundsOf(uint64 tag) internal view returns (uint256) {
        return load(hotSlot(tag) + 4) >> 96;
    }

    /// @notice The id of the current round.
    function currentRound(uint64 tag, uint256 hotWord, uint256 shared) internal view returns (uint256) {
        return shared & RING == 0 ? observedAtOf(hotWord) : uint48(load(hotSlot(tag) + 4));
    }

    /// @notice A round that is over; price 0 when it is not kept.
    function pastRound(uint64 tag, uint256 shared, uint256 id) internal view returns (uint256 price, uint256 observedAt) {
        unchecked {
            if (shared & RING == 0) return (0, 0);
            uint256 ring = load(hotSlot(tag) + 4);
            uint256 current = uint48(ring);
            uint256 size = ring >> 96;
            if (id >= current || id < uint48(ring >> 48) || current - id > size) return (0, 0);
            uint256 word = load(ROUNDS | (uint256(tag) << 16) | (id % size));
            return (word & HIGHEST_BOUND, word >> 52);
        }
    }

    /// @dev The round that was current becomes the newest of the past ones, as it was at its end.
    function _openRound(uint256 slot, uint256 before) private {
        unchecked {
            uint256 ring = load(slot + 4);
            if (stateOf(before) != 0) {
                uint256 tag = uint64(slot >> 8);
                save(ROUNDS | (tag << 16) | (uint48(ring) % (ring >> 96)), (observedAtOf(before) << 52) | priceOf(before));
            }
            save(slot + 4, ring + 1);
        }
    }

    // ------------------------------------------------------------------------------------------------ reading

    /// @notice Fills everything but the feed's id and proxy.
    function read(uint64 tag, IOracleFeeds.FeedData memory data) internal view {
        unchecked {
            uint256 slot = hotSlot(tag);
            uint256 word = load(slot);
            uint256 shared = sharedOf(numberOf(word));
            data.paused = shared & PAUSED != 0;
            data.isToken = shared & TOKEN != 0;
            data.detailed = shared & DETAILED != 0;
            uint256 sequence = sequenceOf(word);
            if (sequence == 0) return;

            data.sequence = uint64(sequence);
            data.attestedAtMillis = uint64(sequence >> 4);
            uint256 price = priceOf(word);
            data.price = int64(uint64(price));
            data.confidence = uint48(word >> CONFIDENCE);
            uint256 session = (word >> SESSION) & 0xf;
            (data.session, data.closedReason) = session < 5 ? (uint8(session), 0) : (5, uint8(session - 5));
            data.haltReason = uint8((word >> HALT) & 0xf);
            data.state = uint8(stateOf(word));
            data.holdReasons = uint16(word >> HOLD);
            data.observedAtMillis = uint64(observedAtOf(word));

            uint256 nextChange = (word >> NEXT_CHANGE) & NEXT_CHANGE_IN_DETAIL;
            uint256 maxAge = (word >> MAX_AGE) & LONGEST_MAX_AGE;
            uint256 detail = data.detailed || nextChange == NEXT_CHANGE_IN_DETAIL || maxAge == 0 ? load(slot + 1) : 0;
            if (nextChange != 0) {
                data.nextChangeAt = uint64(nextChange == NEXT_CHANGE_IN_DETAIL ? uint40(detail >> 32) : sequence / 16_000 + nextChange);
            }
            data.maxAge = uint32(maxAge == 0 ? detail : maxAge);
            if (data.detailed) {
                data.bid = _absolute(price, uint48(detail >> 192));
                data.ask = _absolute(price, uint48(detail >> 144));
                data.ema = _absolute(price, uint48(detail >> 96));
                data.sourcesUsed = uint8(detail >> 88);
                data.sourcesRejected = uint8(detail >> 80);
                data.upstreams = uint8(detail >> 72);
            }
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
