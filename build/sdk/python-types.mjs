// The contract's types and error codes as Python modules that need the standard library only.

const pascal = (text) => text.replace(/(^|[-_])([a-z])/g, (_all, _dash, letter) => letter.toUpperCase());
const unique = (texts) => [...new Set(texts)];

/** Collects the classes of the objects that a type contains. */
class PythonTypes {
  classes = [];

  /** The annotation of a schema; objects with fields become classes that are named after where they are. */
  annotation(schema, name) {
    if (schema.$ref) return schema.$ref.split('/').at(-1);
    if ('const' in schema) return `Literal[${literal(schema.const)}]`;
    if (schema.enum) return `Literal[${schema.enum.map(literal).join(', ')}]`;
    const options = schema.anyOf ?? schema.oneOf;
    if (options) return union(options.map((option, index) => this.annotation(option, optionName(name, option, index))));
    if (Array.isArray(schema.type)) return union(schema.type.map((type) => this.annotation({ ...schema, type }, name)));
    if (schema.type === 'array') return `List[${schema.items ? this.annotation(schema.items, `${name}Item`) : 'Any'}]`;
    if (schema.type === 'object') return this.#object(schema, name);
    return { string: 'str', number: 'float', integer: 'int', boolean: 'bool', null: 'None' }[schema.type] ?? 'Any';
  }

  #object({ properties, required = [], additionalProperties }, name) {
    if (!properties || Object.keys(properties).length === 0) {
      const value = additionalProperties ? this.annotation(additionalProperties, `${name}Value`) : 'Any';
      return `Dict[str, ${value}]`;
    }
    const lines = (isRequired) =>
      Object.entries(properties)
        .filter(([key]) => required.includes(key) === isRequired)
        .map(([key, value]) => `    ${key}: ${this.annotation(value, `${name}${pascal(key)}`)}`);
    const [always, sometimes] = [lines(true), lines(false)];
    if (sometimes.length === 0) this.classes.push(`class ${name}(TypedDict):\n${always.join('\n')}\n`);
    else if (always.length === 0)
      this.classes.push(`class ${name}(TypedDict, total=False):\n${sometimes.join('\n')}\n`);
    else {
      this.classes.push(`class _${name}(TypedDict):\n${always.join('\n')}\n`);
      this.classes.push(`class ${name}(_${name}, total=False):\n${sometimes.join('\n')}\n`);
    }
    return name;
  }
}

const literal = (value) =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : value === true
      ? 'True'
      : value === false
        ? 'False'
        : String(value);

/** An alternative with a constant field is named by it, such as the kind of a question. */
function optionName(name, { properties }, index) {
  const constant = Object.values(properties ?? {}).find((value) => typeof value.const === 'string')?.const;
  if (constant) return `${name}${pascal(constant)}`;
  return index === 0 ? name : `${name}${index + 1}`;
}

function union(annotations) {
  const rest = unique(annotations).filter((annotation) => annotation !== 'None');
  const joined = rest.length === 1 ? rest[0] : `Union[${rest.join(', ')}]`;
  return annotations.includes('None') ? `Optional[${joined}]` : joined;
}

const header = '# Made from the contract by build/sdk/write-python.mjs.\n';

/** The text of `tunel_client/types.py`. */
export function typesModule(named) {
  const types = new PythonTypes();
  const blocks = Object.entries(named).flatMap(([name, schema]) => {
    types.classes = [];
    const annotation = types.annotation(schema, schema.anyOf || schema.oneOf ? `${name}Of` : name);
    return [...types.classes, ...(annotation === name ? [] : [`${name} = ${annotation}\n`])];
  });
  const [defined, aliases] = [
    blocks.filter((text) => text.startsWith('class')),
    blocks.filter((text) => !text.startsWith('class')),
  ];
  const literals = aliases.filter((text) => text.includes('Literal[') && !text.includes('Union['));
  return [
    `"""The types of what the engine answers."""\n\n${header}from __future__ import annotations\n\nfrom typing import Any, Dict, List, Literal, Optional, TypedDict, Union\n`,
    ...literals,
    ...defined,
    ...aliases.filter((text) => !literals.includes(text)),
  ].join('\n\n');
}

const errorBase = `class TunelError(Exception):
    """Every failure of a call. There is a class for each \`code\`."""

    code: str = "internal"

    def __init__(
        self,
        message: str,
        *,
        hint: Optional[str] = None,
        detail: Optional[str] = None,
        values: Optional[Dict[str, Any]] = None,
        fields: Optional[List[Dict[str, Any]]] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        #: One thing that can be done about it.
        self.hint = hint
        #: What the command or server itself printed.
        self.detail = detail
        #: The values of the message, by name.
        self.values = values or {}
        #: Of an input that is not valid: each field and what is wrong with it.
        self.fields = fields or []

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.hint) if part)
`;

const revive = `def error_of(data: Mapping[str, Any]) -> TunelError:
    """The error that the engine sent as data."""
    kind = _classes.get(str(data.get("code")), InternalError)
    return kind(
        str(data.get("message", "Failed.")),
        hint=data.get("hint"),
        detail=data.get("detail"),
        values=data.get("values"),
        fields=data.get("errors"),
    )
`;

/** The text of \`tunel_client/errors.py\`. */
export function errorsModule(codes) {
  const classes = codes.map((code) => `class ${pascal(code)}Error(TunelError):\n    code = "${code}"\n`);
  const table = codes.map((code) => `    "${code}": ${pascal(code)}Error,\n`).join('');
  return [
    `"""A class for each code of a failure."""\n\n${header}from __future__ import annotations\n\nfrom typing import Any, Dict, List, Mapping, Optional, Type\n`,
    errorBase,
    ...classes,
    `_classes: Dict[str, Type[TunelError]] = {\n${table}}\n`,
    revive,
  ].join('\n\n');
}
