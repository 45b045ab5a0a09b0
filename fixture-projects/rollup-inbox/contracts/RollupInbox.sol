// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title Messages to a rollup, in the manner of Nitro's bridge: two hash chains, one of messages that
/// anyone enqueues, one of batches that posters add. Each entry contains the one before it.
contract RollupInbox {
    bytes32[] public delayedInboxAccs;
    bytes32[] public sequencerInboxAccs;
    uint256 public totalDelayedMessagesRead;
    uint256 public sequencerReportedSubMessageCount;
    mapping(address poster => bool) public isBatchPoster;
    mapping(address outbox => bool) public isOutbox;
    address private _activeOutbox;

    event MessageDelivered(uint256 indexed index, bytes32 indexed beforeAcc, address sender, bytes32 dataHash);
    event BatchPosted(uint256 indexed index, bytes32 indexed beforeAcc, bytes32 afterAcc, uint256 delayedRead);

    event Executed(address indexed outbox, address indexed to, uint256 value);

    error NotBatchPoster(address caller);
    error NotOutbox(address caller);
    error DelayedBackwards(uint256 read, uint256 alreadyRead);
    error DelayedTooFar(uint256 read, uint256 enqueued);
    error BadMessageCount(uint256 given, uint256 reported);

    constructor(address[] memory posters, address[] memory outboxes) payable {
        for (uint256 i = 0; i < posters.length; i++) isBatchPoster[posters[i]] = true;
        for (uint256 i = 0; i < outboxes.length; i++) isOutbox[outboxes[i]] = true;
    }

    /// @notice Whose message is being executed, for the contract that is called; zero otherwise.
    function activeOutbox() external view returns (address) {
        return _activeOutbox;
    }

    function delayedMessageCount() external view returns (uint256) {
        return delayedInboxAccs.length;
    }

    function batchCount() external view returns (uint256) {
        return sequencerInboxAccs.length;
    }

    function enqueue(bytes32 dataHash) external returns (uint256 index) {
        index = delayedInboxAccs.length;
        bytes32 beforeAcc = index == 0 ? bytes32(0) : delayedInboxAccs[index - 1];
        bytes32 message = keccak256(abi.encode(msg.sender, block.number, index, dataHash));
        delayedInboxAccs.push(keccak256(abi.encode(beforeAcc, message)));
        emit MessageDelivered(index, beforeAcc, msg.sender, dataHash);
    }

    /// @param delayedRead how many enqueued messages are in this batch and those before it
    /// @param messagesBefore messages in all batches so far, as the poster knows it
    function postBatch(bytes32 dataHash, uint256 delayedRead, uint256 messagesBefore, uint256 messagesAfter)
        external
        returns (uint256 index)
    {
        if (!isBatchPoster[msg.sender]) revert NotBatchPoster(msg.sender);
        if (delayedRead < totalDelayedMessagesRead) revert DelayedBackwards(delayedRead, totalDelayedMessagesRead);
        if (delayedRead > delayedInboxAccs.length) revert DelayedTooFar(delayedRead, delayedInboxAccs.length);
        if (messagesBefore != sequencerReportedSubMessageCount) {
            revert BadMessageCount(messagesBefore, sequencerReportedSubMessageCount);
        }

        index = sequencerInboxAccs.length;
        bytes32 beforeAcc = index == 0 ? bytes32(0) : sequencerInboxAccs[index - 1];
        bytes32 delayedAcc = delayedRead == 0 ? bytes32(0) : delayedInboxAccs[delayedRead - 1];
        bytes32 afterAcc = keccak256(abi.encode(beforeAcc, dataHash, delayedAcc));
        sequencerInboxAccs.push(afterAcc);
        totalDelayedMessagesRead = delayedRead;
        sequencerReportedSubMessageCount = messagesAfter;
        emit BatchPosted(index, beforeAcc, afterAcc, delayedRead);
    }

    /// @notice Executes a message from the rollup with ether of the bridge.
    function executeCall(address to, uint256 value, bytes calldata data) external {
        if (!isOutbox[msg.sender]) revert NotOutbox(msg.sender);
        address previous = _activeOutbox;
        _activeOutbox = msg.sender;
        (bool done,) = to.call{value: value}(data);
        _activeOutbox = previous;
        require(done, "RollupInbox: call failed");
        emit Executed(msg.sender, to, value);
    }
}
