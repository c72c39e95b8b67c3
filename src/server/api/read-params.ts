/**
 * The parameters of an operation out of path, query and body. Texts of path and query become what the shape wants where
 * they can; whatever cannot is left as it is, for the shape to refuse.
 */
import { z } from 'zod'

/** Path and query, typed by the shape; several of one name only where the shape has an array. */
export function readTextParams(
  shape: z.ZodObject,
  pathParams: Readonly<Record<string, string>>,
  query: URLSearchParams,
): Record<string, unknown> {
  const params: Record<string, unknown> = {}
  for (const name of new Set(query.keys())) {
    const texts = query.getAll(name)
    const type = typeOf(shape, name)
    if (type instanceof z.ZodArray) {
      const item = plain(type.element as z.ZodType)
      params[name] = texts.map((text) => fromText(item, text))
    } else params[name] = texts.length === 1 ? fromText(type, texts[0] ?? '') : texts
  }
  for (const [name, text] of Object.entries(pathParams)) params[name] = fromText(typeOf(shape, name), text)
  return params
}

function typeOf(shape: z.ZodObject, name: string): z.ZodType | null {
  const type = Object.hasOwn(shape.shape, name) ? shape.shape[name] : undefined
  return type === undefined ? null : plain(type as z.ZodType)
}

/** Without what says that it may be absent. */
function plain(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodOptional ||
    type instanceof z.ZodExactOptional ||
    type instanceof z.ZodDefault ||
    type instanceof z.ZodPrefault ||
    type instanceof z.ZodNullable
    ? plain(type.unwrap() as z.ZodType)
    : type
}

function fromText(type: z.ZodType | null, text: string): unknown {
  if (type instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  if (type instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
  return text
}
