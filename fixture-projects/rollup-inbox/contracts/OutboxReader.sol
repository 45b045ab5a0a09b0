// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

interface IBridge {
    function activeOutbox() external view returns (address);
}

/// @title Called by a bridge: notes whose message it was.
contract OutboxReader {
    address public seen;

    function look() external payable {
        seen = IBridge(msg.sender).activeOutbox();
    }
}
