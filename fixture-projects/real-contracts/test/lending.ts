/** Aave v3: supplying, borrowing, interest, liquidation, flash loans, rights. */
import { anyUint, anyValue } from "@nomicfoundation/hardhat-chai-matchers/withArgs";
import { loadFixture, time } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { type Contract, parseEther, parseUnits } from "ethers";
import { ethers } from "hardhat";
import { domainOf, failureOf, MAX, PERMIT, wallet, ZERO } from "./support";

const YEAR = 365 * 24 * 60 * 60;
const RAY = 10n ** 27n;
const VARIABLE = 2n;

// Error codes: protocol/libraries/helpers/Errors.sol
const CALLER_NOT_POOL_ADMIN = "1";
const INVALID_AMOUNT = "26";
const RESERVE_FROZEN = "28";
const RESERVE_PAUSED = "29";
const BORROWING_NOT_ENABLED = "30";
const NOT_ENOUGH_AVAILABLE_USER_BALANCE = "32";
const INVALID_INTEREST_RATE_MODE_SELECTED = "33";
const COLLATERAL_BALANCE_IS_ZERO = "34";
const HEALTH_FACTOR_LOWER_THAN_LIQUIDATION_THRESHOLD = "35";
const COLLATERAL_CANNOT_COVER_NEW_BORROW = "36";
const NO_DEBT_OF_SELECTED_TYPE = "39";
const HEALTH_FACTOR_NOT_BELOW_THRESHOLD = "45";
const SUPPLY_CAP_EXCEEDED = "51";
const BORROW_CAP_EXCEEDED = "50";
const INVALID_FLASHLOAN_EXECUTOR_RETURN = "13";

async function linked(name: string, libraries: Record<string, Contract>, args: unknown[] = []) {
  const addresses: Record<string, string> = {};
  for (const [library, contract] of Object.entries(libraries)) {
    addresses[library] = await contract.getAddress();
  }
  return ethers.deployContract(name, args, { libraries: addresses });
}

async function market() {
  const [admin, lender, borrower, liquidator] = await ethers.getSigners();
  const provider = await ethers.deployContract("PoolAddressesProvider", ["Market", admin]);
  await provider.setACLAdmin(admin);
  const acl = await ethers.deployContract("ACLManager", [provider]);
  await provider.setACLManager(acl);
  await acl.addPoolAdmin(admin);
  const data = await ethers.deployContract("AaveProtocolDataProvider", [provider]);
  await provider.setPoolDataProvider(data);

  const logic: Record<string, Contract> = {};
  for (const name of ["Borrow", "Bridge", "EMode", "Liquidation", "Pool", "Supply"]) {
    logic[`${name}Logic`] = await ethers.deployContract(`${name}Logic`);
  }
  const { BorrowLogic } = logic;
  if (BorrowLogic === undefined) {
    throw new Error("BorrowLogic is in the list above");
  }
  logic.FlashLoanLogic = await linked("FlashLoanLogic", { BorrowLogic });
  const poolCode = await linked("Pool", logic, [provider]);
  await provider.setPoolImpl(poolCode);
  const pool = await ethers.getContractAt("Pool", await provider.getPool());
  const ConfiguratorLogic = await ethers.deployContract("ConfiguratorLogic");
  await provider.setPoolConfiguratorImpl(await linked("PoolConfigurator", { ConfiguratorLogic }));
  const configurator = await ethers.getContractAt(
    "PoolConfigurator",
    await provider.getPoolConfigurator(),
  );

  const dai = await ethers.deployContract("MintableERC20", ["Dai", "DAI", 18]);
  const usdc = await ethers.deployContract("MintableERC20", ["USD Coin", "USDC", 6]);
  const weth = await ethers.deployContract("MintableERC20", ["Ether", "WETH", 18]);
  const assets = [dai, usdc, weth];
  const prices = { dai: 10n ** 8n, usdc: 10n ** 8n, weth: 2000n * 10n ** 8n };
  const feeds: Contract[] = [];
  for (const price of Object.values(prices)) {
    feeds.push(await ethers.deployContract("MockAggregator", [price]));
  }
  const oracle = await ethers.deployContract("AaveOracle", [
    provider,
    assets,
    feeds,
    ZERO,
    ZERO,
    10n ** 8n,
  ]);
  await provider.setPriceOracle(oracle);

  const aToken = await ethers.deployContract("AToken", [pool]);
  const stableDebt = await ethers.deployContract("StableDebtToken", [pool]);
  const variableDebt = await ethers.deployContract("VariableDebtToken", [pool]);
  const percent = (value: bigint) => (value * RAY) / 100n;
  const strategy = await ethers.deployContract("DefaultReserveInterestRateStrategy", [
    provider,
    percent(80n),
    0n,
    percent(4n),
    percent(60n),
    percent(2n),
    percent(60n),
    percent(2n),
    percent(5n),
    percent(20n),
  ]);
  const reserves = [];
  for (const asset of assets) {
    const symbol: string = await asset.symbol();
    reserves.push({
      aTokenImpl: aToken,
      stableDebtTokenImpl: stableDebt,
      variableDebtTokenImpl: variableDebt,
      underlyingAssetDecimals: await asset.decimals(),
      interestRateStrategyAddress: strategy,
      underlyingAsset: asset,
      treasury: admin,
      incentivesController: ZERO,
      aTokenName: `Aave ${symbol}`,
      aTokenSymbol: `a${symbol}`,
      variableDebtTokenName: `Debt ${symbol}`,
      variableDebtTokenSymbol: `d${symbol}`,
      stableDebtTokenName: `Stable debt ${symbol}`,
      stableDebtTokenSymbol: `s${symbol}`,
      params: "0x",
    });
  }
  await configurator.initReserves(reserves);
  for (const asset of assets) {
    await configurator.configureReserveAsCollateral(asset, 7500n, 8000n, 10500n);
    await configurator.setReserveBorrowing(asset, true);
    await configurator.setReserveFlashLoaning(asset, true);
    await configurator.setReserveFactor(asset, 1000n);
    for (const user of [lender, borrower, liquidator]) {
      await asset.connect(user).getFunction("mint(uint256)")(
        10_000n * 10n ** BigInt(await asset.decimals()),
      );
      await asset.connect(user).getFunction("approve")(pool, MAX);
    }
  }
  const tokenOf = async (asset: Contract, kind: "aToken" | "variableDebtToken") => {
    const { aTokenAddress, variableDebtTokenAddress } = await data.getReserveTokensAddresses(asset);
    return kind === "aToken"
      ? ethers.getContractAt("AToken", aTokenAddress)
      : ethers.getContractAt("VariableDebtToken", variableDebtTokenAddress);
  };
  const [, , ethFeed] = feeds;
  return {
    admin,
    lender,
    borrower,
    liquidator,
    provider,
    acl,
    pool,
    configurator,
    data,
    dai,
    usdc,
    weth,
    oracle,
    ethFeed,
    tokenOf,
  };
}

/** The lender has supplied 5000 DAI; the borrower has 1 ether of collateral. */
async function supplied() {
  const context = await loadFixture(market);
  const { pool, lender, borrower, dai, weth } = context;
  await pool.connect(lender).getFunction("supply")(dai, parseEther("5000"), lender, 0n);
  await pool.connect(borrower).getFunction("supply")(weth, parseEther("1"), borrower, 0n);
  return context;
}

/** The borrower owes 1000 DAI. */
async function borrowed() {
  const context = await loadFixture(supplied);
  const { pool, borrower, dai } = context;
  await pool.connect(borrower).getFunction("borrow")(
    dai,
    parseEther("1000"),
    VARIABLE,
    0n,
    borrower,
  );
  return context;
}

describe("Aave v3: supply and withdraw", () => {
  it("supplies and gives aTokens", async () => {
    const { pool, lender, dai, tokenOf } = await loadFixture(market);
    const aDai = await tokenOf(dai, "aToken");
    const supply = pool.connect(lender).getFunction("supply")(dai, 100n, lender, 0n);
    await expect(supply)
      .to.emit(pool, "Supply")
      .withArgs(dai, lender, lender, 100n, 0n)
      .and.to.emit(pool, "ReserveUsedAsCollateralEnabled")
      .withArgs(dai, lender);
    await expect(supply).to.changeTokenBalances(dai, [lender, aDai], [-100n, 100n]);
    expect(await aDai.balanceOf(lender)).to.equal(100n);
  });

  it("supplies for another account", async () => {
    const { pool, lender, borrower, dai, tokenOf } = await loadFixture(market);
    await pool.connect(lender).getFunction("supply")(dai, 100n, borrower, 0n);
    expect(await (await tokenOf(dai, "aToken")).balanceOf(borrower)).to.equal(100n);
  });

  it("refuses nothing, and what is no reserve", async () => {
    const { pool, lender, dai } = await loadFixture(market);
    await expect(
      pool.connect(lender).getFunction("supply")(dai, 0n, lender, 0n),
    ).to.be.revertedWith(INVALID_AMOUNT);
    const other = await ethers.deployContract("MintableERC20", ["X", "X", 18]);
    // the reserve has no aToken, so it is the zero address that is called
    await expect(
      pool.connect(lender).getFunction("supply")(other, 1n, lender, 0n),
    ).to.be.revertedWithoutReason();
  });

  it("withdraws a part, and everything", async () => {
    const { pool, lender, dai, tokenOf } = await loadFixture(supplied);
    const withdraw = pool.connect(lender).getFunction("withdraw");
    await expect(withdraw(dai, parseEther("1"), lender)).to.changeTokenBalance(
      dai,
      lender,
      parseEther("1"),
    );
    await expect(withdraw(dai, MAX, lender))
      .to.emit(pool, "Withdraw")
      .withArgs(dai, lender, lender, parseEther("4999"))
      .and.to.emit(pool, "ReserveUsedAsCollateralDisabled")
      .withArgs(dai, lender);
    expect(await (await tokenOf(dai, "aToken")).balanceOf(lender)).to.equal(0n);
  });

  it("refuses to withdraw more than there is", async () => {
    const { pool, lender, dai } = await loadFixture(supplied);
    await expect(
      pool.connect(lender).getFunction("withdraw")(dai, parseEther("5001"), lender),
    ).to.be.revertedWith(NOT_ENOUGH_AVAILABLE_USER_BALANCE);
  });

  it("transfers aTokens with what they earn", async () => {
    const { lender, liquidator, dai, tokenOf } = await loadFixture(borrowed);
    const aDai = await tokenOf(dai, "aToken");
    await time.increase(YEAR);
    const before = await aDai.balanceOf(lender);
    expect(before).to.be.greaterThan(parseEther("5000"));
    await expect(
      aDai.connect(lender).getFunction("transfer")(liquidator, parseEther("100")),
    ).to.emit(aDai, "BalanceTransfer");
    expect(await aDai.balanceOf(liquidator)).to.be.closeTo(parseEther("100"), 1n);
  });

  it("takes a permit for an aToken", async () => {
    const { lender, borrower, dai, tokenOf } = await loadFixture(supplied);
    const aDai = await tokenOf(dai, "aToken");
    const domain = await domainOf(await aDai.getAddress(), "Aave DAI");
    const message = {
      owner: lender.address,
      spender: borrower.address,
      value: 5n,
      nonce: 0n,
      deadline: MAX,
    };
    const { v, r, s } = ethers.Signature.from(
      await wallet(1).signTypedData(domain, PERMIT, message),
    );
    await aDai.permit(lender, borrower, 5n, MAX, v, r, s);
    expect(await aDai.allowance(lender, borrower)).to.equal(5n);
  });
});

describe("Aave v3: borrow and repay", () => {
  it("borrows against collateral", async () => {
    const { pool, borrower, dai } = await loadFixture(supplied);
    const borrow = pool.connect(borrower).getFunction("borrow")(
      dai,
      parseEther("1000"),
      VARIABLE,
      0n,
      borrower,
    );
    await expect(borrow)
      .to.emit(pool, "Borrow")
      .withArgs(dai, borrower, borrower, parseEther("1000"), VARIABLE, anyUint, 0n);
    await expect(borrow).to.changeTokenBalance(dai, borrower, parseEther("1000"));
    const account = await pool.getUserAccountData(borrower);
    expect(account.totalCollateralBase).to.equal(2000n * 10n ** 8n);
    expect(account.totalDebtBase).to.equal(1000n * 10n ** 8n);
    expect(account.healthFactor).to.equal(parseEther("1.6"));
  });

  it("refuses more than the collateral covers", async () => {
    const { pool, borrower, dai } = await loadFixture(supplied);
    await expect(
      pool.connect(borrower).getFunction("borrow")(dai, parseEther("1501"), VARIABLE, 0n, borrower),
    ).to.be.revertedWith(COLLATERAL_CANNOT_COVER_NEW_BORROW);
  });

  it("refuses without collateral, and an unknown rate mode", async () => {
    const { pool, borrower, liquidator, dai } = await loadFixture(supplied);
    await expect(
      pool.connect(liquidator).getFunction("borrow")(dai, 1n, VARIABLE, 0n, liquidator),
    ).to.be.revertedWith(COLLATERAL_BALANCE_IS_ZERO);
    await expect(
      pool.connect(borrower).getFunction("borrow")(dai, 1n, 0n, 0n, borrower),
    ).to.be.revertedWith(INVALID_INTEREST_RATE_MODE_SELECTED);
    await expect(
      pool.connect(borrower).getFunction("borrow")(dai, 1n, 3n, 0n, borrower),
    ).to.be.revertedWithPanic(0x21);
  });

  it("charges interest over time, at the rate it told", async () => {
    const { pool, borrower, dai, tokenOf } = await loadFixture(borrowed);
    const debt = await tokenOf(dai, "variableDebtToken");
    const { currentVariableBorrowRate } = await pool.getReserveData(dai);
    // 20% of the reserve are lent: a quarter of the optimal 80%, so a quarter of 4%
    expect(currentVariableBorrowRate).to.equal(RAY / 100n);
    await time.increase(YEAR);
    const owed = await debt.balanceOf(borrower);
    expect(owed).to.be.closeTo(parseEther("1010.05"), parseEther("0.01"));
  });

  it("repays a part, and everything with interest", async () => {
    const { pool, borrower, dai, tokenOf } = await loadFixture(borrowed);
    const repay = pool.connect(borrower).getFunction("repay");
    await time.increase(YEAR / 12);
    await expect(repay(dai, parseEther("400"), VARIABLE, borrower))
      .to.emit(pool, "Repay")
      .withArgs(dai, borrower, borrower, parseEther("400"), false);
    await repay(dai, MAX, VARIABLE, borrower);
    const debt = await tokenOf(dai, "variableDebtToken");
    expect(await debt.balanceOf(borrower)).to.equal(0n);
    expect((await pool.getUserAccountData(borrower)).healthFactor).to.equal(MAX);
  });

  it("refuses to repay what is not owed", async () => {
    const { pool, lender, dai } = await loadFixture(borrowed);
    await expect(
      pool.connect(lender).getFunction("repay")(dai, 1n, VARIABLE, lender),
    ).to.be.revertedWith(NO_DEBT_OF_SELECTED_TYPE);
  });

  it("keeps collateral that is needed", async () => {
    const { pool, borrower, weth } = await loadFixture(borrowed);
    await expect(
      pool.connect(borrower).getFunction("withdraw")(weth, parseEther("0.5"), borrower),
    ).to.be.revertedWith(HEALTH_FACTOR_LOWER_THAN_LIQUIDATION_THRESHOLD);
    await expect(
      pool.connect(borrower).getFunction("setUserUseReserveAsCollateral")(weth, false),
    ).to.be.revertedWith(HEALTH_FACTOR_LOWER_THAN_LIQUIDATION_THRESHOLD);
  });

  it("borrows on behalf of who delegates credit", async () => {
    const { pool, borrower, lender, dai, tokenOf } = await loadFixture(supplied);
    const debt = await tokenOf(dai, "variableDebtToken");
    const borrow = pool.connect(lender).getFunction("borrow");
    await expect(borrow(dai, 100n, VARIABLE, 0n, borrower)).to.be.revertedWithPanic(0x11);
    await debt.connect(borrower).getFunction("approveDelegation")(lender, 100n);
    await expect(borrow(dai, 100n, VARIABLE, 0n, borrower)).to.changeTokenBalance(
      dai,
      lender,
      100n,
    );
    expect(await debt.balanceOf(borrower)).to.equal(100n);
  });

  it("accrues to the treasury", async () => {
    const { pool, admin, dai, tokenOf } = await loadFixture(borrowed);
    await time.increase(YEAR);
    await pool.mintToTreasury([dai]);
    const borrower = (await ethers.getSigners())[2];
    await pool.connect(borrower).getFunction("repay")(dai, 1n, VARIABLE, borrower);
    await pool.mintToTreasury([dai]);
    const aDai = await tokenOf(dai, "aToken");
    expect(await aDai.balanceOf(admin)).to.be.closeTo(parseEther("1"), parseEther("0.02"));
  });
});

describe("Aave v3: liquidation", () => {
  it("refuses while the health factor is above one", async () => {
    const { pool, liquidator, borrower, weth, dai } = await loadFixture(borrowed);
    await expect(
      pool.connect(liquidator).getFunction("liquidationCall")(weth, dai, borrower, MAX, false),
    ).to.be.revertedWith(HEALTH_FACTOR_NOT_BELOW_THRESHOLD);
  });

  async function underWater() {
    const context = await loadFixture(borrowed);
    const { oracle, weth, borrower, pool } = context;
    const feed = await ethers.deployContract("MockAggregator", [1200n * 10n ** 8n]);
    await oracle.setAssetSources([weth], [feed]);
    expect((await pool.getUserAccountData(borrower)).healthFactor).to.be.lessThan(parseEther("1"));
    return context;
  }

  it("gives the liquidator collateral with a bonus", async () => {
    const { pool, liquidator, borrower, weth, dai } = await loadFixture(underWater);
    const liquidation = pool.connect(liquidator).getFunction("liquidationCall")(
      weth,
      dai,
      borrower,
      parseEther("400"),
      false,
    );
    // 400 $ of debt, 5% bonus, 1200 $ an ether
    const seized = (parseEther("400") * 105n) / 100n / 1200n;
    await expect(liquidation).to.changeTokenBalances(weth, [liquidator], [seized]);
    await expect(liquidation)
      .to.emit(pool, "LiquidationCall")
      .withArgs(weth, dai, borrower, parseEther("400"), seized, liquidator, false);
  });

  it("takes half of the debt at most", async () => {
    const { pool, liquidator, borrower, weth, dai } = await loadFixture(underWater);
    await expect(
      pool.connect(liquidator).getFunction("liquidationCall")(weth, dai, borrower, MAX, true),
    )
      .to.emit(pool, "LiquidationCall")
      .withArgs(weth, dai, borrower, anyValue, anyValue, liquidator, true);
    const { totalDebtBase } = await pool.getUserAccountData(borrower);
    // the health factor is over 0.95, so the close factor is a half
    expect(totalDebtBase).to.be.closeTo(500n * 10n ** 8n, 10n ** 6n);
  });
});

describe("Aave v3: flash loans", () => {
  async function ready() {
    const context = await loadFixture(supplied);
    const receiver = await ethers.deployContract("MockFlashLoanReceiver", [context.provider]);
    return { ...context, receiver };
  }

  it("lends for a premium", async () => {
    const { pool, receiver, dai, admin, tokenOf } = await loadFixture(ready);
    const aDai = await tokenOf(dai, "aToken");
    const amount = parseEther("1000");
    const premium = (amount * (await pool.FLASHLOAN_PREMIUM_TOTAL())) / 10_000n;
    const loan = pool.flashLoan(receiver, [dai], [amount], [0n], receiver, "0x", 0n);
    await expect(loan)
      .to.emit(receiver, "ExecutedWithSuccess")
      .withArgs([await dai.getAddress()], [amount], [premium])
      .and.to.emit(pool, "FlashLoan")
      .withArgs(receiver, admin, dai, amount, 0n, premium, 0n);
    await expect(loan).to.changeTokenBalance(dai, aDai, premium);
  });

  it("fails if it is not returned", async () => {
    const { pool, receiver, dai } = await loadFixture(ready);
    const lend = () =>
      pool.flashLoan(receiver, [dai], [1000n], [0n], receiver, "0x", 0n, { gasLimit: 1_000_000n });
    await receiver.setFailExecutionTransfer(true);
    await expect(lend()).to.be.reverted;
    await receiver.setSimulateEOA(true);
    await expect(lend()).to.be.revertedWith(INVALID_FLASHLOAN_EXECUTOR_RETURN);
  });

  it("becomes a debt if the receiver wants it", async () => {
    const { pool, receiver, dai, borrower, tokenOf } = await loadFixture(ready);
    await receiver.setFailExecutionTransfer(true);
    await pool.connect(borrower).getFunction("flashLoan")(
      receiver,
      [dai],
      [1000n],
      [VARIABLE],
      borrower,
      "0x",
      0n,
    );
    expect(await (await tokenOf(dai, "variableDebtToken")).balanceOf(borrower)).to.equal(1000n);
  });
});

describe("Aave v3: rights and limits", () => {
  it("lets only the pool admin configure", async () => {
    const { configurator, borrower, dai } = await loadFixture(market);
    const mine = configurator.connect(borrower);
    await expect(mine.getFunction("setReserveActive")(dai, false)).to.be.revertedWith(
      CALLER_NOT_POOL_ADMIN,
    );
  });

  it("freezes, pauses and stops borrowing", async () => {
    const { configurator, acl, admin, pool, lender, borrower, dai } = await loadFixture(supplied);
    const supply = () => pool.connect(lender).getFunction("supply")(dai, 1n, lender, 0n);
    const borrow = () =>
      pool.connect(borrower).getFunction("borrow")(dai, 1n, VARIABLE, 0n, borrower);
    await expect(configurator.setReserveFreeze(dai, true))
      .to.emit(configurator, "ReserveFrozen")
      .withArgs(dai, true);
    await expect(supply()).to.be.revertedWith(RESERVE_FROZEN);
    await configurator.setReserveFreeze(dai, false);
    await acl.addEmergencyAdmin(admin);
    await configurator.setReservePause(dai, true);
    await expect(supply()).to.be.revertedWith(RESERVE_PAUSED);
    await configurator.setReservePause(dai, false);
    await configurator.setReserveBorrowing(dai, false);
    await expect(borrow()).to.be.revertedWith(BORROWING_NOT_ENABLED);
  });

  it("keeps caps", async () => {
    const { configurator, pool, lender, borrower, dai } = await loadFixture(supplied);
    await configurator.setSupplyCap(dai, 5001n);
    await configurator.setBorrowCap(dai, 100n);
    await expect(
      pool.connect(lender).getFunction("supply")(dai, parseEther("2"), lender, 0n),
    ).to.be.revertedWith(SUPPLY_CAP_EXCEEDED);
    await expect(
      pool.connect(borrower).getFunction("borrow")(dai, parseEther("101"), VARIABLE, 0n, borrower),
    ).to.be.revertedWith(BORROW_CAP_EXCEEDED);
  });

  it("tells its reserves", async () => {
    const { pool, data, dai, usdc, weth, oracle } = await loadFixture(market);
    expect(await pool.getReservesList()).to.deep.equal(
      await Promise.all([dai, usdc, weth].map((asset) => asset.getAddress())),
    );
    expect((await data.getReserveConfigurationData(usdc)).decimals).to.equal(6n);
    expect(await oracle.getAssetsPrices([weth, usdc])).to.deep.equal([
      parseUnits("2000", 8),
      parseUnits("1", 8),
    ]);
  });

  it("is initialized once", async () => {
    const { pool, provider } = await loadFixture(market);
    await expect(pool.initialize(provider)).to.be.revertedWith(
      "Contract instance has already been initialized",
    );
  });

  it("shows libraries and proxy in a stack trace", async () => {
    const { pool, borrower, weth } = await loadFixture(borrowed);
    const failure = await failureOf(
      pool.connect(borrower).getFunction("setUserUseReserveAsCollateral")(weth, false),
    );
    expect(failure.message).to.equal(
      "VM Exception while processing transaction: reverted with reason string '35'",
    );
    expect(failure.frames.join("\n")).to.match(
      /^at SupplyLogic\.[\s\S]*^at Pool\.[\s\S]*^at InitializableImmutableAdminUpgradeabilityProxy\./m,
    );
  });
});
