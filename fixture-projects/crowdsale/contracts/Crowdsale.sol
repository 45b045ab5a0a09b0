// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {CrowdToken} from "./CrowdToken.sol";

/// @title A sale in the manner of OpenZeppelin's first Crowdsale: it mints what is bought, adds up what
/// it raised and passes the ether on at once.
contract Crowdsale {
    CrowdToken public immutable token;
    address payable public immutable wallet;
    /// @notice Token units for a wei.
    uint256 public immutable rate;
    /// @notice Wei at which the sale is over.
    uint256 public immutable cap;

    uint256 public weiRaised;

    event TokenPurchase(address indexed purchaser, address indexed beneficiary, uint256 value, uint256 amount);

    error NothingPaid();
    error NoBeneficiary();
    error CapExceeded(uint256 raised, uint256 cap);

    constructor(uint256 rate_, uint256 cap_, address payable wallet_) {
        token = new CrowdToken();
        rate = rate_;
        cap = cap_;
        wallet = wallet_;
    }

    receive() external payable {
        buyTokens(msg.sender);
    }

    function capReached() external view returns (bool) {
        return weiRaised >= cap;
    }

    function buyTokens(address beneficiary) public payable {
        if (beneficiary == address(0)) revert NoBeneficiary();
        if (msg.value == 0) revert NothingPaid();
        uint256 raised = weiRaised + msg.value;
        if (raised > cap) revert CapExceeded(raised, cap);

        uint256 amount = msg.value * rate;
        weiRaised = raised;
        token.mint(beneficiary, amount);
        emit TokenPurchase(msg.sender, beneficiary, msg.value, amount);
        (bool sent,) = wallet.call{value: msg.value}("");
        require(sent, "Crowdsale: transfer failed");
    }
}
