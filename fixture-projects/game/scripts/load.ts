/**
 * One block on each world: 16 players move, 16 gather on four tiles, 16 craft one, two, … 16 tools, 16
 * buy land.
 */
import { ethers } from "hardhat";
import { run, runLoad } from "../../one-block";

const PLAYERS = 64;
const GROUP = 16;
const WOOD = 20;
const LAND_PRICE = 1_000n;
const gasLimit = 200_000n;

async function main() {
  const players = (await ethers.getSigners()).slice(1, 1 + PLAYERS);
  const tiles = players.map((_, i) => (i >= GROUP && i < 2 * GROUP ? i % 4 : 100 + i));
  for (const name of ["GameWorld", "TileWorld"]) {
    const world = await ethers.deployContract(name, [players, tiles, WOOD]);
    await runLoad({
      [`turns in ${name}`]: players.map((player, i) => () => {
        const account = world.connect(player);
        if (i < GROUP) return account.move(tiles[i] + 1, { gasLimit });
        if (i < 2 * GROUP) return account.gather({ gasLimit });
        if (i < 3 * GROUP) return account.craft(i - 2 * GROUP + 1, { gasLimit });
        return account.buyLand(tiles[i], { value: LAND_PRICE, gasLimit });
      }),
    });
  }
}

run(main);
