// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// @title A world of tiles in a row. It counts every move, everything made, and who leads.
contract GameWorld {
    uint256 public constant TILES = 1024;
    uint256 public constant WOOD_PER_TILE = 100;
    uint256 public constant LAND_PRICE = 1_000;

    struct Player {
        bool exists;
        uint32 tile;
        uint32 wood;
        uint32 tools;
        uint64 score;
    }

    uint256 public tick;
    uint256 public rngNonce;
    uint256 public totalMinted;
    address public leader;
    uint64 public leaderScore;
    mapping(address account => Player) public players;
    mapping(uint256 tile => address) public tileOwner;
    mapping(uint256 tile => uint256 wood) public gatheredFrom;

    event Moved(address indexed player, uint256 tile);
    event Gathered(address indexed player, uint256 indexed tile, uint256 wood);
    event Crafted(address indexed player, uint256 tools);
    event NewLeader(address indexed player, uint256 score);
    event LandBought(address indexed player, uint256 indexed tile);

    error NoPlayer(address account);
    error TooFar(uint256 from, uint256 to);
    error TileExhausted(uint256 tile);
    error NotEnoughWood(uint256 available, uint256 needed);
    error WrongPayment(uint256 paid);
    error LandTaken(uint256 tile, address owner);

    modifier turn() {
        if (!players[msg.sender].exists) revert NoPlayer(msg.sender);
        tick++;
        _;
    }

    /// @notice Puts each player on a tile, with some wood.
    constructor(address[] memory accounts, uint32[] memory tiles, uint32 wood) {
        for (uint256 i = 0; i < accounts.length; i++) {
            players[accounts[i]] = Player(true, tiles[i], wood, 0, 0);
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
        uint256 random = uint256(keccak256(abi.encode(blockhash(block.number - 1), rngNonce++)));
        uint256 wood = 1 + random % 3;
        uint256 gathered = gatheredFrom[tile] + wood;
        if (gathered > WOOD_PER_TILE) revert TileExhausted(tile);
        gatheredFrom[tile] = gathered;
        player.wood += uint32(wood);
        totalMinted += wood;
        emit Gathered(msg.sender, tile, wood);
    }

    function craft(uint32 tools) external turn {
        Player storage player = players[msg.sender];
        if (tools > player.wood) revert NotEnoughWood(player.wood, tools);
        player.wood -= tools;
        player.tools += tools;
        totalMinted += tools;
        uint64 score = player.score + tools;
        player.score = score;
        emit Crafted(msg.sender, tools);
        if (score > leaderScore) {
            leader = msg.sender;
            leaderScore = score;
            emit NewLeader(msg.sender, score);
        }
    }

    function buyLand(uint256 tile) external payable turn {
        if (msg.value != LAND_PRICE) revert WrongPayment(msg.value);
        if (tileOwner[tile] != address(0)) revert LandTaken(tile, tileOwner[tile]);
        tileOwner[tile] = msg.sender;
        emit LandBought(msg.sender, tile);
    }
}
