// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracleFeeds} from "./IOracleFeeds.sol";

/// @title Reading an envelope
/// @dev Positions are absolute positions in calldata; `open` proves that everything it points at lies in the envelope.
library Envelope {
    struct Parts {
        uint64 deployment;
        uint32 epoch;
        uint64 sequence;
        uint16 first;
        /// Records in this run.
        uint256 run;
        uint256 signatureCount;
        /// Where the signatures begin: 65 bytes each.
        uint256 signatures;
        /// Where the records begin.
        uint256 records;
        /// keccak256 of the header that follows from it all.
        bytes32 digest;
    }

    uint8 internal constant VERSION = 1;
    uint256 internal constant SIGNATURE = 65;
    uint256 internal constant SHARE_RECORD = 65;
    uint256 internal constant TOKEN_RECORD = 110;

    uint256 private constant PREFIX = 56;
    uint256 private constant RUN_FIELDS = 3;

    /// @notice Reads an envelope that must fill `envelope` exactly, and computes what was signed.
    /// @dev The records root is not in the envelope: it follows from the records and the path.
    function open(bytes calldata envelope) internal pure returns (Parts memory parts) {
        unchecked {
            uint256 start;
            uint256 length = envelope.length;
            assembly ("memory-safe") {
                start := envelope.offset
            }
            if (length < PREFIX) revert IOracleFeeds.BadLength(length, PREFIX);
            uint256 word = load(start);
            if (word >> 248 != VERSION) revert IOracleFeeds.WrongVersion(uint8(word >> 248), VERSION);
            parts.deployment = uint64(word >> 184);
            parts.epoch = uint32(word >> 152);
            parts.sequence = uint64(word >> 88);
            uint16 count = uint16(word >> 72);

            uint256 position = start + PREFIX;
            parts.signatures = position;
            parts.signatureCount = load(position - 1) >> 248;
            position += parts.signatureCount * SIGNATURE;
            if (start + length < position + RUN_FIELDS) revert IOracleFeeds.BadLength(length, position + RUN_FIELDS - start);
            uint256 level = uint8(load(position) >> 232);
            parts.first = uint16(load(position) >> 240);
            position += RUN_FIELDS;
            if (
                parts.first >= count || level > 16 || parts.first & ((1 << level) - 1) != 0
                    || (level != 0 && 1 << (level - 1) >= count)
            ) revert IOracleFeeds.BadRun(count, parts.first, uint8(level));

            parts.run = count - parts.first;
            if (parts.run > 1 << level) parts.run = 1 << level;
            parts.records = position + 32 * _pathLength(parts.first, level, count);
            bytes32 root = _rootOfRun(parts.records, parts.run, level, start, length);
            root = _climb(root, position, parts.first, level, count);
            parts.digest = _digest(word, root, load(start + 23));
        }
    }

    /// @notice Length of a record of an envelope that was opened.
    function recordLength(uint256 position) internal pure returns (uint256) {
        return load(position) >> 248 == 2 ? TOKEN_RECORD : SHARE_RECORD;
    }

    function load(uint256 position) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(position)
        }
    }

    function _pathLength(uint256 first, uint256 level, uint256 count) private pure returns (uint256 length) {
        unchecked {
            uint256 index = first >> level;
            for (uint256 size = (count + (1 << level) - 1) >> level; size > 1; size = (size + 1) >> 1) {
                if (index & 1 == 1 || index + 1 < size) length++;
                index >>= 1;
            }
        }
    }

    /// @dev Hashes the records, which must end where the envelope ends, and folds them `level` times.
    function _rootOfRun(uint256 position, uint256 run, uint256 level, uint256 start, uint256 length)
        private
        pure
        returns (bytes32 root)
    {
        unchecked {
            uint256 end = start + length;
            // The shortest run that could follow: so that nothing is allocated for records that are not there.
            if (position + run * SHARE_RECORD > end) revert IOracleFeeds.BadLength(length, position + run * SHARE_RECORD - start);
            uint256 leaves;
            bool complete;
            assembly ("memory-safe") {
                // One leaf per record, and behind them room for one record after the leaf's prefix. A record that reaches beyond
                // the envelope is found when all have been read.
                leaves := mload(0x40)
                let record := add(leaves, shl(5, run))
                mstore(0x40, add(record, 0x80))
                mstore8(record, 0)
                let to := leaves
                for {} lt(to, record) { to := add(to, 0x20) } {
                    let size := SHARE_RECORD
                    let kind := shr(248, calldataload(position))
                    if xor(kind, 1) {
                        if xor(kind, 2) { break }
                        size := TOKEN_RECORD
                    }
                    calldatacopy(add(record, 1), position, size)
                    mstore(to, keccak256(record, add(size, 1)))
                    position := add(position, size)
                }
                complete := eq(to, record)
            }
            if (!complete) {
                uint256 kind = load(position) >> 248;
                if (position < end && kind != 1 && kind != 2) revert IOracleFeeds.BadRecordType(position - start, uint8(kind));
                uint256 size = position < end && kind == 2 ? TOKEN_RECORD : SHARE_RECORD;
                revert IOracleFeeds.BadLength(length, position + size - start);
            }
            if (position != end) revert IOracleFeeds.BadLength(length, position - start);

            for (uint256 folded = 0; folded < level && run > 1; folded++) {
                assembly ("memory-safe") {
                    let from := leaves
                    let to := leaves
                    for { let last := add(leaves, shl(5, sub(run, 1))) } lt(from, last) { from := add(from, 0x40) } {
                        mstore(to, keccak256(from, 0x40))
                        to := add(to, 0x20)
                    }
                    if and(run, 1) { mstore(to, mload(from)) }
                    run := shr(1, add(run, 1))
                }
            }
            assembly ("memory-safe") {
                root := mload(leaves)
            }
        }
    }

    function _climb(bytes32 root, uint256 path, uint256 first, uint256 level, uint256 count) private pure returns (bytes32) {
        unchecked {
            uint256 index = first >> level;
            for (uint256 size = (count + (1 << level) - 1) >> level; size > 1; size = (size + 1) >> 1) {
                if (index & 1 == 1) {
                    root = _node(load(path), uint256(root));
                    path += 32;
                } else if (index + 1 < size) {
                    root = _node(uint256(root), load(path));
                    path += 32;
                }
                index >>= 1;
            }
            return root;
        }
    }

    function _node(uint256 left, uint256 right) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore(0, left)
            mstore(0x20, right)
            hash := keccak256(0, 0x40)
        }
    }

    /// @param prefix Whose first 23 bytes are version, deployment, epoch, sequence and count, as in the header.
    function _digest(uint256 prefix, bytes32 root, uint256 evidence) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let header := mload(0x40)
            mstore(header, prefix)
            mstore(add(header, 23), root)
            mstore(add(header, 55), evidence)
            hash := keccak256(header, 87)
        }
    }
}
