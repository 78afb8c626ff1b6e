/** What a schema expects at a place, in words. */
import { z } from 'zod';

/** The part of JSON Schema that our schemas come out as. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape | boolean;
  readonly prefixItems?: readonly Shape[];
}

/** Words for what `schema` expects at `path`; `otherwise` where it has no words of its own. */
export function expectationAt(schema: z.ZodType, path: readonly PropertyKey[], otherwise: string): string {
  const shapes = shapesAt(schema, path);
  const words = [...new Set(shapes.map(inWords).filter((word) => word !== undefined))];
  return words.length > 0 ? words.join(' or ') : otherwise;
}

/** The keys that `schema` knows at `path`. */
export const keysAt = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => [
  ...new Set(shapesAt(schema, path).flatMap((shape) => Object.keys(shape.properties ?? {}))),
];

function shapesAt(schema: z.ZodType, path: readonly PropertyKey[]): Shape[] {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Shape;
  return path.reduce<Shape[]>(
    (shapes, key) => shapes.flatMap((shape) => inside(shape, key)),
    alternatives(whole),
  );
}

const alternatives = (shape: Shape): Shape[] => {
  const options = shape.anyOf ?? shape.oneOf;
  return options ? options.flatMap(alternatives) : [shape];
};

function inside(shape: Shape, key: PropertyKey): Shape[] {
  const next =
    typeof key === 'number'
      ? (shape.prefixItems?.[key] ?? shape.items)
      : (shape.properties?.[String(key)] ?? shape.additionalProperties);
  return typeof next === 'object' ? alternatives(next) : [];
}

function inWords(shape: Shape): string | undefined {
  if (shape.const !== undefined) return String(shape.const);
  if (shape.enum) return shape.enum.length === 1 ? String(shape.enum[0]) : `one of ${shape.enum.join(', ')}`;
  switch (shape.type) {
    case 'number':
    case 'integer':
      return `${shape.type === 'integer' ? 'a whole number' : 'a number'}${range(shape)}`;
    case 'string':
      return (shape.minLength ?? 0) > 0 ? 'text that is not empty' : 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return (shape.minItems ?? 0) > 0 ? `a list of at least ${shape.minItems}` : 'a list';
    case 'object':
      return 'a mapping';
    case 'null':
      return 'null';
    default:
      return undefined;
  }
}

/** Bounds that JavaScript's whole numbers have anyway say nothing. */
function range(shape: Shape): string {
  const low = [shape.minimum, shape.exclusiveMinimum].find(
    (bound) => bound !== undefined && bound > Number.MIN_SAFE_INTEGER,
  );
  const high = [shape.maximum, shape.exclusiveMaximum].find(
    (bound) => bound !== undefined && bound < Number.MAX_SAFE_INTEGER,
  );
  if (low !== undefined && high !== undefined) return ` between ${low} and ${high}`;
  if (low !== undefined) return shape.minimum === undefined ? ` above ${low}` : ` of at least ${low}`;
  if (high !== undefined) return shape.maximum === undefined ? ` below ${high}` : ` of at most ${high}`;
  return '';
}
