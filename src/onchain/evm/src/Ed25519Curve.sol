// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The curve -x^2 + y^2 = 1 + d*x^2*y^2 over the integers mod p = 2^255 - 19.
//
// Points are in extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, xy = T/Z; the addition law used is complete. mulmod
// takes any operands of 256 bits, so sums and differences stay unreduced where they are below 2^256 = 2p + 38.

uint256 constant P = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed;
uint256 constant TWO_P = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffda;
uint256 constant D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3;
uint256 constant HALF = 0x3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7;
uint256 constant SQRT_MINUS_1 = 0x2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0;

// Order of the base point.
uint256 constant L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed;
uint256 constant TWO_256_MOD_L = 0x0ffffffffffffffffffffffffffffffec6ef5bf4737dcf70d6ec31748d98951d;

// Encodings: y = 4/5 and x even; x = 0 and y = 1.
bytes32 constant BASE_POINT = 0x5866666666666666666666666666666666666666666666666666666666666666;
bytes32 constant NEUTRAL = 0x0100000000000000000000000000000000000000000000000000000000000000;

/// The modexp precompile gave nothing: it fails only without gas.
error OutOfGas();

// @dev base^exponent mod p.
function power(uint256 base, uint256 exponent) view returns (uint256 result) {
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
    if (!done) revert OutOfGas();
}

// @dev Between a number and its little-endian bytes.
function reverseBytes(uint256 value) pure returns (uint256) {
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
