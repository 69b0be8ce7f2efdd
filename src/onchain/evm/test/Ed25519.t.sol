// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ed25519} from "../src/Ed25519.sol";
import {BASE_POINT} from "../src/Ed25519Curve.sol";
import {Ed25519Key} from "../src/Ed25519Key.sol";
import {CODE_SIZE, KEY_ROWS, ROUND_CONSTANTS} from "../src/Ed25519Layout.sol";
import {Ed25519Parts} from "./Ed25519Parts.sol";
import {Sha512} from "./Sha512.sol";
import {Test} from "./Test.sol";

contract Ed25519Test is Test {
    uint256 private constant L = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed;

    struct Signed {
        bytes32 key;
        bytes15 tag;
        bytes32 digest;
        bytes32 r;
        bytes32 s;
    }

    Ed25519Parts private ed25519;
    string private vectors;

    function setUp() public {
        ed25519 = new Ed25519Parts();
        vectors = vm.readFile("test/vectors/ed25519.json");
    }

    function signed(string memory group) private view returns (Signed[] memory all) {
        bytes32[] memory keys = vm.parseJsonBytes32Array(vectors, string.concat(".", group, ".key"));
        bytes[] memory tags = vm.parseJsonBytesArray(vectors, string.concat(".", group, ".tag"));
        bytes32[] memory digests = vm.parseJsonBytes32Array(vectors, string.concat(".", group, ".digest"));
        bytes32[] memory rs = vm.parseJsonBytes32Array(vectors, string.concat(".", group, ".r"));
        bytes32[] memory ss = vm.parseJsonBytes32Array(vectors, string.concat(".", group, ".s"));
        all = new Signed[](keys.length);
        for (uint256 i = 0; i < keys.length; i++) all[i] = Signed(keys[i], bytes15(tags[i]), digests[i], rs[i], ss[i]);
    }

    function verify(Signed memory it) private returns (bool) {
        return Ed25519Key(ed25519.register(it.key)).verify(it.tag, it.digest, it.r, it.s);
    }

    function test_verify_ValidSignatures_True() public {
        Signed[] memory all = signed("valid");
        assertEq(all.length, 24, "vectors");
        for (uint256 i = 0; i < all.length; i++) {
            assertTrue(verify(all[i]), string.concat("valid ", vm.toString(i)));
            assertEq(Ed25519Key(ed25519.registered(all[i].key)).publicKey(), all[i].key, "key of verifier");
        }
    }

    function test_multiply_Rfc8032Vectors_GiveR() public {
        bytes32[] memory keys = vm.parseJsonBytes32Array(vectors, ".rfc.key");
        bytes32[] memory challenges = vm.parseJsonBytes32Array(vectors, ".rfc.challenge");
        bytes32[] memory rs = vm.parseJsonBytes32Array(vectors, ".rfc.r");
        bytes32[] memory ss = vm.parseJsonBytes32Array(vectors, ".rfc.s");
        assertEq(keys.length, 4, "vectors");
        for (uint256 i = 0; i < keys.length; i++) {
            Ed25519Key key = Ed25519Key(ed25519.register(keys[i]));
            bytes32 sum = key.sum(ed25519.reversed(ss[i]), uint256(challenges[i]));
            assertEq(sum, rs[i], string.concat("R of vector ", vm.toString(i)));
        }
    }

    function test_verify_EveryPartTampered_False() public {
        Signed[] memory all = signed("valid");
        Ed25519Key key = Ed25519Key(ed25519.register(all[0].key));
        Ed25519Key other = Ed25519Key(ed25519.register(all[2].key));
        Signed memory it = all[0];
        assertFalse(other.verify(it.tag, it.digest, it.r, it.s), "another key");
        assertFalse(key.verify(it.tag, it.digest, it.s, it.r), "halves swapped");
        assertFalse(key.verify(it.tag, it.digest, all[1].r, it.s), "another R");
        for (uint256 bit = 0; bit < 256; bit += 5) {
            bytes32 flip = bytes32(uint256(1) << bit);
            assertFalse(key.verify(it.tag, it.digest ^ flip, it.r, it.s), "digest");
            assertFalse(key.verify(it.tag, it.digest, it.r ^ flip, it.s), "R");
            assertFalse(key.verify(it.tag, it.digest, it.r, it.s ^ flip), "S");
            if (bit < 120) {
                assertFalse(key.verify(it.tag ^ bytes15(uint120(1) << uint120(bit)), it.digest, it.r, it.s), "tag");
            }
        }
    }

    function testFuzz_verify_RandomSignature_False(bytes32 digest, bytes32 r, bytes32 s) public {
        Signed memory it = signed("valid")[0];
        Ed25519Key key = Ed25519Key(ed25519.register(it.key));
        assertFalse(key.verify(it.tag, digest, r, s), "random signature");
        assertFalse(key.verify(it.tag, digest, it.r, it.s), "another message");
    }

    function test_verify_MalleatedS_False() public {
        Signed[] memory all = signed("valid");
        for (uint256 i = 0; i < all.length; i += 2) {
            uint256 s = ed25519.reversed(all[i].s);
            Ed25519Key key = Ed25519Key(ed25519.register(all[i].key));
            // S + nL for every n that fits: the same point, the same R.
            for (uint256 n = 1; n <= 15 && s + n * L >= s; n++) {
                bytes32 malleated = bytes32(ed25519.reversed(bytes32(s + n * L)));
                assertFalse(key.verify(all[i].tag, all[i].digest, all[i].r, malleated), "S + nL");
                if (s + n * L > type(uint256).max - L) break;
            }
        }
    }

    function test_verify_CofactoredOnly_False() public {
        assertFalse(verify(signed("cofactored")[0]), "R of mixed order");
    }

    function test_verify_NeutralR_False() public {
        assertFalse(verify(signed("neutral")[0]), "R of small order");
    }

    function test_verify_NonCanonicalR_False() public {
        Signed[] memory all = signed("nonCanonicalR");
        assertEq(all.length, 3, "vectors");
        for (uint256 i = 0; i < all.length; i++) assertFalse(verify(all[i]), "R not canonical");
    }

    function test_register_SmallOrderKey_Refused() public {
        bytes32[] memory keys = vm.parseJsonBytes32Array(vectors, ".smallOrderKeys");
        assertEq(keys.length, 8, "points of small order");
        for (uint256 i = 0; i < keys.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(Ed25519.KeySmallOrder.selector, keys[i]));
            ed25519.register(keys[i]);
        }
    }

    function test_register_NonCanonicalKey_Refused() public {
        bytes32[] memory keys = vm.parseJsonBytes32Array(vectors, ".nonCanonicalKeys");
        assertTrue(keys.length >= 38, "encodings");
        for (uint256 i = 0; i < keys.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(Ed25519.KeyNotCanonical.selector, keys[i]));
            ed25519.register(keys[i]);
        }
    }

    function test_register_KeyOffCurve_Refused() public {
        bytes32[] memory keys = vm.parseJsonBytes32Array(vectors, ".offCurveKeys");
        assertEq(keys.length, 8, "keys");
        for (uint256 i = 0; i < keys.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(Ed25519.KeyNotOnCurve.selector, keys[i]));
            ed25519.register(keys[i]);
        }
    }

    function test_register_MixedOrderKey_Refused() public {
        bytes32[] memory keys = vm.parseJsonBytes32Array(vectors, ".mixedOrderKeys");
        assertEq(keys.length, 7, "keys");
        for (uint256 i = 0; i < keys.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(Ed25519.KeyMixedOrder.selector, keys[i]));
            ed25519.register(keys[i]);
        }
    }

    function test_register_Twice_SameVerifier() public {
        bytes32 key = signed("valid")[0].key;
        address table = ed25519.register(key);
        assertEq(ed25519.register(key), table, "verifier");
        assertEq(table.code.length, CODE_SIZE, "its size");
    }

    function test_register_TwoKeys_SameCodeButForTheirRows() public {
        Signed[] memory all = signed("valid");
        bytes memory first = ed25519.register(all[0].key).code;
        bytes memory second = ed25519.register(all[2].key).code;
        bytes memory compiled = type(Ed25519Key).runtimeCode;
        assertTrue(compiled.length <= ROUND_CONSTANTS, "compiled code ends before the data");
        for (uint256 i = 0; i < KEY_ROWS; i++) {
            assertTrue(first[i] == second[i], "common part");
            if (i < ROUND_CONSTANTS) assertTrue(first[i] == (i < compiled.length ? compiled[i] : bytes1(0)), "compiled code");
        }
        uint64[80] memory constants = Sha512.roundConstants();
        for (uint256 i = 0; i < 640; i++) {
            assertEq(uint8(first[ROUND_CONSTANTS + i]), uint8(constants[i / 8] >> (56 - 8 * (i % 8))), "round constant");
        }
        assertTrue(keccak256(first) != keccak256(second), "rows");
    }

    function testFuzz_challenge_AnyMessage_EqualsSha512(bytes15 tag, bytes32 digest, bytes32 r) public {
        bytes32 key = signed("valid")[0].key;
        Ed25519Key verifier = Ed25519Key(ed25519.register(key));
        assertEq(verifier.challenge(tag, digest, r), ed25519.challengeOf(r, key, abi.encodePacked(tag, digest)), "challenge");
    }

    /// @dev 0 * B - k * A and s * B - 0 * A are what they should be at the ends of the scalars' range.
    function test_sum_EndsOfRange_Neutral() public {
        bytes32 neutral = bytes32(uint256(1) << 248);
        Ed25519Key base = Ed25519Key(ed25519.register(BASE_POINT));
        assertEq(base.sum(0, 0), neutral, "0 - 0");
        assertEq(base.sum(L, 0), neutral, "L");
        assertEq(base.sum(0, L), neutral, "-L");
        assertEq(base.sum(1, 0), BASE_POINT, "1");
        assertEq(base.sum(0, L - 1), BASE_POINT, "1 - L");
        for (uint256 i = 0; i < 253; i++) assertEq(base.sum((1 << i) + 1, 1 << i), BASE_POINT, "2^i + 1 - 2^i");
    }

    function testFuzz_sum_DifferenceOfScalars_OneMultiple(uint256 s, uint256 k) public {
        (s, k) = (s % L, k % L);
        Ed25519Key base = Ed25519Key(ed25519.register(BASE_POINT));
        assertEq(base.sum(s, k), base.sum(addmod(s, L - k, L), 0), "(s - k) * B");
    }

    /// @dev What is made to split verifiers: the published twelve and their like for messages of ours. One of all is good.
    function test_verify_EdgeCases_OnlyTheGoodOneIsTrue() public {
        string memory edges = vm.readFile("test/vectors/ed25519-edges.json");
        bytes32[] memory keys = vm.parseJsonBytes32Array(edges, ".key");
        bytes[] memory messages = vm.parseJsonBytesArray(edges, ".message");
        bytes32[] memory rs = vm.parseJsonBytes32Array(edges, ".r");
        bytes32[] memory ss = vm.parseJsonBytes32Array(edges, ".s");
        uint256 good = 0;
        uint256 refusedKeys = 0;
        for (uint256 i = 0; i < keys.length; i++) {
            try ed25519.register(keys[i]) returns (address verifier) {
                bool accepted = ed25519.verifyMessage(Ed25519Key(verifier), messages[i], rs[i], ss[i]);
                if (messages[i].length == 47) {
                    (bytes15 tag, bytes32 digest) = _split(messages[i]);
                    assertTrue(Ed25519Key(verifier).verify(tag, digest, rs[i], ss[i]) == accepted, "both ways");
                }
                good += accepted ? 1 : 0;
            } catch {
                refusedKeys++;
            }
        }
        assertEq(keys.length, 81, "cases");
        assertEq(good, 1, "good");
        assertTrue(refusedKeys >= 40, "keys refused");
    }

    function _split(bytes memory message) private pure returns (bytes15 tag, bytes32 digest) {
        assembly ("memory-safe") {
            tag := and(mload(add(message, 0x20)), not(shr(120, not(0))))
            digest := mload(add(message, 0x2f))
        }
    }
}
