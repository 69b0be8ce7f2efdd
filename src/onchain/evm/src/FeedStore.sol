// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Envelope} from "./Envelope.sol";
import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title How records lie in storage
/// @dev A feed has five words, found by its tag alone; a record moves as few of them as it must. Every field is stored
///      exactly as it was signed, or not at all.
///
///      0 hot, all that a lending decision needs, one storage write per record:
///          confidence 48               bits 0..47
///          price 54                         48..101   no bound is 2^54 or more, so no price is
///          observedAt 42 (ms)               102..143
///          sequence 46                      144..189  attestation time 42 (ms), slot 4
///          hold reasons 16                  190..205
///          state 3                          206..208  0 = nothing stored yet
///          halt reason 4                    209..212
///          session 4                        213..216  session + closed reason: 0..4 are sessions, 5..10 closed with reason 0..5
///          next change 20                   217..236  seconds after the second of attestation; 0 = unknown; all ones = in detail
///          max age 9                        237..245  number 7 | unit 2: 1 s, 60 s, 3,600 s; unit 3 = in detail
///          feed number 10                   246..255  from 1; 0 = not registered
///      1 detail       bid, ask, EMA 3 x 48 | counts 3 x 8 | nextChangeAt 40, maxAge 32    as in the record
///                     Written with each record of a feed that is registered as detailed; of others only when next change or
///                     max age do not fit into the hot word, and then nothing but these two is read from it.
///      2 multipliers  multiplier 128 | next multiplier 128                                tokens only
///      3 underlying   activation 40 | underlying price 64                                 tokens only
///      4 rounds       ring size 16 | oldest id 48 | current id 48                         feeds with a ring of rounds only
///
///      42 bits of milliseconds last until May 2109; no attestation after that is accepted.
///
///      Ring of rounds: one word per past round: observedAt 42 | price 54, at its id modulo the ring's size.
///
///      Shared: four feeds, by their number, have a word together, 64 bits each:
///          minimum 29, maximum 29      bits 0..57     mantissa 24 | decimal exponent 5: exact up to seven digits
///          paused, token, detailed, ring    58..61
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
    uint256 internal constant HIGHEST_BOUND = (1 << 54) - 1;

    uint256 internal constant PAUSED = 1 << 58;
    uint256 internal constant TOKEN = 1 << 59;
    uint256 internal constant DETAILED = 1 << 60;
    uint256 internal constant RING = 1 << 61;

    uint256 private constant OBSERVED = 102;
    uint256 private constant SEQUENCE = 144;
    uint256 private constant HOLD = 190;
    uint256 private constant STATE = 206;
    uint256 private constant HALT = 209;
    uint256 private constant SESSION = 213;
    uint256 private constant NEXT_CHANGE = 217;
    uint256 private constant MAX_AGE = 237;
    uint256 private constant NUMBER = 246;

    uint256 private constant NEXT_CHANGE_IN_DETAIL = (1 << 20) - 1;
    uint256 private constant MAX_AGE_IN_DETAIL = 3;

    uint256 private constant BOUND = 29;
    uint256 private constant PAUSED_FOUR = PAUSED | (PAUSED << 64) | (PAUSED << 128) | (PAUSED << 192);

    /// Far from Solidity's own slots, with the low bits free for tag and word, number, or tag and place in the ring.
    uint256 private constant WORDS = uint256(keccak256("OracleNode feed words")) >> 80 << 80;
    uint256 private constant SHARED = uint256(keccak256("OracleNode shared words")) >> 80 << 80;
    uint256 private constant ROUNDS = uint256(keccak256("OracleNode feed rounds")) >> 80 << 80;

    uint256 private constant ABSENT = 0x800000000000;
    /// The same with its sign extended: -2^47.
    uint256 private constant ABSENT_SIGNED = 0xffffffffffffffffffffffffffffffffffffffffffffffffffff800000000000;
    uint256 private constant MAX_PRICE = 0x7fffffffffffffff;

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
        return hotWord >> NUMBER;
    }

    function stateOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> STATE) & 0x7;
    }

    function priceOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> 48) & HIGHEST_BOUND;
    }

    function observedAtOf(uint256 hotWord) internal pure returns (uint256) {
        return (hotWord >> OBSERVED) & LATEST_MILLIS;
    }

    function sequenceOf(uint256 hotWord) private pure returns (uint256) {
        return (hotWord >> SEQUENCE) & ((1 << 46) - 1);
    }

    // ------------------------------------------------------------------------------------------------ shared words

    /// @notice A feed's 64 bits of its shared word: flags above, bounds below.
    function sharedOf(uint256 number) internal view returns (uint256) {
        return uint64(load(SHARED | (number >> 2)) >> ((number & 3) * 64));
    }

    function _saveShared(uint256 number, uint256 bits) private {
        uint256 shift = (number & 3) * 64;
        uint256 slot = SHARED | (number >> 2);
        save(slot, (load(slot) & ~(uint256(type(uint64).max) << shift)) | (bits << shift));
    }

    function register(uint64 tag, uint256 number, uint256 flags, int64 minPrice, int64 maxPrice) internal {
        save(hotSlot(tag), number << NUMBER);
        _saveShared(number, flags | _shorten(minPrice, maxPrice));
    }

    function setFlag(uint256 number, uint256 flag, bool on) internal {
        uint256 bits = sharedOf(number);
        _saveShared(number, on ? bits | flag : bits & ~flag);
    }

    /// @notice Pauses feeds 1 to `count`, four with one write.
    function pauseAll(uint256 count) internal {
        for (uint256 i = 0; i <= count >> 2; i++) {
            // Places without a feed are written anew when one is registered there.
            save(SHARED | i, load(SHARED | i) | PAUSED_FOUR);
        }
    }

    function boundsIn(uint256 bits) internal pure returns (uint256 minPrice, uint256 maxPrice) {
        unchecked {
            minPrice = ((bits >> 5) & 0xffffff) * 10 ** (bits & 0x1f);
            maxPrice = ((bits >> (BOUND + 5)) & 0xffffff) * 10 ** ((bits >> BOUND) & 0x1f);
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
        while (mantissa >= 1 << 24) {
            if (mantissa % 10 != 0) revert IOracleFeeds.BoundTooPrecise(price);
            mantissa /= 10;
            exponent++;
        }
        return (mantissa << 5) | exponent;
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

    /// @param sequence Below 2^46.
    function batchOf(uint256 sequence) internal pure returns (Batch memory) {
        return Batch(sequence, sequence / 16_000, 0, 0);
    }

    /// @notice Stores the record at this position of calldata, or says why not and changes nothing.
    function store(uint256 position, Batch memory batch) internal returns (IOracleFeeds.SkipReason) {
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
            uint256 shared = _sharedOf(numberOf(before), batch);
            if (token != (shared & TOKEN != 0)) return IOracleFeeds.SkipReason.WrongType;
            uint256 sequence = batch.sequence;
            if (sequence <= sequenceOf(before)) return IOracleFeeds.SkipReason.NotNewer;
            uint256 observedAt = uint48(tail >> 72);
            if (observedAt > sequence >> 4) return IOracleFeeds.SkipReason.ObservedAfterAttested;
            if (observedAt < observedAtOf(before)) return IOracleFeeds.SkipReason.ObservedBackwards;
            {
                (uint256 minPrice, uint256 maxPrice) = boundsIn(shared);
                uint256 price = values >> 192;
                if (price < minPrice || price > maxPrice) return IOracleFeeds.SkipReason.OutOfBounds;
            }

            if (shared & RING != 0 && observedAt != observedAtOf(before)) _openRound(slot, before);
            (uint256 validity, bool inDetail) = _shortenValidity(tail, batch.second);
            if (inDetail || shared & DETAILED != 0) {
                save(slot + 1, (uint256(uint144(values)) << 96) | (uint256(uint24(tail >> 120)) << 72) | uint72(tail));
            }
            if (token) {
                save(slot + 2, Envelope.load(position + 65));
                save(slot + 3, Envelope.load(position + 97) >> 152);
            }
            save(
                slot,
                (before >> NUMBER << NUMBER) | (values >> 144) | (observedAt << OBSERVED) | (sequence << SEQUENCE)
                    | (uint256(uint16(tail >> 144)) << HOLD) | (((tail >> 176) & 0x7) << STATE)
                    | (((tail >> 180) & 0xf) << HALT) | ((((tail >> 188) & 0xf) + ((tail >> 184) & 0xf)) << SESSION) | validity
            );
            return IOracleFeeds.SkipReason.None;
        }
    }

    function _sharedOf(uint256 number, Batch memory batch) private view returns (uint256) {
        unchecked {
            uint256 slot = SHARED | (number >> 2);
            if (slot != batch.sharedSlot) (batch.sharedSlot, batch.shared) = (slot, load(slot));
            return batch.shared >> ((number & 3) * 64);
        }
    }

    /// @dev Next change and max age as they lie in the hot word, and whether one of them is in detail.
    function _shortenValidity(uint256 tail, uint256 second) private pure returns (uint256 validity, bool inDetail) {
        unchecked {
            uint256 nextChange = uint40(tail >> 32);
            if (nextChange != 0) {
                // What lies before its origin wraps around and is far too large.
                nextChange -= second;
                if (nextChange - 1 >= NEXT_CHANGE_IN_DETAIL - 1) (nextChange, inDetail) = (NEXT_CHANGE_IN_DETAIL, true);
            }
            uint256 maxAge = uint32(tail);
            if (maxAge > 127) {
                if (maxAge % 60 == 0 && maxAge <= 127 * 60) maxAge = (maxAge / 60) | (1 << 7);
                else if (maxAge % 3600 == 0 && maxAge <= 127 * 3600) maxAge = (maxAge / 3600) | (2 << 7);
                else (maxAge, inDetail) = (MAX_AGE_IN_DETAIL << 7, true);
            }
            validity = (nextChange << NEXT_CHANGE) | (maxAge << MAX_AGE);
        }
    }

    /// @dev The type is known and the tag registered when this is asked. Written without branches, as each record pays for it;
    ///      `bad` is 0 when nothing is wrong.
    function _isCanonical(uint256 values, uint256 tail) private pure returns (bool good) {
        assembly ("memory-safe") {
            function beyond(price) -> yes {
                // Neither of 1 to 2^63 - 1; 0 and below wrap around.
                yes := iszero(lt(sub(price, 1), MAX_PRICE))
            }
            let price := shr(192, values)
            let bid := signextend(5, shr(96, values))
            let ask := signextend(5, shr(48, values))
            let ema := signextend(5, values)
            let noBid := eq(bid, ABSENT_SIGNED)

            let bad := beyond(price)
            bad := or(bad, xor(noBid, eq(ask, ABSENT_SIGNED)))
            bad := or(bad, and(iszero(noBid), or(sgt(bid, ask), or(beyond(add(price, bid)), beyond(add(price, ask))))))
            bad := or(bad, and(iszero(eq(ema, ABSENT_SIGNED)), beyond(add(price, ema))))
            // Bits 16 to 31 of the hold reasons, and more upstreams than sources used.
            bad := or(bad, and(shr(160, tail), 0xffff))
            bad := or(bad, gt(and(shr(120, tail), 0xff), and(shr(136, tail), 0xff)))
            // No time of observation, no maximal age.
            bad := or(bad, or(iszero(shl(208, shr(72, tail))), iszero(shl(224, tail))))
            good := and(shr(and(shr(184, tail), 0xff), SESSIONS), shr(and(shr(176, tail), 0xff), HALTS_AND_STATES))
            good := and(good, iszero(bad))
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
            return (word & HIGHEST_BOUND, word >> 54);
        }
    }

    /// @dev The round that was current becomes the newest of the past ones, as it was at its end.
    function _openRound(uint256 slot, uint256 before) private {
        unchecked {
            uint256 ring = load(slot + 4);
            if (stateOf(before) != 0) {
                uint256 tag = uint64(slot >> 8);
                save(ROUNDS | (tag << 16) | (uint48(ring) % (ring >> 96)), (observedAtOf(before) << 54) | priceOf(before));
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
            data.confidence = uint48(word);
            uint256 session = (word >> SESSION) & 0xf;
            (data.session, data.closedReason) = session < 5 ? (uint8(session), 0) : (5, uint8(session - 5));
            data.haltReason = uint8((word >> HALT) & 0xf);
            data.state = uint8(stateOf(word));
            data.holdReasons = uint16(word >> HOLD);
            data.observedAtMillis = uint64(observedAtOf(word));

            uint256 nextChange = (word >> NEXT_CHANGE) & NEXT_CHANGE_IN_DETAIL;
            uint256 maxAge = (word >> MAX_AGE) & 0x7f;
            uint256 unit = (word >> (MAX_AGE + 7)) & 0x3;
            uint256 detail = data.detailed || nextChange == NEXT_CHANGE_IN_DETAIL || unit == MAX_AGE_IN_DETAIL ? load(slot + 1) : 0;
            if (nextChange != 0) {
                data.nextChangeAt = uint64(nextChange == NEXT_CHANGE_IN_DETAIL ? uint40(detail >> 32) : sequence / 16_000 + nextChange);
            }
            data.maxAge = uint32(unit == MAX_AGE_IN_DETAIL ? detail : maxAge * (unit == 0 ? 1 : unit == 1 ? 60 : 3600));
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
