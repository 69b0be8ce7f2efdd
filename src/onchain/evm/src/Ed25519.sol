// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Ed25519 over keys known in advance
/// @notice For the base point and for each registered key a contract without code of its own holds 256 precomputed points
///         (a comb of 8 teeth, 32 apart). The tables are computed here, from the key alone; nobody can bring their own.
///         A check then is one SHA-512 block, 32 doublings, 64 additions and one inversion.
/// @dev RFC 8032 without cofactor: R' = S*B - k*A is computed, encoded and compared with the 32 bytes of R, so R is
///      canonical when they are equal. S < L. Keys are canonical and of prime order; an R of small order is refused. What
///      libsodium and Solana's native program refuse is refused here.
///
///      Points are in extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, xy = T/Z, on -x^2 + y^2 = 1 + d*x^2*y^2; the
///      addition law used is complete. mulmod takes any 256-bit operands, so sums and differences below 2^256 stay
///      unreduced: every variable is below p unless said otherwise, and 2p < 2^256.
contract Ed25519 {
    /// The encoding's y is not below p, or it is the encoding of x = 0 with the sign bit set.
    error KeyNotCanonical(bytes32 publicKey);
    error KeyNotOnCurve(bytes32 publicKey);
    error KeySmallOrder(bytes32 publicKey);
    /// Not of prime order: the key has a component of small order.
    error KeyMixedOrder(bytes32 publicKey);
    error TableNotCreated();
    error OutOfGas();

    /// Every message is one of the contract's own: 15 bytes that name its kind and a 32-byte digest.
    uint256 public constant MESSAGE_LENGTH = 47;

    uint256 private constant P = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed;
    /// Order of the base point.
    uint256 private constant L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed;
    uint256 private constant TWO_256_MOD_L = 0x0ffffffffffffffffffffffffffffffec6ef5bf4737dcf70d6ec31748d98951d;
    uint256 private constant D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3;
    uint256 private constant SQRT_MINUS_1 = 0x2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0;
    uint256 private constant HALF = 0x3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7;
    /// y = 4/5, x even.
    bytes32 private constant BASE_POINT = 0x5866666666666666666666666666666666666666666666666666666666666666;

    uint256 private constant TEETH = 8;
    uint256 private constant SPACING = 32;
    uint256 private constant ENTRY = 96;

    /// @notice Where the base point's table is.
    address public immutable baseTable;

    /// @notice The table of a registered key; 0 when it was never registered.
    mapping(bytes32 publicKey => address table) public registered;

    constructor() {
        (uint256 x, uint256 y) = _decompress(BASE_POINT);
        baseTable = _createTable(x, y);
    }

    /// @notice Checks a key and builds its table, once; anyone may, a table proves nothing about its key's owner.
    /// @return table Where the table is, to be passed to `verify`.
    function register(bytes32 publicKey) external returns (address table) {
        table = registered[publicKey];
        if (table != address(0)) return table;

        (uint256 x, uint256 y) = _decompress(publicKey);
        uint256 negatedX = x == 0 ? 0 : P - x;
        _refuseSmallOrder(negatedX, y, publicKey);
        table = _createTable(negatedX, y);

        // L * A = O exactly when A has no component of small order.
        (uint256 productX, uint256 productY, uint256 productZ) = _multiply(0, L, baseTable, table);
        if (productX != 0 || productY != productZ) revert KeyMixedOrder(publicKey);
        registered[publicKey] = table;
    }

    /// @notice The key a table was made from.
    function keyOf(address table) external view returns (bytes32) {
        return _keyOf(table);
    }

    /// @notice Whether (r, s) is the signature of `tag || digest` by the key of `table`.
    /// @param table As returned by `register`; anything else gives an answer without meaning.
    /// @param tag First 15 bytes of the message.
    /// @param digest The other 32.
    /// @param r First half of the signature.
    /// @param s Second half, little-endian as signed.
    function verify(address table, bytes15 tag, bytes32 digest, bytes32 r, bytes32 s) external view returns (bool) {
        uint256 scalar = _reverseBytes(uint256(s));
        // R' has prime order or is the neutral element; only the latter is of small order.
        if (scalar >= L || r == bytes32(uint256(1) << 248)) return false;
        uint256 k = _challenge(r, _keyOf(table), tag, digest);
        (uint256 x, uint256 y, uint256 z) = _multiply(scalar, k, baseTable, table);
        return _compress(x, y, z) == r;
    }

    // ------------------------------------------------------------------------------------------------ scalars

    /// @dev SHA-512(R || A || message) mod L. The 111 bytes and their padding are one block. Sums carry bits above 64 as long
    ///      as only their low 64 are looked at; a word times 2^64 + 1 stands twice, so that a shift rotates it.
    function _challenge(bytes32 r, bytes32 key, bytes15 tag, bytes32 digest) internal pure returns (uint256 challenge) {
        // One constant in the low half of every 16 bytes, as the schedule below; 32 zero bytes end them.
        bytes memory roundConstants =
            hex"0000000000000000428a2f98d728ae2200000000000000007137449123ef65cd"
            hex"0000000000000000b5c0fbcfec4d3b2f0000000000000000e9b5dba58189dbbc"
            hex"00000000000000003956c25bf348b538000000000000000059f111f1b605d019"
            hex"0000000000000000923f82a4af194f9b0000000000000000ab1c5ed5da6d8118"
            hex"0000000000000000d807aa98a3030242000000000000000012835b0145706fbe"
            hex"0000000000000000243185be4ee4b28c0000000000000000550c7dc3d5ffb4e2"
            hex"000000000000000072be5d74f27b896f000000000000000080deb1fe3b1696b1"
            hex"00000000000000009bdc06a725c712350000000000000000c19bf174cf692694"
            hex"0000000000000000e49b69c19ef14ad20000000000000000efbe4786384f25e3"
            hex"00000000000000000fc19dc68b8cd5b50000000000000000240ca1cc77ac9c65"
            hex"00000000000000002de92c6f592b027500000000000000004a7484aa6ea6e483"
            hex"00000000000000005cb0a9dcbd41fbd4000000000000000076f988da831153b5"
            hex"0000000000000000983e5152ee66dfab0000000000000000a831c66d2db43210"
            hex"0000000000000000b00327c898fb213f0000000000000000bf597fc7beef0ee4"
            hex"0000000000000000c6e00bf33da88fc20000000000000000d5a79147930aa725"
            hex"000000000000000006ca6351e003826f0000000000000000142929670a0e6e70"
            hex"000000000000000027b70a8546d22ffc00000000000000002e1b21385c26c926"
            hex"00000000000000004d2c6dfc5ac42aed000000000000000053380d139d95b3df"
            hex"0000000000000000650a73548baf63de0000000000000000766a0abb3c77b2a8"
            hex"000000000000000081c2c92e47edaee6000000000000000092722c851482353b"
            hex"0000000000000000a2bfe8a14cf103640000000000000000a81a664bbc423001"
            hex"0000000000000000c24b8b70d0f897910000000000000000c76c51a30654be30"
            hex"0000000000000000d192e819d6ef52180000000000000000d69906245565a910"
            hex"0000000000000000f40e35855771202a0000000000000000106aa07032bbd1b8"
            hex"000000000000000019a4c116b8d2d0c800000000000000001e376c085141ab53"
            hex"00000000000000002748774cdf8eeb99000000000000000034b0bcb5e19b48a8"
            hex"0000000000000000391c0cb3c5c95a6300000000000000004ed8aa4ae3418acb"
            hex"00000000000000005b9cca4f7763e3730000000000000000682e6ff3d6b2b8a3"
            hex"0000000000000000748f82ee5defb2fc000000000000000078a5636f43172f60"
            hex"000000000000000084c87814a1f0ab7200000000000000008cc702081a6439ec"
            hex"000000000000000090befffa23631e280000000000000000a4506cebde82bde9"
            hex"0000000000000000bef9a3f7b2c679150000000000000000c67178f2e372532b"
            hex"0000000000000000ca273eceea26619c0000000000000000d186b8c721c0c207"
            hex"0000000000000000eada7dd6cde0eb1e0000000000000000f57d4f7fee6ed178"
            hex"000000000000000006f067aa72176fba00000000000000000a637dc5a2c898a6"
            hex"0000000000000000113f9804bef90dae00000000000000001b710b35131c471b"
            hex"000000000000000028db77f523047d84000000000000000032caab7b40c72493"
            hex"00000000000000003c9ebe0a15c9bebc0000000000000000431d67c49c100d4c"
            hex"00000000000000004cc5d4becb3e42b60000000000000000597f299cfc657e2a"
            hex"00000000000000005fcb6fab3ad6faec00000000000000006c44198c4a475817"
            hex"0000000000000000000000000000000000000000000000000000000000000000";
        uint256 high;
        uint256 low;
        assembly ("memory-safe") {
            let DUPLICATE := 0x10000000000000001
            let LOW64 := 0xffffffffffffffff
            let LANES := 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff
            let HIGH_LANE := 0x0000000000000000ffffffffffffffff00000000000000000000000000000000

            // The message schedule: 80 words of 64 bits, each right-aligned in 16 bytes, so that one mload takes two
            // neighbours, wherever they begin.
            let schedule := add(roundConstants, 0x540)
            function spread(at, four) {
                mstore(at, or(and(shr(64, four), shl(128, 0xffffffffffffffff)), and(shr(128, four), 0xffffffffffffffff)))
                mstore(add(at, 0x20), or(and(shl(64, four), shl(128, 0xffffffffffffffff)), and(four, 0xffffffffffffffff)))
            }
            spread(schedule, r)
            spread(add(schedule, 0x40), key)
            // 15 + 32 bytes of message, the padding's 0x80, and 111 * 8 bits.
            spread(add(schedule, 0x80), or(tag, shr(120, digest)))
            spread(add(schedule, 0xc0), or(or(shl(136, digest), shl(128, 0x80)), 888))
            for { let w := add(schedule, 0x100) } lt(w, add(schedule, 0x500)) { w := add(w, 0x20) } {
                let x := mload(sub(w, 0xf0))
                let y := mload(sub(w, 0x20))
                let xx := mul(x, DUPLICATE)
                let yy := mul(y, DUPLICATE)
                mstore(w, and(LANES, add(
                    add(and(LANES, xor(xor(shr(1, xx), shr(8, xx)), shr(7, x))),
                        and(LANES, xor(xor(shr(19, yy), shr(61, yy)), shr(6, y)))),
                    add(mload(sub(w, 0x70)), mload(sub(w, 0x100))))))
            }

            // The eight working values in four words of two lanes, a above e and so on. `doubled` holds both lanes twice, to be
            // rotated; of `mixed` the low lane is Ch(e, f, g), the high one Maj(a, b, c). After four rounds the words are back
            // in their places. The constants lie 0x520 before the schedule; reading 16 bytes early puts one at the low end.
            let ae := 0x6a09e667f3bcc9080000000000000000510e527fade682d1
            let bf := 0xbb67ae8584caa73b00000000000000009b05688c2b3e6c1f
            let cg := 0x3c6ef372fe94f82b00000000000000001f83d9abfb41bd6b
            let dh := 0xa54ff53a5f1d36f100000000000000005be0cd19137e2179
            for { let w := schedule } mload(sub(w, 0x520)) { w := add(w, 0x40) } {
                let doubled
                let mixed
                let t
                doubled := mul(ae, DUPLICATE)
                mixed := xor(cg, and(xor(bf, cg), xor(ae, and(cg, HIGH_LANE))))
                t := add(add(dh, xor(shr(14, doubled), xor(shr(18, doubled), shr(41, doubled)))), add(mixed, add(mload(sub(w, 0x530)), mload(sub(w, 0x10)))))
                doubled := xor(shr(156, doubled), xor(shr(162, doubled), shr(167, doubled)))
                dh := or(shl(128, and(add(add(t, doubled), shr(128, mixed)), LOW64)), and(add(t, shr(128, dh)), LOW64))
                doubled := mul(dh, DUPLICATE)
                mixed := xor(bf, and(xor(ae, bf), xor(dh, and(bf, HIGH_LANE))))
                t := add(add(cg, xor(shr(14, doubled), xor(shr(18, doubled), shr(41, doubled)))), add(mixed, add(mload(sub(w, 0x520)), mload(w))))
                doubled := xor(shr(156, doubled), xor(shr(162, doubled), shr(167, doubled)))
                cg := or(shl(128, and(add(add(t, doubled), shr(128, mixed)), LOW64)), and(add(t, shr(128, cg)), LOW64))
                doubled := mul(cg, DUPLICATE)
                mixed := xor(ae, and(xor(dh, ae), xor(cg, and(ae, HIGH_LANE))))
                t := add(add(bf, xor(shr(14, doubled), xor(shr(18, doubled), shr(41, doubled)))), add(mixed, add(mload(sub(w, 0x510)), mload(add(w, 0x10)))))
                doubled := xor(shr(156, doubled), xor(shr(162, doubled), shr(167, doubled)))
                bf := or(shl(128, and(add(add(t, doubled), shr(128, mixed)), LOW64)), and(add(t, shr(128, bf)), LOW64))
                doubled := mul(bf, DUPLICATE)
                mixed := xor(dh, and(xor(cg, dh), xor(bf, and(dh, HIGH_LANE))))
                t := add(add(ae, xor(shr(14, doubled), xor(shr(18, doubled), shr(41, doubled)))), add(mixed, add(mload(sub(w, 0x500)), mload(add(w, 0x20)))))
                doubled := xor(shr(156, doubled), xor(shr(162, doubled), shr(167, doubled)))
                ae := or(shl(128, and(add(add(t, doubled), shr(128, mixed)), LOW64)), and(add(t, shr(128, ae)), LOW64))
            }
            ae := and(add(ae, 0x6a09e667f3bcc9080000000000000000510e527fade682d1), LANES)
            bf := and(add(bf, 0xbb67ae8584caa73b00000000000000009b05688c2b3e6c1f), LANES)
            cg := and(add(cg, 0x3c6ef372fe94f82b00000000000000001f83d9abfb41bd6b), LANES)
            dh := and(add(dh, 0xa54ff53a5f1d36f100000000000000005be0cd19137e2179), LANES)
            low := or(or(shl(64, and(ae, HIGH_LANE)), and(bf, HIGH_LANE)), or(shr(64, and(cg, HIGH_LANE)), shr(128, dh)))
            high := or(or(shl(192, ae), shl(128, and(bf, LOW64))), or(shl(64, and(cg, LOW64)), and(dh, LOW64)))
        }
        // The digest is a little-endian number of 512 bits.
        challenge = addmod(_reverseBytes(low), mulmod(_reverseBytes(high), TWO_256_MOD_L, L), L);
    }

    function _reverseBytes(uint256 value) internal pure returns (uint256) {
        unchecked {
            uint256 mask = 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff;
            value = ((value >> 8) & mask) | ((value & mask) << 8);
            mask = 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff;
            value = ((value >> 16) & mask) | ((value & mask) << 16);
            mask = 0x00000000ffffffff00000000ffffffff00000000ffffffff00000000ffffffff;
            value = ((value >> 32) & mask) | ((value & mask) << 32);
            mask = 0x0000000000000000ffffffffffffffff0000000000000000ffffffffffffffff;
            value = ((value >> 64) & mask) | ((value & mask) << 64);
            return (value >> 128) | (value << 128);
        }
    }

    // ------------------------------------------------------------------------------------------------ points

    /// @dev scalar * B + k * (the point of `table`), as X, Y, Z. Both scalars may have all 256 bits.
    function _multiply(uint256 scalar, uint256 k, address base, address table)
        internal
        view
        returns (uint256 x, uint256 y, uint256 z)
    {
        assembly ("memory-safe") {
            // A column's digit takes bit 32i + j of the scalar as its bit i. Swapping index bits 7-2, 6-1 and 5-0 brings the
            // digit of column j to byte 4 * (j mod 8) + j / 8.
            function digits(v) -> u {
                let t := and(xor(shr(124, v), v), 0xf0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0)
                u := xor(v, xor(t, shl(124, t)))
                t := and(xor(shr(62, u), u), 0x0000000000000000cccccccccccccccc0000000000000000cccccccccccccccc)
                u := xor(u, xor(t, shl(62, t)))
                t := and(xor(shr(31, u), u), 0x00000000aaaaaaaa00000000aaaaaaaa00000000aaaaaaaa00000000aaaaaaaa)
                u := xor(u, xor(t, shl(31, t)))
            }
            let entry := mload(0x40)
            // The digits of B at 0, those of the key at 0x20.
            mstore(0, digits(scalar))
            mstore(0x20, digits(k))
            x := 0
            y := 1
            z := 1
            // Bytes counted from the high end: 0, 4, .. 28, 1, 5, .. are the columns 31, 30, ...
            for { let n := 0 } lt(n, 32) {} {
                let t
                // Double. E = 2XY, G = Y^2 - X^2, F = 2Z^2 - G, H = X^2 + Y^2.
                {
                    let xx := mulmod(x, x, P)
                    let yy := mulmod(y, y, P)
                    let zz := mulmod(z, z, P)
                    let e := mulmod(x, y, P)
                    e := add(e, e)
                    let h := add(xx, yy)
                    let f := addmod(add(zz, zz), add(xx, sub(P, yy)), P)
                    let g := add(yy, sub(P, xx))
                    x := mulmod(e, f, P)
                    y := mulmod(g, h, P)
                    z := mulmod(f, g, P)
                    t := mulmod(e, h, P)
                }
                // Add the base point's entry. The table's halves make F = Z - T*dxy and G = Z + T*dxy.
                {
                    extcodecopy(base, entry, mul(byte(n, mload(0)), ENTRY), ENTRY)
                    let c := mulmod(t, mload(entry), P)
                    let bb := mulmod(add(y, x), mload(add(entry, 0x20)), P)
                    let aa := mulmod(add(y, sub(P, x)), mload(add(entry, 0x40)), P)
                    let e := add(bb, sub(P, aa))
                    let h := add(bb, aa)
                    let f := add(z, sub(P, c))
                    let g := add(z, c)
                    x := mulmod(e, f, P)
                    y := mulmod(g, h, P)
                    z := mulmod(f, g, P)
                    t := mulmod(e, h, P)
                }
                // Add the key's entry; the doubling that follows needs no T.
                {
                    extcodecopy(table, entry, mul(byte(n, mload(0x20)), ENTRY), ENTRY)
                    let c := mulmod(t, mload(entry), P)
                    let bb := mulmod(add(y, x), mload(add(entry, 0x20)), P)
                    let aa := mulmod(add(y, sub(P, x)), mload(add(entry, 0x40)), P)
                    let e := add(bb, sub(P, aa))
                    let h := add(bb, aa)
                    let f := add(z, sub(P, c))
                    let g := add(z, c)
                    x := mulmod(e, f, P)
                    y := mulmod(g, h, P)
                    z := mulmod(f, g, P)
                }
                switch gt(n, 27)
                case 0 { n := add(n, 4) }
                default {
                    n := sub(n, 27)
                    if eq(n, 4) { n := 32 }
                }
            }
        }
    }

    /// @dev RFC 8032 encoding of a point.
    function _compress(uint256 x, uint256 y, uint256 z) internal view returns (bytes32) {
        unchecked {
            uint256 inverse = _power(z, P - 2);
            return bytes32(_reverseBytes(mulmod(y, inverse, P) | (mulmod(x, inverse, P) << 255)));
        }
    }

    /// @dev RFC 8032 section 5.1.3, strict.
    function _decompress(bytes32 encoded) internal view returns (uint256 x, uint256 y) {
        y = _reverseBytes(uint256(encoded));
        uint256 sign = y >> 255;
        y &= (uint256(1) << 255) - 1;
        if (y >= P) revert KeyNotCanonical(encoded);

        uint256 yy = mulmod(y, y, P);
        uint256 xx = mulmod(addmod(yy, P - 1, P), _power(addmod(mulmod(D, yy, P), 1, P), P - 2), P);
        x = _power(xx, (P + 3) / 8);
        if (mulmod(x, x, P) != xx) x = mulmod(x, SQRT_MINUS_1, P);
        if (mulmod(x, x, P) != xx) revert KeyNotOnCurve(encoded);
        if (x & 1 != sign) {
            if (x == 0) revert KeyNotCanonical(encoded);
            x = P - x;
        }
    }

    function _refuseSmallOrder(uint256 x, uint256 y, bytes32 publicKey) internal pure {
        uint256 z = 1;
        for (uint256 i = 0; i < 3; i++) (x, y, z,) = _double(x, y, z);
        if (x == 0 && y == z) revert KeySmallOrder(publicKey);
    }

    function _double(uint256 x, uint256 y, uint256 z) internal pure returns (uint256, uint256, uint256, uint256) {
        unchecked {
            uint256 xx = mulmod(x, x, P);
            uint256 yy = mulmod(y, y, P);
            uint256 zz = mulmod(z, z, P);
            uint256 e = mulmod(2, mulmod(x, y, P), P);
            uint256 f = addmod(2 * zz, xx + (P - yy), P);
            uint256 g = yy + (P - xx);
            uint256 h = xx + yy;
            return (mulmod(e, f, P), mulmod(g, h, P), mulmod(f, g, P), mulmod(e, h, P));
        }
    }

    // ------------------------------------------------------------------------------------------------ tables

    /// @dev Creates the table of a point: entry n is the sum of 2^(32 i) * point over the bits i of n, as the three words
    ///      d*x*y, (y + x)/2 and (y - x)/2. Entry 0 is the neutral element, so the contract's first byte is 0: STOP.
    function _createTable(uint256 x, uint256 y) internal returns (address table) {
        // 256 points of four words, then 256 running products of their Z, then the code with the 10 bytes that deploy it.
        uint256 points;
        assembly ("memory-safe") {
            points := mload(0x40)
            mstore(0x40, add(points, 0x10020)) // 0x8000 + 0x2000 + 0x6000 + 0x20
        }
        uint256 products = points + 0x8000;
        _sumTeeth(points, x, y);
        _multiplyUp(points, products);
        _writeEntries(points, products);
        assembly ("memory-safe") {
            // PUSH2 0x6000, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
            let code := add(products, 0x2000)
            mstore(code, 0x61600080600a5f395ff3)
            table := create(0, add(code, 22), 0x600a)
        }
        if (table == address(0)) revert TableNotCreated();
    }

    function _sumTeeth(uint256 points, uint256 x, uint256 y) internal view {
        unchecked {
            assembly ("memory-safe") {
                mstore(points, 0)
                mstore(add(points, 0x20), 1)
                mstore(add(points, 0x40), 1)
                mstore(add(points, 0x60), 0)
            }
            uint256 filled = 1;
            for (uint256 tooth = 0; tooth < TEETH; tooth++) {
                uint256 dxy = mulmod(D, mulmod(x, y, P), P);
                uint256 sum = mulmod(HALF, y + x, P);
                uint256 difference = mulmod(HALF, y + (P - x), P);
                for (uint256 i = 0; i < filled; i++) _addEntry(points + i * 128, points + (filled + i) * 128, dxy, sum, difference);
                filled *= 2;
                if (tooth + 1 == TEETH) break;

                uint256 z = 1;
                for (uint256 i = 0; i < SPACING; i++) (x, y, z,) = _double(x, y, z);
                uint256 inverse = _power(z, P - 2);
                x = mulmod(x, inverse, P);
                y = mulmod(y, inverse, P);
            }
        }
    }

    /// @dev The four words at `to` become the point at `from` plus the entry given by its three words.
    function _addEntry(uint256 from, uint256 to, uint256 dxy, uint256 sum, uint256 difference) internal pure {
        assembly ("memory-safe") {
            let x := mload(from)
            let y := mload(add(from, 0x20))
            let z := mload(add(from, 0x40))
            let c := mulmod(mload(add(from, 0x60)), dxy, P)
            let bb := mulmod(add(y, x), sum, P)
            let aa := mulmod(add(y, sub(P, x)), difference, P)
            let e := add(bb, sub(P, aa))
            let h := add(bb, aa)
            let f := add(z, sub(P, c))
            let g := add(z, c)
            mstore(to, mulmod(e, f, P))
            mstore(add(to, 0x20), mulmod(g, h, P))
            mstore(add(to, 0x40), mulmod(f, g, P))
            mstore(add(to, 0x60), mulmod(e, h, P))
        }
    }

    /// @dev Product n is Z_0 * .. * Z_n: with it one inversion serves all.
    function _multiplyUp(uint256 points, uint256 products) internal pure {
        assembly ("memory-safe") {
            let product := 1
            for { let i := 0 } lt(i, 256) { i := add(i, 1) } {
                product := mulmod(product, mload(add(points, add(shl(7, i), 0x40))), P)
                mstore(add(products, shl(5, i)), product)
            }
        }
    }

    function _writeEntries(uint256 points, uint256 products) internal view {
        uint256 last;
        assembly ("memory-safe") {
            last := mload(add(products, 0x1fe0))
        }
        uint256 inverse = _power(last, P - 2);
        assembly ("memory-safe") {
            let entries := add(products, 0x2020)
            for { let i := 256 } i {} {
                i := sub(i, 1)
                let point := add(points, shl(7, i))
                let zInverse := inverse
                if i { zInverse := mulmod(inverse, mload(add(products, shl(5, sub(i, 1)))), P) }
                inverse := mulmod(inverse, mload(add(point, 0x40)), P)
                let x := mulmod(mload(point), zInverse, P)
                let y := mulmod(mload(add(point, 0x20)), zInverse, P)
                let entry := add(entries, mul(i, ENTRY))
                mstore(entry, mulmod(D, mulmod(x, y, P), P))
                mstore(add(entry, 0x20), mulmod(HALF, add(y, x), P))
                mstore(add(entry, 0x40), mulmod(HALF, add(y, sub(P, x)), P))
            }
        }
    }

    /// @dev Entry 1 is -A: its two halves add up to y and differ by -x.
    function _keyOf(address table) internal view returns (bytes32) {
        uint256 sum;
        uint256 difference;
        assembly ("memory-safe") {
            extcodecopy(table, 0, add(ENTRY, 0x20), 0x40)
            sum := mload(0)
            difference := mload(0x20)
        }
        unchecked {
            uint256 x = addmod(difference, P - sum, P);
            return bytes32(_reverseBytes(addmod(sum, difference, P) | (x << 255)));
        }
    }

    /// @dev base^exponent mod p.
    function _power(uint256 base, uint256 exponent) internal view returns (uint256 result) {
        bool done;
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, 0x20)
            mstore(add(at, 0x20), 0x20)
            mstore(add(at, 0x40), 0x20)
            mstore(add(at, 0x60), base)
            mstore(add(at, 0x80), exponent)
            mstore(add(at, 0xa0), P)
            done := and(eq(returndatasize(), 0x20), staticcall(gas(), 5, at, 0xc0, 0, 0x20))
            result := mload(0)
        }
        // The precompile fails only when it runs out of gas.
        if (!done) revert OutOfGas();
    }
}
