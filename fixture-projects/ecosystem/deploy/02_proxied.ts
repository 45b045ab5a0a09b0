import type { DeployFunction } from "hardhat-deploy/types";

const deployProxied: DeployFunction = async ({ deployments, getNamedAccounts }) => {
  const { deployer } = await getNamedAccounts();
  await deployments.deploy("Crate", {
    from: deployer,
    proxy: {
      proxyContract: "OpenZeppelinTransparentProxy",
      execute: { init: { methodName: "initialize", args: [5n] } },
    },
  });
  await deployments.execute("Crate", { from: deployer }, "set", 6n);
};

export default deployProxied;
deployProxied.tags = ["proxied"];
deployProxied.dependencies = ["everything"];
