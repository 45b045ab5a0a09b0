import { executorUnderTest } from "../helpers/executors";
import { realBlocksSuite } from "../helpers/real-blocks-suite";

realBlocksSuite(executorUnderTest("fast-parallel"));
