// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// The linter does not look into assembly, where names are used.
/* solhint-disable no-unused-import */
import {BASE_POINT, D, HALF, NEUTRAL, L, P, SQRT_MINUS_1, power, reverseBytes} from "./Ed25519Curve.sol";
import {Ed25519Key} from "./Ed25519Key.sol";
import {BASE_ROWS, CODE_SIZE, KEY_ROWS, PUBLIC_KEY, ROUND_CONSTANTS, ROW, ROWS} from "./Ed25519Layout.sol";
import {Ed25519Rows} from "./Ed25519Rows.sol";
/* solhint-enable no-unused-import */

/// @title Ed25519 over keys known in advance
/// @notice Checks keys and makes a verifier for each: a contract of the same code whose tables are computed here, from the key
///         alone; nobody can bring their own.
contract Ed25519 {
    /// The encoding's y is not below p, or it is the encoding of x = 0 with the sign bit set.
    error KeyNotCanonical(bytes32 publicKey);
    error KeyNotOnCurve(bytes32 publicKey);
    error KeySmallOrder(bytes32 publicKey);
    /// Not of prime order: the key has a component of small order.
    error KeyMixedOrder(bytes32 publicKey);
    error VerifierNotCreated();
    error CodeTooLong(uint256 length, uint256 limit);

    /// @notice What all verifiers begin with: code, constants and the base point's rows.
    address public immutable template;

    /// @notice The verifier of a registered key; 0 when it was never registered.
    mapping(bytes32 publicKey => address verifier) public registered;

    constructor() {
        bytes memory code = type(Ed25519Key).runtimeCode;
        if (code.length > ROUND_CONSTANTS) revert CodeTooLong(code.length, ROUND_CONSTANTS);
        bytes memory constants = _roundConstants();
        uint256 image = _allocate();
        assembly ("memory-safe") {
            mcopy(image, add(code, 0x20), mload(code))
            mcopy(add(image, ROUND_CONSTANTS), add(constants, 0x20), 0x280)
        }
        (uint256 x, uint256 y) = _decompress(BASE_POINT);
        Ed25519Rows.write(x, y, image + BASE_ROWS);
        template = _create(image, KEY_ROWS);
    }

    /// @notice Checks a key and makes its verifier, once; anyone may, a verifier proves nothing about its key's owner.
    function register(bytes32 publicKey) external returns (address verifier) {
        return _register(publicKey);
    }

    function _register(bytes32 publicKey) internal returns (address verifier) {
        verifier = registered[publicKey];
        if (verifier != address(0)) return verifier;

        (uint256 x, uint256 y) = _decompress(publicKey);
        uint256 negatedX = x == 0 ? 0 : P - x;
        if (Ed25519Rows.isOfSmallOrder(negatedX, y)) revert KeySmallOrder(publicKey);

        address start = template;
        uint256 image = _allocate();
        assembly ("memory-safe") {
            extcodecopy(start, image, 0, KEY_ROWS)
            mstore(add(image, PUBLIC_KEY), publicKey)
        }
        Ed25519Rows.write(negatedX, y, image + KEY_ROWS);
        verifier = _create(image, CODE_SIZE);

        // L * A = O exactly when A has no component of small order. B has none, so 0 * B is O for every scalar that is 0 mod L.
        if (Ed25519Key(verifier).sum(0, L) != NEUTRAL) revert KeyMixedOrder(publicKey);
        registered[publicKey] = verifier;
    }

    /// @dev Memory for a verifier's code, zero, with 32 bytes before it.
    function _allocate() private pure returns (uint256 image) {
        bytes memory whole = new bytes(CODE_SIZE);
        assembly ("memory-safe") {
            image := add(whole, 0x20)
        }
    }

    /// @dev Overwrites the 32 bytes before the image.
    function _create(uint256 image, uint256 size) private returns (address created) {
        assembly ("memory-safe") {
            // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
            mstore(sub(image, 0x20), or(0x61000080600a5f395ff3, shl(56, size)))
            created := create(0, sub(image, 10), add(size, 10))
        }
        if (created == address(0)) revert VerifierNotCreated();
    }

    /// @dev RFC 8032 section 5.1.3, strict.
    function _decompress(bytes32 encoded) private view returns (uint256 x, uint256 y) {
        y = reverseBytes(uint256(encoded));
        uint256 sign = y >> 255;
        y &= (uint256(1) << 255) - 1;
        if (y >= P) revert KeyNotCanonical(encoded);

        uint256 yy = mulmod(y, y, P);
        uint256 xx = mulmod(addmod(yy, P - 1, P), power(addmod(mulmod(D, yy, P), 1, P), P - 2), P);
        x = power(xx, (P + 3) / 8);
        if (mulmod(x, x, P) != xx) x = mulmod(x, SQRT_MINUS_1, P);
        if (mulmod(x, x, P) != xx) revert KeyNotOnCurve(encoded);
        if (x & 1 != sign) {
            if (x == 0) revert KeyNotCanonical(encoded);
            x = P - x;
        }
    }

    /// @dev FIPS 180-4: the first 64 bits of the fractional parts of the cube roots of the first 80 primes.
    function _roundConstants() private pure returns (bytes memory) {
        return hex"428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc"
            hex"3956c25bf348b53859f111f1b605d019923f82a4af194f9bab1c5ed5da6d8118"
            hex"d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e2"
            hex"72be5d74f27b896f80deb1fe3b1696b19bdc06a725c71235c19bf174cf692694"
            hex"e49b69c19ef14ad2efbe4786384f25e30fc19dc68b8cd5b5240ca1cc77ac9c65"
            hex"2de92c6f592b02754a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5"
            hex"983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4"
            hex"c6e00bf33da88fc2d5a79147930aa72506ca6351e003826f142929670a0e6e70"
            hex"27b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed53380d139d95b3df"
            hex"650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353b"
            hex"a2bfe8a14cf10364a81a664bbc423001c24b8b70d0f89791c76c51a30654be30"
            hex"d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b8"
            hex"19a4c116b8d2d0c81e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8"
            hex"391c0cb3c5c95a634ed8aa4ae3418acb5b9cca4f7763e373682e6ff3d6b2b8a3"
            hex"748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec"
            hex"90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915c67178f2e372532b"
            hex"ca273eceea26619cd186b8c721c0c207eada7dd6cde0eb1ef57d4f7fee6ed178"
            hex"06f067aa72176fba0a637dc5a2c898a6113f9804bef90dae1b710b35131c471b"
            hex"28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c"
            hex"4cc5d4becb3e42b6597f299cfc657e2a5fcb6fab3ad6faec6c44198c4a475817";
    }
}
