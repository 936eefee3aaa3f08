import { z } from 'zod';

type Schema = z.core.$ZodType;

/**
 * The schema with every object in it refusing fields that it does not name: a misspelt field of a call is an error instead of having no
 * effect. Data that is stored is read with the schemas as they are written.
 */
export function refuseUnknown<S extends Schema>(schema: S): S {
  const parts = strictParts(schema);
  return parts === null ? schema : z.core.clone(schema, { ...schema._zod.def, ...parts });
}

/** The schemas inside of a schema, made strict, by their names in its definition; null: nothing in it is an object. */
function strictParts(schema: Schema): object | null {
  if (schema instanceof z.ZodObject) {
    const { shape, catchall = z.never() } = schema.def;
    return { shape: mapValues(shape, refuseUnknown), catchall };
  }
  if (schema instanceof z.ZodUnion) return { options: schema.def.options.map(refuseUnknown) };
  if (schema instanceof z.ZodArray) return { element: refuseUnknown(schema.def.element) };
  if (schema instanceof z.ZodRecord) return { valueType: refuseUnknown(schema.def.valueType) };
  if (schema instanceof z.ZodPipe) return { in: refuseUnknown(schema.def.in) };
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapper ? { innerType: refuseUnknown(schema.def.innerType) } : null;
}

const mapValues = (shape: Readonly<Record<string, Schema>>, map: (schema: Schema) => Schema): Record<string, Schema> =>
  Object.fromEntries(Object.entries(shape).map(([name, each]) => [name, map(each)]));
