// The contract's types and error codes as Python modules that need the standard library only.

const pascal = (text) => text.replace(/(^|[-_])([a-z])/g, (_all, _dash, letter) => letter.toUpperCase());
const unique = (texts) => [...new Set(texts)];

/** Words that no name of Python can be; a field of the contract can. */
const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
const isDeclarable = (fields) => fields.every(([key]) => /^[A-Za-z_]\w*$/.test(key) && !keywords.has(key));

/** A class where Python can write it as one, otherwise the call that makes it. */
function typedDict(name, bases, fields) {
  if (isDeclarable(fields)) {
    return `class ${name}(${bases}):\n${fields.map(([key, type]) => `    ${key}: ${type}`).join('\n')}\n`;
  }
  const total = bases.includes('total=False') ? ', total=False' : '';
  const entries = fields.map(([key, type]) => `${literal(key)}: ${literal(type)}`).join(', ');
  return `${name} = TypedDict(${literal(name)}, {${entries}}${total})\n`;
}

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
    const fields = (isRequired) =>
      Object.entries(properties)
        .filter(([key]) => required.includes(key) === isRequired)
        .map(([key, value]) => [key, this.annotation(value, `${name}${pascal(key)}`)]);
    const [always, sometimes] = [fields(true), fields(false)];
    if (sometimes.length === 0) this.classes.push(typedDict(name, 'TypedDict', always));
    else if (always.length === 0) this.classes.push(typedDict(name, 'TypedDict, total=False', sometimes));
    else if (isDeclarable(sometimes)) {
      this.classes.push(typedDict(`_${name}`, 'TypedDict', always));
      this.classes.push(typedDict(name, `_${name}, total=False`, sometimes));
    } else {
      this.classes.push(typedDict(`_${name}`, 'TypedDict', always));
      this.classes.push(typedDict(`_${name}More`, 'TypedDict, total=False', sometimes));
      this.classes.push(`class ${name}(_${name}, _${name}More):\n    pass\n`);
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
  const [defined, aliases] = [[], []];
  for (const [name, schema] of Object.entries(named)) {
    types.classes = [];
    const annotation = types.annotation(schema, schema.anyOf || schema.oneOf ? `${name}Of` : name);
    defined.push(...types.classes);
    if (annotation !== name) aliases.push(`${name} = ${annotation}\n`);
  }
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
