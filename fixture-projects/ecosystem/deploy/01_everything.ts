import type { DeployFunction } from "hardhat-deploy/types";

const deployEverything: DeployFunction = async ({ deployments, getNamedAccounts }) => {
  const { deployer } = await getNamedAccounts();
  const scale = await deployments.deploy("Scale", { from: deployer });
  await deployments.deploy("Scaled", {
    from: deployer,
    args: [5n],
    libraries: { Scale: scale.address },
  });
  await deployments.deploy("Everything", { from: deployer, log: false });
  await deployments.deploy("Coin", {
    from: deployer,
    args: [1000n],
    deterministicDeployment: false,
  });
};

export default deployEverything;
deployEverything.tags = ["everything"];
