import { conformanceSuite } from "../helpers/conformance-suite";

// HHP_VECTOR_SHARD=0/1 runs all of them
conformanceSuite("parallel", 40);
conformanceSuite("fast-joint", 10);
