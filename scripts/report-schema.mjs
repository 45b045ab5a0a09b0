/**
 * Writes schema/report-v<version>.json, the JSON Schema of the report, from its TypeScript types, so
 * that the two cannot drift: types, unions and doc comments of src/report/report.ts and of what it
 * refers to.
 *
 * node scripts/report-schema.mjs          after the report's types have changed
 * node scripts/report-schema.mjs --print  to stdout instead
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const entry = join(root, "src", "report", "report.ts");
const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
const program = ts.createProgram([entry], { ...options, noEmit: true });
const checker = program.getTypeChecker();
const definitions = new Map();

function exported(name) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
  const found = checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  if (found === undefined) {
    throw new Error(`src/report/report.ts exports no ${name}`);
  }
  return found;
}

function description(symbol) {
  const text = ts
    .displayPartsToString(symbol?.getDocumentationComment(checker) ?? [])
    .replace(/\s+/g, " ")
    .trim();
  return text === "" ? {} : { description: text };
}

function schemaOf(type) {
  const { flags } = type;
  if (flags & ts.TypeFlags.Null) {
    return { type: "null" };
  }
  if (flags & ts.TypeFlags.Boolean) {
    return { type: "boolean" };
  }
  if (type.isStringLiteral() || type.isNumberLiteral()) {
    return { const: type.value };
  }
  if (flags & ts.TypeFlags.BooleanLiteral) {
    return { const: checker.typeToString(type) === "true" };
  }
  if (flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) {
    return { type: "string" };
  }
  if (flags & ts.TypeFlags.Number) {
    return { type: "number" };
  }
  if (type.isUnion()) {
    return unionSchema(type);
  }
  if (checker.isTupleType(type)) {
    const items = checker.getTypeArguments(type).map(schemaOf);
    return { type: "array", prefixItems: items, minItems: items.length, maxItems: items.length };
  }
  if (checker.isArrayType(type)) {
    return { type: "array", items: schemaOf(checker.getTypeArguments(type)[0]) };
  }
  if (flags & ts.TypeFlags.Object) {
    return type.symbol.flags & ts.SymbolFlags.Interface ? reference(type) : objectSchema(type);
  }
  throw new Error(`no schema for the type ${checker.typeToString(type)}`);
}

function unionSchema(type) {
  const literals = type.types.filter((part) => part.isStringLiteral());
  // undefined: of a property that may be absent
  const apart = ts.TypeFlags.BooleanLiteral | ts.TypeFlags.Undefined;
  const others = type.types.filter((part) => !part.isStringLiteral() && !(part.flags & apart));
  const parts = [
    ...(literals.length > 0 ? [{ enum: literals.map(({ value }) => value) }] : []),
    ...(type.types.some((part) => part.flags & ts.TypeFlags.BooleanLiteral)
      ? [{ type: "boolean" }]
      : []),
    ...others.map(schemaOf),
  ];
  return parts.length === 1 ? parts[0] : { anyOf: parts };
}

function reference(type) {
  const name = type.symbol.name;
  const known = definitions.get(name);
  if (known === undefined) {
    definitions.set(name, { type }); // before its properties: they may refer to it
    definitions.set(name, {
      type,
      schema: { ...description(type.symbol), ...objectSchema(type) },
    });
  } else if (known.type !== type) {
    throw new Error(`two interfaces are named ${name}`);
  }
  return { $ref: `#/$defs/${name}` };
}

function objectSchema(type) {
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  const properties = {};
  const required = [];
  for (const symbol of checker.getPropertiesOfType(type)) {
    const optional = (symbol.flags & ts.SymbolFlags.Optional) !== 0;
    const schema = schemaOf(checker.getTypeOfSymbol(symbol));
    properties[symbol.name] = { ...description(symbol), ...schema };
    if (!optional) {
      required.push(symbol.name);
    }
  }
  return {
    type: "object",
    properties,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: index === undefined ? false : schemaOf(index.type),
  };
}

const version = checker.getTypeOfSymbol(exported("REPORT_VERSION")).value;
const report = checker.getDeclaredTypeOfSymbol(exported("Report"));
reference(report);
const { Report: top, ...others } = Object.fromEntries(
  [...definitions].map(([name, { schema }]) => [name, schema]),
);
const text = `${JSON.stringify(
  {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Report of hardhat-parallel, version ${version}`,
    ...top,
    $defs: Object.fromEntries(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))),
  },
  null,
  2,
)}\n`;
if (process.argv.includes("--print")) {
  process.stdout.write(text);
} else {
  writeFileSync(join(root, "schema", `report-v${version}.json`), text);
}
