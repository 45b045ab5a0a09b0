// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title The same with a hash chain for each sender and one for each poster. Messages of one sender
/// keep their order; between senders there is none until a batch makes it. Whose message is being
/// executed is kept in transient storage, which ends with the transaction.
contract SenderQueues {
    struct Chain {
        bytes32 acc;
        uint256 count;
    }

    mapping(address sender => Chain) public queueOf;
    mapping(address poster => Chain) public batchesOf;
    mapping(address poster => bool) public isBatchPoster;
    mapping(address outbox => bool) public isOutbox;
    address transient private _activeOutbox;

    event MessageDelivered(address indexed sender, uint256 indexed index, bytes32 beforeAcc, bytes32 dataHash);
    event BatchPosted(address indexed poster, uint256 indexed index, bytes32 beforeAcc, bytes32 afterAcc);

    event Executed(address indexed outbox, address indexed to, uint256 value);

    error NotBatchPoster(address caller);
    error NotOutbox(address caller);
    error NothingEnqueued(address sender);

    constructor(address[] memory posters, address[] memory outboxes) payable {
        for (uint256 i = 0; i < posters.length; i++) isBatchPoster[posters[i]] = true;
        for (uint256 i = 0; i < outboxes.length; i++) isOutbox[outboxes[i]] = true;
    }

    /// @notice Whose message is being executed, for the contract that is called; zero otherwise.
    function activeOutbox() external view returns (address) {
        return _activeOutbox;
    }

    function enqueue(bytes32 dataHash) external returns (uint256 index) {
        Chain storage queue = queueOf[msg.sender];
        bytes32 beforeAcc = queue.acc;
        index = queue.count;
        bytes32 message = keccak256(abi.encode(msg.sender, block.number, index, dataHash));
        queue.acc = keccak256(abi.encode(beforeAcc, message));
        queue.count = index + 1;
        emit MessageDelivered(msg.sender, index, beforeAcc, dataHash);
    }

    /// @param senders whose queues the batch includes, up to where they are now
    function postBatch(bytes32 dataHash, address[] calldata senders) external returns (uint256 index) {
        if (!isBatchPoster[msg.sender]) revert NotBatchPoster(msg.sender);
        bytes32 included;
        for (uint256 i = 0; i < senders.length; i++) {
            Chain storage queue = queueOf[senders[i]];
            if (queue.count == 0) revert NothingEnqueued(senders[i]);
            included = keccak256(abi.encode(included, queue.acc));
        }

        Chain storage batches = batchesOf[msg.sender];
        bytes32 beforeAcc = batches.acc;
        bytes32 afterAcc = keccak256(abi.encode(beforeAcc, dataHash, included));
        index = batches.count;
        batches.acc = afterAcc;
        batches.count = index + 1;
        emit BatchPosted(msg.sender, index, beforeAcc, afterAcc);
    }

    /// @notice Executes a message from the rollup with ether of the bridge.
    function executeCall(address to, uint256 value, bytes calldata data) external {
        if (!isOutbox[msg.sender]) revert NotOutbox(msg.sender);
        address previous = _activeOutbox;
        _activeOutbox = msg.sender;
        (bool done,) = to.call{value: value}(data);
        _activeOutbox = previous;
        require(done, "SenderQueues: call failed");
        emit Executed(msg.sender, to, value);
    }
}
