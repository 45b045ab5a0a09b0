// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {DoubleEndedQueue} from "@openzeppelin/contracts/utils/structs/DoubleEndedQueue.sol";
import {EnumerableMap} from "@openzeppelin/contracts/utils/structs/EnumerableMap.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {Heap} from "@openzeppelin/contracts/utils/structs/Heap.sol";

contract Cryptography {
    using ECDSA for bytes32;

    function recover(bytes32 hash, bytes memory signature) external pure returns (address) {
        return hash.recover(signature);
    }

    function recoverParts(bytes32 hash, uint8 v, bytes32 r, bytes32 s) external pure returns (address) {
        return hash.recover(v, r, s);
    }

    function recoverCompact(bytes32 hash, bytes32 r, bytes32 vs) external pure returns (address) {
        return hash.recover(r, vs);
    }

    function personalHash(bytes memory message) external pure returns (bytes32) {
        return MessageHashUtils.toEthSignedMessageHash(message);
    }

    function verify(bytes32[] calldata proof, bytes32 root, bytes32 leaf) external pure returns (bool) {
        return MerkleProof.verifyCalldata(proof, root, leaf);
    }

    function multiVerify(bytes32[] calldata proof, bool[] calldata flags, bytes32 root, bytes32[] memory leaves) external pure returns (bool) {
        return MerkleProof.multiProofVerifyCalldata(proof, flags, root, leaves);
    }

    function p256(bytes32 hash, bytes32 r, bytes32 s, bytes32 x, bytes32 y) external view returns (bool) {
        return P256.verify(hash, r, s, x, y);
    }

    function hashes(bytes calldata data) external pure returns (bytes32, bytes32, bytes20) {
        return (keccak256(data), sha256(data), ripemd160(data));
    }
}

contract Structures {
    using EnumerableSet for EnumerableSet.AddressSet;
    using EnumerableSet for EnumerableSet.UintSet;
    using EnumerableMap for EnumerableMap.UintToAddressMap;
    using Checkpoints for Checkpoints.Trace208;
    using DoubleEndedQueue for DoubleEndedQueue.Bytes32Deque;
    using BitMaps for BitMaps.BitMap;
    using Heap for Heap.Uint256Heap;
    using Arrays for uint256[];

    EnumerableSet.AddressSet private addresses;
    EnumerableMap.UintToAddressMap private map;
    Checkpoints.Trace208 private trace;
    DoubleEndedQueue.Bytes32Deque private queue;
    BitMaps.BitMap private bits;
    Heap.Uint256Heap private heap;
    uint256[] private sorted;

    event Answer(bool value);

    function add(address who) external {
        emit Answer(addresses.add(who));
    }

    function remove(address who) external {
        emit Answer(addresses.remove(who));
    }

    function all() external view returns (address[] memory) {
        return addresses.values();
    }

    function at(uint256 index) external view returns (address) {
        return addresses.at(index);
    }

    function mapSet(uint256 key, address value) external {
        emit Answer(map.set(key, value));
    }

    function mapRemove(uint256 key) external {
        emit Answer(map.remove(key));
    }

    function mapGet(uint256 key) external view returns (address) {
        return map.get(key);
    }

    function mapKeys() external view returns (uint256[] memory) {
        return map.keys();
    }

    function checkpoint(uint48 key, uint208 value) external {
        trace.push(key, value);
    }

    function lookups(uint48 key) external view returns (uint208 lower, uint208 upper, uint208 recent) {
        return (trace.lowerLookup(key), trace.upperLookup(key), trace.upperLookupRecent(key));
    }

    function pushBack(bytes32 value) external {
        queue.pushBack(value);
    }

    function pushFront(bytes32 value) external {
        queue.pushFront(value);
    }

    function popFront() external returns (bytes32) {
        return queue.popFront();
    }

    function queueAt(uint256 index) external view returns (bytes32) {
        return queue.at(index);
    }

    function setBit(uint256 index, bool value) external {
        bits.setTo(index, value);
    }

    function bit(uint256 index) external view returns (bool) {
        return bits.get(index);
    }

    function insert(uint256 value) external {
        heap.insert(value);
    }

    function pop() external {
        heap.pop();
    }

    function peek() external view returns (uint256) {
        return heap.peek();
    }

    function setSorted(uint256[] calldata values) external {
        sorted = values;
    }

    function lowerBound(uint256 value) external view returns (uint256) {
        return sorted.lowerBound(value);
    }

    function sort(uint256[] memory values) external pure returns (uint256[] memory) {
        return values.sort();
    }
}

contract Numbers is Multicall {
    using Strings for *;
    using SafeCast for *;
    using ShortStrings for *;

    function text(uint256 value) external pure returns (string memory, string memory, string memory) {
        return (value.toString(), value.toHexString(), value.toHexString(32));
    }

    function signedText(int256 value) external pure returns (string memory) {
        return value.toStringSigned();
    }

    function addressText(address value) external pure returns (string memory, string memory) {
        return (value.toHexString(), value.toChecksumHexString());
    }

    function parse(string calldata value) external pure returns (uint256) {
        return value.parseUint();
    }

    function base64(bytes calldata data) external pure returns (string memory, string memory) {
        return (Base64.encode(data), Base64.encodeURL(data));
    }

    function shortString(string calldata value) external pure returns (ShortString) {
        return value.toShortString();
    }

    function to8(uint256 value) external pure returns (uint8) {
        return value.toUint8();
    }

    function toSigned(uint256 value) external pure returns (int256) {
        return value.toInt256();
    }

    function toUnsigned(int256 value) external pure returns (uint256) {
        return value.toUint256();
    }

    function mulDiv(uint256 a, uint256 b, uint256 c) external pure returns (uint256) {
        return Math.mulDiv(a, b, c);
    }

    function mulDivUp(uint256 a, uint256 b, uint256 c) external pure returns (uint256) {
        return Math.mulDiv(a, b, c, Math.Rounding.Ceil);
    }

    function sqrt(uint256 a) external pure returns (uint256) {
        return Math.sqrt(a);
    }

    function modExp(uint256 b, uint256 e, uint256 m) external view returns (uint256) {
        return Math.modExp(b, e, m);
    }

    function invMod(uint256 a, uint256 n) external pure returns (uint256) {
        return Math.invMod(a, n);
    }

    function panic(uint256 code) external pure {
        Panic.panic(code);
    }
}

contract Guarded is ReentrancyGuard {
    uint256 public count;

    function once(address callee) external nonReentrant {
        count++;
        Address.functionCall(callee, abi.encodeWithSignature("poke()"));
    }
}

contract TransientlyGuarded is ReentrancyGuardTransient {
    uint256 public count;

    function once(address callee) external nonReentrant {
        count++;
        Address.functionCall(callee, abi.encodeWithSignature("poke()"));
    }

    function twice(address callee) external {
        this.once(callee);
        this.once(callee);
    }
}

/// Calls back whoever called it, or does nothing.
contract Poker {
    bool private immutable comesBack;

    constructor(bool comesBack_) {
        comesBack = comesBack_;
    }

    function poke() external {
        if (comesBack) Guarded(msg.sender).once(address(this));
    }
}

contract Factory2 {
    event Deployed(address at);

    receive() external payable {}

    function deploy(uint256 value, bytes32 salt, bytes memory code) external {
        emit Deployed(Create2.deploy(value, salt, code));
    }

    function predict(bytes32 salt, bytes32 hash) external view returns (address) {
        return Create2.computeAddress(salt, hash);
    }
}

contract Addresses {
    receive() external payable {}

    function send(address payable to, uint256 amount) external {
        Address.sendValue(to, amount);
    }

    function call(address target, bytes calldata data, uint256 value) external payable returns (bytes memory) {
        return Address.functionCallWithValue(target, data, value);
    }

    function read(address target, bytes calldata data) external view returns (bytes memory) {
        return Address.functionStaticCall(target, data);
    }

    function borrow(address target, bytes calldata data) external returns (bytes memory) {
        return Address.functionDelegateCall(target, data);
    }
}

/// Fails in every way a called contract can.
contract Failing {
    error Nothing();
    error Everything(uint256 number, string text, address who, bytes4 selector, bool flag, int256[] list);

    struct Pair {
        uint256 left;
        string right;
    }

    error Nested(Pair pair, Pair[] pairs);

    uint256 public written;
    uint256[] private list;
    function(uint256) internal pointer;

    function reason(string calldata text) external pure {
        require(false, text);
    }

    function noReason() external pure {
        revert();
    }

    function emptyReason() external pure {
        require(false, "");
    }

    function nothing() external pure {
        revert Nothing();
    }

    function everything() external view {
        int256[] memory numbers = new int256[](3);
        numbers[1] = -1;
        revert Everything(2 ** 200, unicode"text “quoted” 'single'", msg.sender, 0x12345678, true, numbers);
    }

    function nested() external pure {
        Pair[] memory pairs = new Pair[](2);
        pairs[1] = Pair(7, "seven");
        revert Nested(Pair(1, "one"), pairs);
    }

    function assertion() external view {
        assert(written == 1);
    }

    function overflow(uint256 value) external pure returns (uint256) {
        return value + type(uint256).max;
    }

    function division(uint256 value) external pure returns (uint256) {
        return 1 / value;
    }

    function enumeration(uint8 value) external pure returns (Kind) {
        return Kind(value);
    }

    enum Kind { One, Two }

    function outOfBounds(uint256 index) external view returns (uint256) {
        return list[index];
    }

    function popEmpty() external {
        list.pop();
    }

    function tooMuchMemory(uint256 length) external pure returns (uint256) {
        return new uint256[](length).length;
    }

    function noPointer() external {
        pointer(1);
    }

    function invalid() external pure {
        assembly {
            invalid()
        }
    }

    function forever() external pure {
        for (uint256 i = 0; ; i++) {}
    }

    function writes() external {
        written = 1;
    }

    function payable_() external payable {
        require(msg.value > 1 ether, "more than one ether");
    }

    function recursion(uint256 depth) external {
        if (depth == 0) revert("the bottom");
        this.recursion(depth - 1);
    }

    function caught(address target, bytes calldata data) external returns (string memory) {
        try Failing(target).reason(string(data)) {
            return "";
        } catch Error(string memory text) {
            return text;
        }
    }
}
