/**
 * What a command and the server on its data directory say to each other, after the lock's greeting. Lines of JSON:
 *
 *     visitor  {hello: {protocol, connection, configuration}}
 *     server   {hello: {protocol, pid, configuration}}, or {id: null, error} and it hangs up
 *     visitor  {id, method, params}, as many at once as it likes; {id, abort: true} stops one
 *     server   {id, progress} and {id, notice} any number of times, then {id, result} or {id, error}
 *
 * Hanging up aborts all calls of that visitor. The directory of the socket is open to its owner only: there is no
 * further authentication. Increase PROTOCOL with every change that the other side could misunderstand.
 */
import { z } from 'zod'
import { TajoError } from '../../base/error.ts'
import { fingerprint } from '../../base/fingerprint.ts'
import type { LoadedConfig } from '../../config/index.ts'

export const PROTOCOL = 2

/** Loose: a visitor of any version must be understood so far that it can be told to come in another one. */
export const helloSchema = z.looseObject({
  hello: z.looseObject({
    protocol: z.int(),
    connection: z.string().default(''),
    configuration: z.string().default(''),
  }),
})

export const requestSchema = z.union([
  z.strictObject({ id: z.int(), abort: z.literal(true) }),
  z.strictObject({ id: z.int(), method: z.string(), params: z.unknown() }),
])

const errorSchema = z.strictObject({
  /** Null: something Tajo does not know. */
  code: z.string().nullable(),
  message: z.string(),
  disposition: z.enum(['retry', 'reject', 'pause']),
  details: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
  ),
  notBefore: z.iso.datetime().nullable(),
})

/** An error that concerns no call in particular ends the visit. */
const farewellSchema = z.strictObject({ id: z.null(), error: errorSchema })

export const welcomeSchema = z.union([
  z.strictObject({
    hello: z.strictObject({ protocol: z.literal(PROTOCOL), pid: z.int(), configuration: z.string() }),
  }),
  farewellSchema,
])

const progressSchema = z.strictObject({
  stage: z.enum(['check', 'read', 'project', 'deliver', 'verify', 'done']),
  what: z.string(),
  done: z.number(),
  total: z.number().nullable(),
})

export const answerSchema = z.union([
  z.strictObject({ id: z.int(), progress: progressSchema }),
  z.strictObject({ id: z.int(), notice: z.string() }),
  z.strictObject({ id: z.int(), result: z.unknown() }),
  z.strictObject({ id: z.int(), error: errorSchema }),
  farewellSchema,
])

export type Answer = z.output<typeof answerSchema>
export type WireError = z.output<typeof errorSchema>

/** Stacks and causes stay where they are. */
export function toWireError(error: Error): WireError {
  if (!(error instanceof TajoError)) {
    return {
      code: null,
      message: error.message || error.name,
      disposition: 'reject',
      details: {},
      notBefore: null,
    }
  }
  const { code, message, disposition, details, notBefore } = error
  return {
    code,
    message,
    disposition,
    details: details as WireError['details'],
    notBefore: notBefore?.toISOString() ?? null,
  }
}

export function fromWireError({ code, message, disposition, details, notBefore }: WireError): Error {
  if (code === null) return new Error(message)
  return new TajoError({
    code,
    message,
    disposition,
    details,
    ...(notBefore !== null && { notBefore: new Date(notBefore) }),
  })
}

/** Of what the settings say, credentials included, wherever they stand: comments, order and the file's name do not count. */
export function configurationFingerprint({ config }: LoadedConfig): string {
  const places = new Set(['file', 'line', 'column', 'position'])
  const text = JSON.stringify(config, (key, value: unknown) => (places.has(key) ? undefined : value))
  return fingerprint(JSON.parse(text))
}
