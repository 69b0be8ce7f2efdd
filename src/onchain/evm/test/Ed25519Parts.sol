// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "../src/Ed25519.sol";
import {BASE_POINT, L, TWO_256_MOD_L, reverseBytes} from "../src/Ed25519Curve.sol";
import {Ed25519Key} from "../src/Ed25519Key.sol";
import {Sha512} from "./Sha512.sol";

/// @notice What tests sign with: multiples of the base point, and challenges of messages of any length by another SHA-512.
contract Ed25519Parts is Ed25519 {
    Ed25519Key private _base;

    constructor() {
        _base = Ed25519Key(_register(BASE_POINT));
    }

    function timesBase(uint256 scalar) external view returns (bytes32) {
        return _base.sum(scalar, 0);
    }

    function challengeOf(bytes32 r, bytes32 key, bytes memory message) public pure returns (uint256) {
        bytes memory digest = Sha512.hash(abi.encodePacked(r, key, message));
        (uint256 low, uint256 high) = abi.decode(digest, (uint256, uint256));
        return addmod(reverseBytes(low), mulmod(reverseBytes(high), TWO_256_MOD_L, L), L);
    }

    /// @notice What `verify` does, for a message of any length.
    function verifyMessage(Ed25519Key key, bytes memory message, bytes32 r, bytes32 s) external view returns (bool) {
        uint256 scalar = reverseBytes(uint256(s));
        if (scalar >= L || r == bytes32(uint256(1) << 248)) return false;
        return key.sum(scalar, challengeOf(r, key.publicKey(), message)) == r;
    }

    function reversed(bytes32 value) external pure returns (uint256) {
        return reverseBytes(uint256(value));
    }
}
