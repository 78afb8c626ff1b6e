/** Statements that are built once and bound many times: building one costs several times what running it does. */
import type { CompiledQuery } from 'kysely';

type Values = Readonly<Record<string, string | number | null>>;

/**
 * `build` is called once, with a stand-in for each value; it may only hand them on as parameters, never look at them.
 * All rows have the members of the first.
 */
export function builtOnce<Row extends Values>(
  build: (row: Row) => CompiledQuery,
): (row: Row) => CompiledQuery {
  let bind: ((row: Row) => CompiledQuery) | undefined;
  return (row) => {
    bind ??= binderOf(build, row);
    return bind(row);
  };
}

function binderOf<Row extends Values>(
  build: (row: Row) => CompiledQuery,
  example: Row,
): (row: Row) => CompiledQuery {
  const names = new Map(Object.keys(example).map((name) => [`stand-in for ${name}`, name]));
  const standIns = Object.fromEntries([...names].map(([standIn, name]) => [name, standIn]));
  const { parameters, ...built } = build(standIns as Row);
  const places = parameters.map((parameter) => names.get(String(parameter)));
  return (row) => ({
    ...built,
    parameters: places.map((name, place) => (name === undefined ? parameters[place] : row[name])),
  });
}
