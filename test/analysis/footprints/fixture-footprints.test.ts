/**
 * Footprints of the fixture projects' contracts, recorded on our network, against what their sources
 * say, written by hand.
 */

import { expect } from "chai";
import { conflictText } from "../../../src/analysis/footprints/call-conflict";
import { footprintText } from "../../../src/analysis/footprints/footprint-text";
import { footprintVerdict } from "../../../src/analysis/footprints/footprint-verdict";
import type { FunctionModel } from "../../../src/analysis/footprints/infer-footprints";
import { scalingExponent } from "../../../src/analysis/workload-redraw/scaling-exponent";
import { Recording } from "../../helpers/fixture-recording";

const DEADLINE = 10n ** 12n;

function model(models: readonly FunctionModel[], contract: string, name: string): FunctionModel {
  const found = models.find(
    ({ footprint }) =>
      footprint.contract.endsWith(`:${contract}`) && footprint.signature.startsWith(`${name}(`),
  );
  if (found === undefined) {
    throw new Error(`${contract}.${name} was not called`);
  }
  return found;
}

/** Text, verdict with what it rests on, α to one decimal. */
function summary(models: readonly FunctionModel[], contract: string, name: string) {
  const found = model(models, contract, name);
  const { kind, on } = footprintVerdict(found.footprint);
  const alpha = scalingExponent(found)?.alpha ?? null;
  return {
    text: footprintText(found.footprint),
    verdict: [kind, ...on.map(conflictText)].join("; "),
    alpha: alpha === null ? null : Math.abs(Math.round(alpha * 10) / 10),
  };
}

describe("footprints of the fixture projects", () => {
  let recording: Recording;

  afterEach(async () => {
    await recording.close();
  });

  it("token: transfers are bound to keys, mints serial and fixable, approvals parallel", async () => {
    recording = await Recording.of("token");
    const people = await Promise.all([0, 1, 2, 3, 4].map((i) => recording.signer(i)));
    const [admin, ...others] = people.map(({ address }) => address);
    const token = await recording.deploy("LoyaltyToken", [admin, 1_000_000n]);
    const minter = await token.getFunction("MINTER_ROLE")();
    const [shop1, shop2, carol, dave] = others;
    await recording.call(token, 0, "grantRole", [minter, shop1]);
    await recording.call(token, 0, "grantRole", [minter, shop2]);
    await recording.call(token, 1, "mint", [carol, 500n]);
    await recording.call(token, 2, "mint", [dave, 600n]);
    await recording.call(token, 1, "mint", [carol, 20n]);
    await recording.call(token, 0, "transfer", [carol, 10n]);
    await recording.call(token, 3, "transfer", [dave, 5n]);
    await recording.call(token, 4, "transfer", [carol, 7n]);
    await recording.call(token, 3, "approve", [dave, 100n]);
    await recording.call(token, 4, "approve", [shop1, 90n]);
    await recording.call(token, 4, "transferFrom", [carol, admin, 30n]);
    await recording.call(token, 1, "transferFrom", [dave, shop2, 40n]);

    const models = recording.models();
    expect(summary(models, "LoyaltyToken", "transfer")).to.deep.equal({
      text: "transfer: _paused r, _balances[msg.sender] rw, _balances[to] rw",
      verdict: "keyBound; _balances[*] if msg.sender = to; _balances[*] if to = to",
      alpha: 0,
    });
    expect(summary(models, "LoyaltyToken", "mint")).to.deep.equal({
      text: "mint: _roles[MINTER_ROLE].hasRole[msg.sender] r, lastEarned[to] rw, _paused r, _totalSupply rw (every call), _balances[to] rw",
      verdict: "serialFixable; _totalSupply",
      alpha: 1,
    });
    expect(summary(models, "LoyaltyToken", "approve")).to.deep.equal({
      text: "approve: _allowances[msg.sender][spender] rw",
      verdict: "parallel",
      alpha: 0,
    });
    expect(summary(models, "LoyaltyToken", "transferFrom").text).to.equal(
      "transferFrom: _allowances[from][msg.sender] rw, _paused r, _balances[from] rw, _balances[to] rw",
    );
  });

  it("counter: two sums are serial and fixable, the sharded twin is bound to the bucket", async () => {
    recording = await Recording.of("counter");
    const plain = await recording.deploy("TicketSale", [5n]);
    const sharded = await recording.deploy("ShardedTicketSale", [5n]);
    for (let buyer = 1; buyer <= 12; buyer++) {
      const tickets = BigInt(buyer % 4) + 1n;
      await recording.call(plain, buyer, "buy", [tickets], 5n * tickets);
      await recording.call(sharded, buyer, "buy", [tickets], 5n * tickets);
    }

    const models = recording.models();
    expect(summary(models, "TicketSale", "buy")).to.deep.equal({
      text: "buy: (ether balance)[this] w (every call), closed r, totalSold rw (every call), totalVolume rw (every call), ticketsOf[msg.sender] rw",
      verdict: "serialFixable; totalSold; totalVolume",
      alpha: 1,
    });
    const { accesses } = model(models, "TicketSale", "buy").footprint;
    const changeOf = (variable: string) =>
      accesses.find((access) => access.variable === variable)?.form?.text;
    expect([changeOf("totalSold"), changeOf("totalVolume")]).to.deep.equal([
      "+ tickets",
      "+ msg.value",
    ]);
    const twin = summary(models, "ShardedTicketSale", "buy");
    expect(twin.text).to.equal(
      "buy: (ether balance)[this] w (every call), closed r, buckets[msg.sender % 16].{sold, volume} rw, ticketsOf[msg.sender] rw",
    );
    expect(twin.verdict).to.equal(
      "keyBound; buckets[*].{sold, volume} if msg.sender % 16 = msg.sender % 16",
    );
    // 256 users fall into 16 buckets: the fullest grows more slowly than all calls together
    expect(twin.alpha).to.be.greaterThan(0.4).and.lessThan(1);
  });

  it("amm: a swap is serial inherently, in its pool; through the router bound to the path", async () => {
    recording = await Recording.of("amm");
    const factory = await recording.deploy("PoolFactory");
    const router = await recording.deploy("Router", [await factory.getAddress()]);
    const addresses: string[] = [];
    for (let i = 0; i < 4; i++) {
      const token = await recording.deploy("TestToken", [`T${i}`, `T${i}`]);
      addresses.push(await token.getAddress());
      for (let user = 0; user < 5; user++) {
        const { address } = await recording.signer(user);
        await recording.call(token, user, "mint", [address, 10n ** 12n + BigInt(1000 * user + i)]);
        await recording.call(token, user, "approve", [await router.getAddress(), 10n ** 20n]);
      }
    }
    const [a, b, c, d] = addresses;
    const add = async (user: number, tokenA: unknown, tokenB: unknown, amounts: bigint[]) => {
      const to = (await recording.signer((user + 3) % 5)).address;
      await recording.call(router, user, "addLiquidity", [
        tokenA,
        tokenB,
        ...amounts,
        0n,
        to,
        DEADLINE,
      ]);
    };
    await recording.call(factory, 0, "createPool", [a, b]);
    await recording.call(factory, 1, "createPool", [c, d]);
    await add(0, a, b, [4_000_000n, 1_000_000n]);
    await add(1, c, d, [3_000_000n, 2_000_000n]);
    const paths = [
      [a, b],
      [b, a],
      [c, d],
      [d, c],
      [a, b],
      [b, a],
    ];
    for (const [i, path] of paths.entries()) {
      const to = (await recording.signer((i + 2) % 5)).address;
      const amount = 10_000n + 137n * BigInt(i);
      await recording.call(router, i % 5, "swapExactTokens", [amount, 0n, path, to, DEADLINE]);
    }

    const models = recording.models();
    expect(summary(models, "PoolFactory", "createPool")).to.deep.equal({
      text: "createPool: getPool[tokenA][tokenB] rw, getPool[tokenB][tokenA] rw, (contracts created)[this] rw (every call), allPools.length rw (every call), allPools[allPools.length] rw",
      verdict: "serialFixable; (contracts created); allPools.length",
      alpha: 1,
    });
    const swap = summary(models, "Pool", "swap");
    expect(swap.verdict).to.match(/^serialInherent; .*reserve0, reserve1, blockTimestampLast/);
    expect(swap.alpha).to.equal(1);
    expect(swap.text).to.include("unlocked rw (every call, puts the old value back)");
    expect(swap.text).to.include("reserve0, reserve1, blockTimestampLast rw (every call)");
    expect(swap.text).to.match(/TestToken\(token0\)\._balances\[this\] rw/);
    const trade = summary(models, "Router", "swapExactTokens");
    expect(trade.verdict).to.match(/^keyBound; /);
    expect(trade.alpha).to.equal(1); // on the same pool
    expect(trade.text).to.include("PoolFactory.getPool[path[0]][path[1]] r");
    expect(trade.text).to.include("TestToken(path[0])._balances[msg.sender] rw");
    expect(trade.text).to.include("TestToken(path[*])._balances[getPool[*][*]] rw");
    expect(trade.text).to.include("TestToken(path[1])._balances[to] rw");
    expect(trade.text).to.include("Pool(getPool[*][*]).unlocked rw (puts the old value back)");
  });
});
