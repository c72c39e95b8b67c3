/** What one operation is: everything that can be asked of Tajo from outside, whichever door it comes through. Types only. */
import type { z } from 'zod'

/** `read` looks, `operate` makes Tajo do what it does anyway, `admin` changes access, settings and people's data for good. */
export type Scope = 'read' | 'operate' | 'admin'

export type Operation<P extends z.ZodObject = z.ZodObject, R extends z.ZodType = z.ZodType> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api`, or below `/api/connections/<name>`: `/failures/retry`. A `{name}` in it is one of the parameters. */
  readonly path: `/${string}`
  readonly scope: Scope
  /** A line for lists and help. */
  readonly summary: string
  /** In the path, else in the query of a GET or DELETE, else in the body as one JSON object. */
  readonly params: P
  readonly result: R
  /** Whether it may take long and tells how far it is. */
  readonly progress?: boolean
  /** Concerns all connections: only at `/api`, and not for a key that opens only one of them. */
  readonly ofInstallation?: boolean
  /** Whether asking twice does no more than asking once, although it is no GET: a client may repeat it after a broken connection. */
  readonly repeatable?: boolean
}

/** Of a connection, by name. */
export type Operations = Readonly<Record<string, Operation>>

/** Keeps the shapes of each. */
export function defineOperations<const O extends Operations>(operations: O): O {
  return operations
}

export type Params<O extends Operation> = z.output<O['params']>
/** What may be left out is filled in by the shape. */
export type ParamsGiven<O extends Operation> = Given<Frozen<z.input<O['params']>>>
/** What the other side is given: frozen, as the service hands it out. */
export type Result<O extends Operation> = Frozen<z.output<O['result']>>

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

/** JSON leaves out what is undefined. */
type Given<T> = { readonly [Key in keyof T]: T[Key] | OptionalOf<T, Key> }

type OptionalOf<T, Key extends keyof T> = object extends Pick<T, Key> ? undefined : never
