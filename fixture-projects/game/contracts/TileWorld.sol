// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title The same world without counters of the whole: blocks are its clock, chance comes from the
/// player's own turns, totals and the table of leaders are made from events.
contract TileWorld {
    uint256 public constant TILES = 1024;
    uint256 public constant WOOD_PER_TILE = 100;
    uint256 public constant LAND_PRICE = 1_000;

    struct Player {
        bool exists;
        uint32 tile;
        uint32 wood;
        uint32 tools;
        uint64 score;
        uint64 turns;
    }

    mapping(address account => Player) public players;
    mapping(uint256 tile => address) public tileOwner;
    mapping(uint256 tile => uint256 wood) public gatheredFrom;

    event Moved(address indexed player, uint256 tile);
    event Gathered(address indexed player, uint256 indexed tile, uint256 wood);
    event Crafted(address indexed player, uint256 tools);
    event LandBought(address indexed player, uint256 indexed tile);

    error NoPlayer(address account);
    error TooFar(uint256 from, uint256 to);
    error TileExhausted(uint256 tile);
    error NotEnoughWood(uint256 available, uint256 needed);
    error WrongPayment(uint256 paid);
    error LandTaken(uint256 tile, address owner);

    modifier turn() {
        if (!players[msg.sender].exists) revert NoPlayer(msg.sender);
        players[msg.sender].turns++;
        _;
    }

    /// @notice Puts each player on a tile, with some wood.
    constructor(address[] memory accounts, uint32[] memory tiles, uint32 wood) {
        for (uint256 i = 0; i < accounts.length; i++) {
            players[accounts[i]] = Player(true, tiles[i], wood, 0, 0, 0);
        }
    }

    function move(uint32 to) external turn {
        Player storage player = players[msg.sender];
        uint32 from = player.tile;
        if (to >= TILES || (to != from + 1 && from != to + 1)) revert TooFar(from, to);
        player.tile = to;
        emit Moved(msg.sender, to);
    }

    function gather() external turn {
        Player storage player = players[msg.sender];
        uint256 tile = player.tile;
        uint256 random = uint256(keccak256(abi.encode(blockhash(block.number - 1), msg.sender, player.turns)));
        uint256 wood = 1 + random % 3;
        uint256 gathered = gatheredFrom[tile] + wood;
        if (gathered > WOOD_PER_TILE) revert TileExhausted(tile);
        gatheredFrom[tile] = gathered;
        player.wood += uint32(wood);
        emit Gathered(msg.sender, tile, wood);
    }

    function craft(uint32 tools) external turn {
        Player storage player = players[msg.sender];
        if (tools > player.wood) revert NotEnoughWood(player.wood, tools);
        player.wood -= tools;
        player.tools += tools;
        player.score += tools;
        emit Crafted(msg.sender, tools);
    }

    function buyLand(uint256 tile) external payable turn {
        if (msg.value != LAND_PRICE) revert WrongPayment(msg.value);
        if (tileOwner[tile] != address(0)) revert LandTaken(tile, tileOwner[tile]);
        tileOwner[tile] = msg.sender;
        emit LandBought(msg.sender, tile);
    }
}
