// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The linter does not look into assembly, where names are used.
/* solhint-disable no-unused-import */
import {L, TWO_256_MOD_L} from "./Ed25519Curve.sol";
import {ROUND_CONSTANTS} from "./Ed25519Layout.sol";
/* solhint-enable no-unused-import */

/// @title The challenge of a signature: SHA-512(R || A || message) mod L, for messages of 47 bytes
/// @dev 32 + 32 + 47 bytes and their padding are one block. Only for Ed25519Key: the round constants are read from the
///      contract's own code, and memory from 0x80 on is taken as free, at addresses that are known to the compiler.
library Ed25519Challenge {
    /// @param tag First 15 bytes of the message.
    /// @param digest The other 32.
    // solhint-disable-next-line function-max-lines
    function challengeOf(bytes32 r, bytes32 key, bytes15 tag, bytes32 digest) internal pure returns (uint256 challenge) {
        uint256 high;
        uint256 low;
        // Not memory-safe in the compiler's sense: it must not move variables to where the block is.
        assembly {
            let LOW64 := 0xffffffffffffffff
            let LANES := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
            // A word of 64 bits times 2^64 + 1 stands twice, so that a shift right by less than 64 rotates it.
            let TWICE := 0x10000000000000001

            // Sixteen words of the message schedule from 0x80, the next eight from 0x180, each right-aligned in 16 bytes: one
            // mload takes two neighbours, wherever they begin.
            function spread(at, four) {
                mstore(at, or(and(shr(64, four), shl(128, 0xffffffffffffffff)), and(shr(128, four), 0xffffffffffffffff)))
                mstore(add(at, 0x20), or(and(shl(64, four), shl(128, 0xffffffffffffffff)), and(four, 0xffffffffffffffff)))
            }
            spread(0x80, r)
            spread(0xc0, key)
            // 15 + 32 bytes of message, the padding's 0x80, and 111 * 8 bits.
            spread(0x100, or(tag, shr(120, digest)))
            spread(0x140, or(or(shl(136, digest), shl(128, 0x80)), 888))

            // The working values, each standing twice. Only the low 64 bits of a sum are looked at, so what lies above them,
            // in a word read from memory or carried out of an addition, does no harm until it is masked away.
            let a := mul(0x6a09e667f3bcc908, TWICE)
            let b := mul(0xbb67ae8584caa73b, TWICE)
            let c := mul(0x3c6ef372fe94f82b, TWICE)
            let d := mul(0xa54ff53a5f1d36f1, TWICE)
            let e := mul(0x510e527fade682d1, TWICE)
            let f := mul(0x9b05688c2b3e6c1f, TWICE)
            let g := mul(0x1f83d9abfb41bd6b, TWICE)
            let h := mul(0x5be0cd19137e2179, TWICE)
            // Maj(a, b, c) = b ^ ((a ^ b) & (b ^ c)), and b ^ c is the a ^ b of the round before.
            let bc := xor(b, c)
            codecopy(0x200, ROUND_CONSTANTS, 0x40)
            for { let constants := ROUND_CONSTANTS } 1 {} {
                let t
                let ab
                /* solhint-disable max-line-length */
                // Eight rounds; the names move on by one each time, and are back in their places. t is T1; then come
                // e' = d + T1 and a' = T1 + T2.
                t := add(add(add(h, xor(xor(shr(14, e), shr(18, e)), shr(41, e))), xor(g, and(e, xor(f, g)))), add(mload(0x70), mload(0x1e8)))
                ab := xor(a, b)
                d := mul(and(add(d, t), LOW64), TWICE)
                h := mul(and(add(add(t, xor(xor(shr(28, a), shr(34, a)), shr(39, a))), xor(b, and(ab, bc))), LOW64), TWICE)
                t := add(add(add(g, xor(xor(shr(14, d), shr(18, d)), shr(41, d))), xor(f, and(d, xor(e, f)))), add(mload(0x80), mload(0x1f0)))
                bc := xor(h, a)
                c := mul(and(add(c, t), LOW64), TWICE)
                g := mul(and(add(add(t, xor(xor(shr(28, h), shr(34, h)), shr(39, h))), xor(a, and(bc, ab))), LOW64), TWICE)
                t := add(add(add(f, xor(xor(shr(14, c), shr(18, c)), shr(41, c))), xor(e, and(c, xor(d, e)))), add(mload(0x90), mload(0x1f8)))
                ab := xor(g, h)
                b := mul(and(add(b, t), LOW64), TWICE)
                f := mul(and(add(add(t, xor(xor(shr(28, g), shr(34, g)), shr(39, g))), xor(h, and(ab, bc))), LOW64), TWICE)
                t := add(add(add(e, xor(xor(shr(14, b), shr(18, b)), shr(41, b))), xor(d, and(b, xor(c, d)))), add(mload(0xa0), mload(0x200)))
                bc := xor(f, g)
                a := mul(and(add(a, t), LOW64), TWICE)
                e := mul(and(add(add(t, xor(xor(shr(28, f), shr(34, f)), shr(39, f))), xor(g, and(bc, ab))), LOW64), TWICE)
                t := add(add(add(d, xor(xor(shr(14, a), shr(18, a)), shr(41, a))), xor(c, and(a, xor(b, c)))), add(mload(0xb0), mload(0x208)))
                ab := xor(e, f)
                h := mul(and(add(h, t), LOW64), TWICE)
                d := mul(and(add(add(t, xor(xor(shr(28, e), shr(34, e)), shr(39, e))), xor(f, and(ab, bc))), LOW64), TWICE)
                t := add(add(add(c, xor(xor(shr(14, h), shr(18, h)), shr(41, h))), xor(b, and(h, xor(a, b)))), add(mload(0xc0), mload(0x210)))
                bc := xor(d, e)
                g := mul(and(add(g, t), LOW64), TWICE)
                c := mul(and(add(add(t, xor(xor(shr(28, d), shr(34, d)), shr(39, d))), xor(e, and(bc, ab))), LOW64), TWICE)
                t := add(add(add(b, xor(xor(shr(14, g), shr(18, g)), shr(41, g))), xor(a, and(g, xor(h, a)))), add(mload(0xd0), mload(0x218)))
                ab := xor(c, d)
                f := mul(and(add(f, t), LOW64), TWICE)
                b := mul(and(add(add(t, xor(xor(shr(28, c), shr(34, c)), shr(39, c))), xor(d, and(ab, bc))), LOW64), TWICE)
                t := add(add(add(a, xor(xor(shr(14, f), shr(18, f)), shr(41, f))), xor(h, and(f, xor(g, h)))), add(mload(0xe0), mload(0x220)))
                /* solhint-enable max-line-length */
                bc := xor(b, c)
                e := mul(and(add(e, t), LOW64), TWICE)
                a := mul(and(add(add(t, xor(xor(shr(28, b), shr(34, b)), shr(39, b))), xor(c, and(bc, ab))), LOW64), TWICE)
                constants := add(constants, 0x40)
                if eq(constants, add(ROUND_CONSTANTS, 0x280)) { break }
                codecopy(0x200, constants, 0x40)

                // The next eight words, two at a time: w[t] = s1(w[t-2]) + w[t-7] + s0(w[t-15]) + w[t-16]. x holds w[t-15] and
                // the one behind it, y w[t-2] and the one behind it. A sum of four masked words stays inside its 128 bits.
                if lt(constants, add(ROUND_CONSTANTS, 0x240)) {
                    let x
                    let xx
                    let yy
                    let y := mload(0x160)

                    x := mload(0x90)
                    xx := mul(x, TWICE)
                    yy := mul(y, TWICE)
                    xx := and(xor(xor(shr(1, xx), shr(8, xx)), shr(7, x)), LANES)
                    y := and(add(add(xx, and(xor(xor(shr(19, yy), shr(61, yy)), shr(6, y)), LANES)), add(mload(0x110), mload(0x80))), LANES)
                    mstore(0x180, y)

                    x := mload(0xb0)
                    xx := mul(x, TWICE)
                    yy := mul(y, TWICE)
                    xx := and(xor(xor(shr(1, xx), shr(8, xx)), shr(7, x)), LANES)
                    y := and(add(add(xx, and(xor(xor(shr(19, yy), shr(61, yy)), shr(6, y)), LANES)), add(mload(0x130), mload(0xa0))), LANES)
                    mstore(0x1a0, y)

                    x := mload(0xd0)
                    xx := mul(x, TWICE)
                    yy := mul(y, TWICE)
                    xx := and(xor(xor(shr(1, xx), shr(8, xx)), shr(7, x)), LANES)
                    y := and(add(add(xx, and(xor(xor(shr(19, yy), shr(61, yy)), shr(6, y)), LANES)), add(mload(0x150), mload(0xc0))), LANES)
                    mstore(0x1c0, y)

                    x := mload(0xf0)
                    xx := mul(x, TWICE)
                    yy := mul(y, TWICE)
                    xx := and(xor(xor(shr(1, xx), shr(8, xx)), shr(7, x)), LANES)
                    y := and(add(add(xx, and(xor(xor(shr(19, yy), shr(61, yy)), shr(6, y)), LANES)), add(mload(0x170), mload(0xe0))), LANES)
                    mstore(0x1e0, y)
                }
                mcopy(0x80, 0x100, 0x100)
            }
            a := and(add(a, 0x6a09e667f3bcc908), LOW64)
            b := and(add(b, 0xbb67ae8584caa73b), LOW64)
            c := and(add(c, 0x3c6ef372fe94f82b), LOW64)
            d := add(d, 0xa54ff53a5f1d36f1)
            e := and(add(e, 0x510e527fade682d1), LOW64)
            f := and(add(f, 0x9b05688c2b3e6c1f), LOW64)
            g := and(add(g, 0x1f83d9abfb41bd6b), LOW64)
            h := add(h, 0x5be0cd19137e2179)
            // The digest is a little-endian number of 512 bits: the first word is the lowest, its bytes reversed.
            function reverseEach(four) -> reversed {
                let mask := 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
                reversed := or(and(shr(8, four), mask), shl(8, and(four, mask)))
                mask := 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
                reversed := or(and(shr(16, reversed), mask), shl(16, and(reversed, mask)))
                mask := 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff
                reversed := or(and(shr(32, reversed), mask), shl(32, and(reversed, mask)))
            }
            low := reverseEach(or(or(a, shl(64, b)), or(shl(128, c), shl(192, d))))
            high := reverseEach(or(or(e, shl(64, f)), or(shl(128, g), shl(192, h))))
            challenge := addmod(low, mulmod(high, TWO_256_MOD_L, L), L)
        }
    }
}
