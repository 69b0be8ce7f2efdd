// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice SHA-512 by the book, for messages of any length: what the verifier's own is compared with.
library Sha512 {
    function hash(bytes memory message) internal pure returns (bytes memory digest) {
        unchecked {
            bytes memory padded = abi.encodePacked(
                message, hex"80", new bytes((239 - message.length % 128) % 128), uint128(message.length * 8)
            );
            uint64[80] memory constants = roundConstants();
            uint64[8] memory state = [
                0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
                0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179
            ];
            uint64[80] memory w;
            for (uint256 block_ = 0; block_ < padded.length; block_ += 128) {
                for (uint256 t = 0; t < 80; t++) {
                    w[t] = t < 16
                        ? _word(padded, block_ + 8 * t)
                        : _small(w[t - 2], 19, 61, 6) + w[t - 7] + _small(w[t - 15], 1, 8, 7) + w[t - 16];
                }
                uint64[8] memory v;
                for (uint256 i = 0; i < 8; i++) v[i] = state[i];
                for (uint256 t = 0; t < 80; t++) {
                    uint64 t1 = v[7] + _big(v[4], 14, 18, 41) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[t] + w[t];
                    uint64 t2 = _big(v[0], 28, 34, 39) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
                    for (uint256 i = 7; i > 0; i--) v[i] = v[i - 1];
                    v[4] += t1;
                    v[0] = t1 + t2;
                }
                for (uint256 i = 0; i < 8; i++) state[i] += v[i];
            }
            for (uint256 i = 0; i < 8; i++) digest = abi.encodePacked(digest, state[i]);
        }
    }

    /// @dev The fractional parts of the cube roots of the first 80 primes: floor(cbrt(p * 2^192)) mod 2^64, by bisection.
    function roundConstants() internal pure returns (uint64[80] memory constants) {
        unchecked {
            uint256 candidate = 2;
            for (uint256 i = 0; i < 80; candidate++) {
                bool prime = true;
                for (uint256 q = 2; q * q <= candidate; q++) if (candidate % q == 0) prime = false;
                if (!prime) continue;
                uint256 root = 0;
                for (uint256 bit = 1 << 67; bit != 0; bit >>= 1) {
                    uint256 guess = root | bit;
                    if (guess * guess * guess <= candidate << 192) root = guess;
                }
                constants[i++] = uint64(root);
            }
        }
    }

    function _word(bytes memory from, uint256 position) private pure returns (uint64 word) {
        assembly ("memory-safe") {
            word := shr(192, mload(add(add(from, 0x20), position)))
        }
    }

    function _rotate(uint64 x, uint8 by) private pure returns (uint64) {
        return (x >> by) | (x << (64 - by));
    }

    function _big(uint64 x, uint8 first, uint8 second, uint8 third) private pure returns (uint64) {
        return _rotate(x, first) ^ _rotate(x, second) ^ _rotate(x, third);
    }

    function _small(uint64 x, uint8 first, uint8 second, uint8 shift) private pure returns (uint64) {
        return _rotate(x, first) ^ _rotate(x, second) ^ (x >> shift);
    }
}
