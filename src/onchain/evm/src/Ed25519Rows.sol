// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The linter does not look into assembly, where names are used.
/* solhint-disable no-unused-import */
import {D, HALF, P, TWO_P, power} from "./Ed25519Curve.sol";
import {ROW, ROWS} from "./Ed25519Layout.sol";
/* solhint-enable no-unused-import */

/// @title The table of a point
/// @notice Row m is the sum of s_t * 2^(32t) * point over the 8 teeth t: s_0 = -1, the other s_t are +1 where bit t - 1 of m is
///         set, else -1.
library Ed25519Rows {
    uint256 private constant TEETH = 8;
    uint256 private constant SPACING = 32;

    /// @dev Writes the 128 rows of an affine point to memory at `rows`.
    function write(uint256 x, uint256 y, uint256 rows) internal view {
        // 128 points of four words, then 128 running products of their Z.
        uint256 points;
        assembly ("memory-safe") {
            points := mload(0x40)
            mstore(0x40, add(points, 0x5000))
        }
        _sumTeeth(points, x, y);
        _normalise(points, points + 0x4000, rows);
    }

    function isOfSmallOrder(uint256 x, uint256 y) internal pure returns (bool) {
        uint256 z = 1;
        for (uint256 i = 0; i < 3; i++) (x, y, z,) = _double(x, y, z);
        return x == 0 && y == z;
    }

    /// @dev Row 0 has minus at every tooth; turning the sign of tooth t adds 2^(32t + 1) * point to what is there.
    function _sumTeeth(uint256 points, uint256 x, uint256 y) private view {
        unchecked {
            uint256[TEETH] memory xs;
            uint256[TEETH] memory ys;
            assembly ("memory-safe") {
                mstore(points, 0)
                mstore(add(points, 0x20), 1)
                mstore(add(points, 0x40), 1)
                mstore(add(points, 0x60), 0)
            }
            for (uint256 tooth = 0; tooth < TEETH; tooth++) {
                _add(points, points, x == 0 ? 0 : P - x, y);
                (x, y) = _doubled(x, y, 1);
                (xs[tooth], ys[tooth]) = (x, y);
                (x, y) = _doubled(x, y, SPACING - 1);
            }
            uint256 filled = 1;
            for (uint256 tooth = 1; tooth < TEETH; tooth++) {
                for (uint256 i = 0; i < filled; i++) _add(points + i * 128, points + (filled + i) * 128, xs[tooth], ys[tooth]);
                filled *= 2;
            }
        }
    }

    /// @dev The four words at `to` become the point at `from` plus the affine point (x, y).
    function _add(uint256 from, uint256 to, uint256 x2, uint256 y2) private pure {
        assembly ("memory-safe") {
            let x := mload(from)
            let y := mload(add(from, 0x20))
            let z := mload(add(from, 0x40))
            // C = 2d*T*x2*y2 and D = 2Z, both halved, and so A and B.
            let c := mulmod(mulmod(mload(add(from, 0x60)), D, P), mulmod(x2, y2, P), P)
            let b := mulmod(mulmod(add(y, x), add(y2, x2), P), HALF, P)
            let a := mulmod(mulmod(add(y, sub(P, x)), add(y2, sub(P, x2)), P), HALF, P)
            let e := add(b, sub(P, a))
            let h := add(b, a)
            let f := add(z, sub(P, c))
            let g := add(z, c)
            mstore(to, mulmod(e, f, P))
            mstore(add(to, 0x20), mulmod(g, h, P))
            mstore(add(to, 0x40), mulmod(f, g, P))
            mstore(add(to, 0x60), mulmod(e, h, P))
        }
    }

    /// @dev 2^times * (x, y), affine.
    function _doubled(uint256 x, uint256 y, uint256 times) private view returns (uint256, uint256) {
        unchecked {
            uint256 z = 1;
            for (uint256 i = 0; i < times; i++) (x, y, z,) = _double(x, y, z);
            uint256 inverse = power(z, P - 2);
            return (mulmod(x, inverse, P), mulmod(y, inverse, P));
        }
    }

    function _double(uint256 x, uint256 y, uint256 z) private pure returns (uint256, uint256, uint256, uint256) {
        unchecked {
            uint256 xx = mulmod(x, x, P);
            uint256 yy = mulmod(y, y, P);
            uint256 e = mulmod(2, mulmod(x, y, P), P);
            uint256 g = yy + (P - xx);
            uint256 h = xx + yy;
            uint256 f = addmod(2 * mulmod(z, z, P), TWO_P - g, P);
            return (mulmod(e, f, P), mulmod(g, h, P), mulmod(f, g, P), mulmod(e, h, P));
        }
    }

    /// @dev Product n is Z_0 * .. * Z_n: with it one inversion serves all.
    function _normalise(uint256 points, uint256 products, uint256 rows) private view {
        uint256 inverse;
        assembly ("memory-safe") {
            inverse := 1
            for { let i := 0 } lt(i, ROWS) { i := add(i, 1) } {
                inverse := mulmod(inverse, mload(add(points, add(shl(7, i), 0x40))), P)
                mstore(add(products, shl(5, i)), inverse)
            }
        }
        inverse = power(inverse, P - 2);
        assembly ("memory-safe") {
            for { let i := ROWS } i {} {
                i := sub(i, 1)
                let point := add(points, shl(7, i))
                let zInverse := inverse
                if i { zInverse := mulmod(inverse, mload(add(products, shl(5, sub(i, 1)))), P) }
                inverse := mulmod(inverse, mload(add(point, 0x40)), P)
                let x := mulmod(mload(point), zInverse, P)
                let y := mulmod(mload(add(point, 0x20)), zInverse, P)
                let row := add(rows, mul(i, ROW))
                mstore(row, mulmod(HALF, add(y, x), P))
                mstore(add(row, 0x20), mulmod(HALF, add(y, sub(P, x)), P))
            }
        }
    }
}
