// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The linter does not look into assembly, where names are used.
/* solhint-disable no-unused-import */
import {Ed25519Challenge} from "./Ed25519Challenge.sol";
import {D, L, NEUTRAL, P, TWO_P, power, reverseBytes} from "./Ed25519Curve.sol";
import {BASE_ROWS, KEY_ROWS, PUBLIC_KEY} from "./Ed25519Layout.sol";
/* solhint-enable no-unused-import */

/// @title Verifier of one Ed25519 key
/// @notice Made by the contract Ed25519 only, which puts the tables behind this code. A check is one SHA-512 block, 31
///         doublings, 64 additions and one inversion, all from one account.
/// @dev RFC 8032 without cofactor: R' = S*B - k*A is computed, encoded and compared with the 32 bytes of R, so R is
///      canonical when they are equal. S < L. The key is canonical and of prime order, which Ed25519 saw to.
///
///      R' is a sum of points of prime order: of prime order itself, or neutral. So the one point of small order that R can
///      equal is the neutral element, refused here because Solana's native program and libsodium refuse every R of small
///      order.
contract Ed25519Key {
    /// @notice The key whose signatures this verifies.
    function publicKey() external pure returns (bytes32) {
        return _publicKey();
    }

    /// @notice Whether (r, s) is the key's signature of `tag || digest`, a message of 47 bytes.
    /// @param tag First 15 bytes of the message.
    /// @param digest The other 32.
    /// @param r First half of the signature.
    /// @param s Second half, little-endian as signed.
    function verify(bytes15 tag, bytes32 digest, bytes32 r, bytes32 s) external view returns (bool) {
        uint256 scalar = reverseBytes(uint256(s));
        if (scalar >= L || r == NEUTRAL) return false;
        return _sum(scalar, Ed25519Challenge.challengeOf(r, _publicKey(), tag, digest)) == r;
    }

    /// @notice scalar * B - k * A, encoded, for scalars up to L; A times L itself tells whether A is of prime order.
    function sum(uint256 scalar, uint256 k) external view returns (bytes32) {
        return _sum(scalar, k);
    }

    /// @notice SHA-512(R || A || tag || digest) mod L.
    function challenge(bytes15 tag, bytes32 digest, bytes32 r) external pure returns (uint256) {
        return Ed25519Challenge.challengeOf(r, _publicKey(), tag, digest);
    }

    function _publicKey() private pure returns (bytes32 key) {
        assembly ("memory-safe") {
            codecopy(0, PUBLIC_KEY, 0x20)
            key := mload(0)
        }
    }

    /// @dev Two combs of 8 teeth, 32 apart. An odd n < 2^256 is the sum of +-2^i for i < 256, minus where bit i of
    ///      n >> 1 | 2^255 is 0; an even scalar takes n = scalar + L. Column j has the signs of 2^(32t + j), t < 8, and its sum
    ///      is a row of the table or the negative of one: row m holds the point with minus at tooth 0 and the signs of m at
    ///      the others.
    // solhint-disable-next-line function-max-lines
    function _sum(uint256 scalar, uint256 k) private view returns (bytes32) {
        uint256 x;
        uint256 y;
        uint256 z;
        assembly ("memory-safe") {
            // One byte a column, bit t of it for tooth t: swapping index bits 7-2, 6-1 and 5-0 brings that of column j to
            // byte 4 * (j mod 8) + j / 8. Then bit 0 says whether the row is taken as its negative, where the others are
            // turned over, and bits 1-7 are the row.
            function columns(n) -> u {
                n := add(n, mul(L, iszero(and(n, 1))))
                n := or(shr(1, n), shl(255, 1))
                let t := and(xor(shr(124, n), n), 0xf0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0)
                u := xor(n, xor(t, shl(124, t)))
                t := and(xor(shr(62, u), u), 0x0000000000000000cccccccccccccccc0000000000000000cccccccccccccccc)
                u := xor(u, xor(t, shl(62, t)))
                t := and(xor(shr(31, u), u), 0x00000000aaaaaaaa00000000aaaaaaaa00000000aaaaaaaa00000000aaaaaaaa)
                u := xor(u, xor(t, shl(31, t)))
                u := xor(u, mul(and(u, 0x0101010101010101010101010101010101010101010101010101010101010101), 0xfe))
            }
            let ofBase := columns(scalar)
            let ofKey := columns(k)
            y := 1
            z := 1
            let t := 0
            // Bytes counted from the high end: 0, 4, .. 28, 1, 5, .. 31 are the columns 31, 30, .. 0.
            for { let n := 0 } 1 {} {
                // Add the base point's row: u = (y2 + x2)/2 and v = (y2 - x2)/2, swapped for the negative, so y2 = u + v and
                // x2 = u - v. The halves make E, F, G, H half of what the books have. X, Y, Z and T are reduced, C too:
                // every sum here is below 2p.
                {
                    let w := shl(5, byte(n, ofBase))
                    let minus := and(w, 0x20)
                    codecopy(0, add(BASE_ROWS, xor(w, minus)), 0x40)
                    let u := mload(minus)
                    let v := mload(xor(minus, 0x20))
                    let c := mulmod(mulmod(t, D, P), mulmod(add(u, v), add(u, sub(P, v)), P), P)
                    u := mulmod(add(y, x), u, P)
                    v := mulmod(add(y, sub(P, x)), v, P)
                    let e := add(u, sub(P, v))
                    let h := add(u, v)
                    let f := add(z, sub(P, c))
                    let g := add(z, c)
                    x := mulmod(e, f, P)
                    y := mulmod(g, h, P)
                    z := mulmod(f, g, P)
                    t := mulmod(e, h, P)
                }
                // Add the key's row likewise; what follows needs no T. Written out twice: a loop over both rows costs 1,356 gas more.
                {
                    let w := shl(5, byte(n, ofKey))
                    let minus := and(w, 0x20)
                    codecopy(0, add(KEY_ROWS, xor(w, minus)), 0x40)
                    let u := mload(minus)
                    let v := mload(xor(minus, 0x20))
                    let c := mulmod(mulmod(t, D, P), mulmod(add(u, v), add(u, sub(P, v)), P), P)
                    u := mulmod(add(y, x), u, P)
                    v := mulmod(add(y, sub(P, x)), v, P)
                    let e := add(u, sub(P, v))
                    let h := add(u, v)
                    let f := add(z, sub(P, c))
                    let g := add(z, c)
                    x := mulmod(e, f, P)
                    y := mulmod(g, h, P)
                    z := mulmod(f, g, P)
                }
                if eq(n, 31) { break }
                n := add(mod(add(n, 3), 31), 1)
                // Double. E = 2XY, H = X^2 + Y^2, G = Y^2 - X^2, all below 2p, F = 2Z^2 - G.
                {
                    let xx := mulmod(x, x, P)
                    let yy := mulmod(y, y, P)
                    let e := mulmod(x, y, P)
                    e := add(e, e)
                    let g := add(yy, sub(P, xx))
                    let h := add(xx, yy)
                    let f := addmod(mulmod(z, add(z, z), P), sub(TWO_P, g), P)
                    x := mulmod(e, f, P)
                    y := mulmod(g, h, P)
                    z := mulmod(f, g, P)
                    t := mulmod(e, h, P)
                }
            }
        }
        unchecked {
            uint256 inverse = power(z, P - 2);
            return bytes32(reverseBytes(mulmod(y, inverse, P) | (mulmod(x, inverse, P) << 255)));
        }
    }
}
