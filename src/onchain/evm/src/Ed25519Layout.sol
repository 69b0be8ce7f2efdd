// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

// How the code of a key's verifier lies: first the compiled Ed25519Key, zeros up to its end, then what it reads from itself.

// SHA-512's 80 round constants of 8 bytes; the compiled code must end before.
uint256 constant ROUND_CONSTANTS = 0x1680;
// The base point's rows.
uint256 constant BASE_ROWS = 0x1900;
// The rows of -A, A being the key.
uint256 constant KEY_ROWS = 0x3900;
// The key as encoded.
uint256 constant PUBLIC_KEY = 0x5900;
// A chain takes at most 0x6000 bytes (EIP-170).
uint256 constant CODE_SIZE = 0x5920;

// A row is (y + x)/2 and (y - x)/2 of a point, reduced.
uint256 constant ROW = 0x40;
uint256 constant ROWS = 128;
