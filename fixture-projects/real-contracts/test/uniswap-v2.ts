/** Uniswap v2: pair and factory compiled here, the router with the pair it was published with. */
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import factoryArtifact from "@uniswap/v2-core/build/UniswapV2Factory.json";
import pairArtifact from "@uniswap/v2-core/build/UniswapV2Pair.json";
import { expect } from "chai";
import { type Contract, parseEther } from "ethers";
import { ethers } from "hardhat";
import { domainOf, failureOf, MAX, signPermit, wallet, ZERO } from "./support";

const MINIMUM = 1000n;
const FAR = 2n ** 40n;

describe("UniswapV2ERC20", () => {
  async function deployed() {
    const [owner, other] = await ethers.getSigners();
    const token = await ethers.deployContract("V2Token", [parseEther("10000")]);
    return { token, owner, other };
  }

  it("has name, symbol, decimals, supply and domain", async () => {
    const { token, owner } = await loadFixture(deployed);
    expect(await token.name()).to.equal("Uniswap V2");
    expect(await token.symbol()).to.equal("UNI-V2");
    expect(await token.decimals()).to.equal(18n);
    expect(await token.balanceOf(owner)).to.equal(await token.totalSupply());
    expect(await token.DOMAIN_SEPARATOR()).to.equal(
      ethers.TypedDataEncoder.hashDomain(await domainOf(await token.getAddress(), "Uniswap V2")),
    );
  });

  it("approves and transfers", async () => {
    const { token, owner, other } = await loadFixture(deployed);
    await expect(token.approve(other, 10n)).to.emit(token, "Approval").withArgs(owner, other, 10n);
    await expect(token.connect(other).getFunction("transferFrom")(owner, other, 10n))
      .to.emit(token, "Transfer")
      .withArgs(owner, other, 10n);
  });

  it("fails as SafeMath does", async () => {
    const { token, owner, other } = await loadFixture(deployed);
    await expect(token.transfer(other, parseEther("10001"))).to.be.revertedWith(
      "ds-math-sub-underflow",
    );
    await expect(token.connect(other).getFunction("transfer")(owner, 1n)).to.be.revertedWith(
      "ds-math-sub-underflow",
    );
    const { frames } = await failureOf(token.transfer(other, parseEther("10001")));
    expect(frames[0]).to.match(/^at .*SafeMath\.sub|^at V2Token\.|SafeMath\.sol/);
  });

  it("takes a permit", async () => {
    const { token, owner, other } = await loadFixture(deployed);
    const domain = await domainOf(await token.getAddress(), "Uniswap V2");
    const permit = {
      owner: owner.address,
      spender: other.address,
      value: 10n,
      nonce: 0n,
      deadline: MAX,
    };
    const { v, r, s } = await signPermit(wallet(0), domain, permit);
    await expect(token.permit(owner, other, 10n, MAX, v, r, s))
      .to.emit(token, "Approval")
      .withArgs(owner, other, 10n);
    await expect(token.permit(owner, other, 10n, MAX, v, r, s)).to.be.revertedWith(
      "UniswapV2: INVALID_SIGNATURE",
    );
    await expect(token.permit(owner, other, 10n, 1n, v, r, s)).to.be.revertedWith(
      "UniswapV2: EXPIRED",
    );
  });
});

async function market() {
  const [owner, other] = await ethers.getSigners();
  const factory = await ethers.deployContract("UniswapV2Factory", [owner]);
  const a = await ethers.deployContract("V2Token", [parseEther("10000")]);
  const b = await ethers.deployContract("V2Token", [parseEther("10000")]);
  const inOrder = (await a.getAddress()).toLowerCase() < (await b.getAddress()).toLowerCase();
  const [token0, token1] = inOrder ? [a, b] : [b, a];
  await factory.createPair(token0, token1);
  const pair = await ethers.getContractAt("UniswapV2Pair", await factory.getPair(token0, token1));
  return { owner, other, factory, token0, token1, pair };
}

type Market = Awaited<ReturnType<typeof market>>;

async function add({ token0, token1, pair, owner }: Market, amount0: bigint, amount1: bigint) {
  await token0.transfer(pair, amount0);
  await token1.transfer(pair, amount1);
  return pair.mint(owner);
}

describe("UniswapV2Factory", () => {
  it("creates a pair where CREATE2 says, in either order, once", async () => {
    const { factory, token0 } = await loadFixture(market);
    const other = await ethers.deployContract("V2Token", [1n]);
    const creation = factory.createPair(other, token0);
    await expect(creation).to.emit(factory, "PairCreated");
    const at = await factory.getPair(token0, other);
    expect(await factory.getPair(other, token0)).to.equal(at);
    expect(await factory.allPairsLength()).to.equal(2n);
    await expect(factory.createPair(token0, other)).to.be.revertedWith("UniswapV2: PAIR_EXISTS");
  });

  it("refuses equal tokens and the zero address", async () => {
    const { factory, token0 } = await loadFixture(market);
    await expect(factory.createPair(token0, token0)).to.be.revertedWith(
      "UniswapV2: IDENTICAL_ADDRESSES",
    );
    await expect(factory.createPair(token0, ZERO)).to.be.revertedWith("UniswapV2: ZERO_ADDRESS");
  });

  it("lets only the setter set the fee's receiver and the next setter", async () => {
    const { factory, other } = await loadFixture(market);
    for (const method of ["setFeeTo", "setFeeToSetter"]) {
      await expect(factory.connect(other).getFunction(method)(other)).to.be.revertedWith(
        "UniswapV2: FORBIDDEN",
      );
    }
    await factory.setFeeTo(other);
    await factory.setFeeToSetter(other);
    expect(await factory.feeTo()).to.equal(other.address);
    await expect(factory.setFeeTo(ZERO)).to.be.revertedWith("UniswapV2: FORBIDDEN");
  });
});

describe("UniswapV2Pair", () => {
  it("mints the root of the product, and keeps the minimum", async () => {
    const context = await loadFixture(market);
    const { pair, owner } = context;
    await expect(add(context, parseEther("1"), parseEther("4")))
      .to.emit(pair, "Transfer")
      .withArgs(ZERO, ZERO, MINIMUM)
      .to.emit(pair, "Transfer")
      .withArgs(ZERO, owner, parseEther("2") - MINIMUM)
      .to.emit(pair, "Sync")
      .withArgs(parseEther("1"), parseEther("4"))
      .to.emit(pair, "Mint")
      .withArgs(owner, parseEther("1"), parseEther("4"));
    const [reserve0, reserve1] = await pair.getReserves();
    expect([reserve0, reserve1]).to.deep.equal([parseEther("1"), parseEther("4")]);
  });

  it("mints nothing for nothing", async () => {
    const { pair, owner } = await loadFixture(market);
    await expect(pair.mint(owner)).to.be.revertedWith("ds-math-sub-underflow");
  });

  const SWAPS = [
    ["1", "5", "10", "1662497915624478906"],
    ["1", "10", "5", "453305446940074565"],
    ["2", "5", "10", "2851015155847869602"],
    ["2", "10", "5", "831248957812239453"],
    ["1", "10", "10", "906610893880149131"],
    ["1", "100", "100", "987158034397061298"],
    ["1", "1000", "1000", "996006981039903216"],
  ] as const; // from Uniswap's own UniswapV2Pair.spec.ts

  for (const [amount, reserve0, reserve1, output] of SWAPS) {
    it(`gives ${output} for ${amount} in a pool of ${reserve0} and ${reserve1}, and not one more`, async () => {
      const context = await loadFixture(market);
      const { pair, token0, owner } = context;
      await add(context, parseEther(reserve0), parseEther(reserve1));
      await token0.transfer(pair, parseEther(amount));
      await expect(pair.swap(0n, BigInt(output) + 1n, owner, "0x")).to.be.revertedWith(
        "UniswapV2: K",
      );
      await expect(pair.swap(0n, output, owner, "0x")).to.emit(pair, "Swap");
    });
  }

  it("swaps, and reserves and balances follow", async () => {
    const context = await loadFixture(market);
    const { pair, token0, token1, owner } = context;
    await add(context, parseEther("5"), parseEther("10"));
    await token0.transfer(pair, parseEther("1"));
    const output = 1662497915624478906n;
    const swap = pair.swap(0n, output, owner, "0x");
    await expect(swap)
      .to.emit(token1, "Transfer")
      .withArgs(pair, owner, output)
      .to.emit(pair, "Sync")
      .withArgs(parseEther("6"), parseEther("10") - output)
      .to.emit(pair, "Swap")
      .withArgs(owner, parseEther("1"), 0n, 0n, output, owner);
    await expect(swap).to.changeTokenBalances(token1, [pair, owner], [-output, output]);
  });

  it("refuses a swap for nothing, more than there is, or to a token", async () => {
    const context = await loadFixture(market);
    const { pair, token0, owner } = context;
    await add(context, parseEther("5"), parseEther("10"));
    await expect(pair.swap(0n, 0n, owner, "0x")).to.be.revertedWith(
      "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT",
    );
    await expect(pair.swap(parseEther("5"), 0n, owner, "0x")).to.be.revertedWith(
      "UniswapV2: INSUFFICIENT_LIQUIDITY",
    );
    await expect(pair.swap(1n, 0n, token0, "0x")).to.be.revertedWith("UniswapV2: INVALID_TO");
    await expect(pair.swap(1n, 0n, owner, "0x")).to.be.revertedWith(
      "UniswapV2: INSUFFICIENT_INPUT_AMOUNT",
    );
  });

  it("burns liquidity", async () => {
    const context = await loadFixture(market);
    const { pair, token0, token1, owner } = context;
    await add(context, parseEther("3"), parseEther("3"));
    await pair.transfer(pair, parseEther("3") - MINIMUM);
    await expect(pair.burn(owner))
      .to.emit(pair, "Burn")
      .withArgs(owner, parseEther("3") - 1000n, parseEther("3") - 1000n, owner);
    expect(await pair.totalSupply()).to.equal(MINIMUM);
    expect(await token0.balanceOf(pair)).to.equal(1000n);
    expect(await token1.balanceOf(pair)).to.equal(1000n);
  });

  it("accumulates prices over time", async () => {
    const context = await loadFixture(market);
    const { pair, token0 } = context;
    await add(context, parseEther("3"), parseEther("3"));
    const [, , before] = await pair.getReserves();
    const price = 2n ** 112n;
    await time.setNextBlockTimestamp(before + 1n);
    await pair.sync();
    expect(await pair.price0CumulativeLast()).to.equal(price);
    await token0.transfer(pair, parseEther("3"));
    await time.setNextBlockTimestamp(before + 10n);
    await pair.sync();
    expect(await pair.price0CumulativeLast()).to.equal(price * 10n);
    await time.setNextBlockTimestamp(before + 20n);
    await pair.sync();
    expect(await pair.price0CumulativeLast()).to.equal(price * 10n + (price / 2n) * 10n);
    expect(await pair.price1CumulativeLast()).to.equal(price * 10n + price * 2n * 10n);
  });

  it("has no protocol fee while it is off, and a sixth while it is on", async () => {
    for (const on of [false, true]) {
      const context = await loadFixture(market);
      const { factory, pair, token1, owner, other } = context;
      if (on) {
        await factory.setFeeTo(other);
      }
      await add(context, parseEther("1000"), parseEther("1000"));
      await token1.transfer(pair, parseEther("1"));
      await pair.swap(996006981039903216n, 0n, owner, "0x");
      await pair.transfer(pair, parseEther("1000") - MINIMUM);
      await pair.burn(owner);
      // 249750499251388 is from Uniswap's own UniswapV2Pair.spec.ts
      expect(await pair.totalSupply()).to.equal(on ? MINIMUM + 249750499251388n : MINIMUM);
      expect(await pair.balanceOf(other)).to.equal(on ? 249750499251388n : 0n);
    }
  });

  it("gives away what is too much, and syncs to it", async () => {
    const context = await loadFixture(market);
    const { pair, token0, other } = context;
    await add(context, parseEther("1"), parseEther("1"));
    await token0.transfer(pair, 5n);
    await expect(pair.skim(other)).to.changeTokenBalance(token0, other, 5n);
    await token0.transfer(pair, 7n);
    await expect(pair.sync())
      .to.emit(pair, "Sync")
      .withArgs(parseEther("1") + 7n, parseEther("1"));
  });

  it("is initialized by its factory only", async () => {
    const { pair } = await loadFixture(market);
    await expect(pair.initialize(ZERO, ZERO)).to.be.revertedWith("UniswapV2: FORBIDDEN");
  });
});

describe("UniswapV2Router02", () => {
  async function routed() {
    const [owner, other] = await ethers.getSigners();
    const { abi, bytecode } = factoryArtifact;
    const factory = await new ethers.ContractFactory(abi, bytecode, owner).deploy(owner.address);
    const weth = await ethers.deployContract("WETH9");
    const router = await ethers.deployContract("UniswapV2Router02", [factory, weth]);
    const tokens: Contract[] = [];
    for (let i = 0; i < 3; i++) {
      const token = await ethers.deployContract("V2Token", [parseEther("10000")]);
      await token.approve(router, MAX);
      tokens.push(token);
    }
    const [a, b, c] = tokens as [Contract, Contract, Contract]; // three were deployed
    const pairOf = async (left: Contract, right: Contract) =>
      new ethers.Contract(
        await factory.getFunction("getPair")(left, right),
        pairArtifact.abi,
        owner,
      );
    return { owner, other, factory, weth, router, a, b, c, pairOf };
  }

  async function liquid() {
    const context = await loadFixture(routed);
    const { router, a, b, c, owner } = context;
    for (const [left, right] of [
      [a, b],
      [b, c],
    ] as const) {
      await router.addLiquidity(
        left,
        right,
        parseEther("100"),
        parseEther("400"),
        0n,
        0n,
        owner,
        FAR,
      );
    }
    await router.addLiquidityETH(a, parseEther("100"), 0n, 0n, owner, FAR, {
      value: parseEther("10"),
    });
    return context;
  }

  it("quotes", async () => {
    const { router } = await loadFixture(routed);
    expect(await router.quote(1n, 100n, 200n)).to.equal(2n);
    await expect(router.quote(0n, 100n, 200n)).to.be.revertedWith(
      "UniswapV2Library: INSUFFICIENT_AMOUNT",
    );
    expect(await router.getAmountOut(2n, 100n, 100n)).to.equal(1n);
    expect(await router.getAmountIn(1n, 100n, 100n)).to.equal(2n);
    await expect(router.getAmountOut(2n, 0n, 100n)).to.be.revertedWith(
      "UniswapV2Library: INSUFFICIENT_LIQUIDITY",
    );
  });

  it("creates the pair with the first liquidity", async () => {
    const { router, a, b, owner, pairOf } = await loadFixture(routed);
    await router.addLiquidity(a, b, 10_000n, 40_000n, 0n, 0n, owner, FAR);
    const pair = await pairOf(a, b);
    expect(await pair.balanceOf(owner)).to.equal(20_000n - MINIMUM);
  });

  it("adds liquidity with ether and gives the rest back", async () => {
    const { router, a, owner, weth } = await loadFixture(liquid);
    const addition = router.addLiquidityETH(a, parseEther("10"), 0n, 0n, owner, FAR, {
      value: parseEther("5"),
    });
    await expect(addition).to.changeEtherBalances(
      [owner, weth],
      [parseEther("-1"), parseEther("1")],
    );
  });

  it("is strict about deadline and slippage", async () => {
    const { router, a, b, owner } = await loadFixture(liquid);
    await expect(router.addLiquidity(a, b, 1n, 1n, 0n, 0n, owner, 1n)).to.be.revertedWith(
      "UniswapV2Router: EXPIRED",
    );
    await expect(
      router.addLiquidity(a, b, parseEther("1"), parseEther("1"), parseEther("1"), 0n, owner, FAR),
    ).to.be.revertedWith("UniswapV2Router: INSUFFICIENT_A_AMOUNT");
    await expect(router.swapExactTokensForTokens(100n, MAX, [a, b], owner, FAR)).to.be.revertedWith(
      "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT",
    );
  });

  it("swaps over two pools", async () => {
    const { router, a, b, c, other } = await loadFixture(liquid);
    const path = await Promise.all([a, b, c].map((token) => token.getAddress()));
    const amounts = await router.getAmountsOut(parseEther("1"), path);
    await expect(
      router.swapExactTokensForTokens(parseEther("1"), amounts[2], path, other, FAR),
    ).to.changeTokenBalance(c, other, amounts[2]);
  });

  it("swaps for an exact output", async () => {
    const { router, a, b, owner } = await loadFixture(liquid);
    const path = [await a.getAddress(), await b.getAddress()];
    const [input] = await router.getAmountsIn(parseEther("2"), path);
    const swap = router.swapTokensForExactTokens(parseEther("2"), MAX, path, owner, FAR);
    await expect(swap).to.changeTokenBalance(b, owner, parseEther("2"));
    await expect(swap).to.changeTokenBalance(a, owner, -input);
  });

  it("swaps ether for tokens and back", async () => {
    const { router, a, weth, owner, other } = await loadFixture(liquid);
    const path = [await weth.getAddress(), await a.getAddress()];
    const [, output] = await router.getAmountsOut(parseEther("1"), path);
    await expect(
      router.swapExactETHForTokens(0n, path, other, FAR, { value: parseEther("1") }),
    ).to.changeTokenBalance(a, other, output);
    const back = [...path].reverse();
    await expect(
      router.swapExactTokensForETH(parseEther("1"), 0n, back, other, FAR),
    ).to.changeEtherBalance(other, (await router.getAmountsOut(parseEther("1"), back))[1]);
    expect(owner.address).not.to.equal(other.address);
  });

  it("removes liquidity by permit", async () => {
    const { router, a, b, owner, pairOf } = await loadFixture(liquid);
    const pair = await pairOf(a, b);
    const value = await pair.getFunction("balanceOf")(owner);
    const domain = await domainOf(await pair.getAddress(), "Uniswap V2");
    const { v, r, s } = await signPermit(wallet(0), domain, {
      owner: owner.address,
      spender: await router.getAddress(),
      value,
      nonce: 0n,
      deadline: FAR,
    });
    await router.removeLiquidityWithPermit(a, b, value, 0n, 0n, owner, FAR, false, v, r, s);
    expect(await pair.getFunction("balanceOf")(owner)).to.equal(0n);
  });

  it("copes with a token that takes a fee", async () => {
    const { router, owner, weth } = await loadFixture(routed);
    const deflating = await ethers.deployContract("DeflatingERC20", [parseEther("10000")]);
    await deflating.approve(router, MAX);
    await router.addLiquidityETH(deflating, parseEther("100"), 0n, 0n, owner, FAR, {
      value: parseEther("10"),
    });
    const path = [await deflating.getAddress(), await weth.getAddress()];
    await expect(
      router.swapExactTokensForETH(parseEther("1"), 0n, path, owner, FAR),
    ).to.be.revertedWith("UniswapV2: K");
    await expect(
      router.swapExactTokensForETHSupportingFeeOnTransferTokens(
        parseEther("1"),
        0n,
        path,
        owner,
        FAR,
      ),
    ).not.to.be.reverted;
  });

  it("takes ether from WETH only", async () => {
    const { router, owner } = await loadFixture(routed);
    await expect(owner.sendTransaction({ to: router, value: 1n, gasLimit: 100_000n })).to.be
      .reverted;
  });

  it("uses the same gas as ever for a swap", async () => {
    const { router, a, b, owner } = await loadFixture(liquid);
    const path = [await a.getAddress(), await b.getAddress()];
    await router.swapExactTokensForTokens(1000n, 0n, path, owner, FAR); // its first in the pool
    const swap = await router.swapExactTokensForTokens(1000n, 0n, path, owner, FAR);
    const again = await router.swapExactTokensForTokens(1000n, 0n, path, owner, FAR);
    const [first, second] = [await swap.wait(), await again.wait()];
    expect(first?.gasUsed).to.equal(second?.gasUsed);
    expect(first?.gasUsed).to.be.within(90_000n, 110_000n);
  });
});
