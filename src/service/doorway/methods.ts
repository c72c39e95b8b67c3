/** What may be asked through the doorway, by name, with the shape of each request. Opening and closing are not among it. */
import { z } from 'zod'
import { TajoError } from '../../base/error.ts'
import { nearestName } from '../../base/suggest.ts'
import type { RunProgress, Service } from '../service-face.ts'

export type CallContext = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: RunProgress) => void
  readonly onNotice: (text: string) => void
}

type Method = (service: Service, params: unknown, context: CallContext) => Promise<unknown>

const nothing = z.strictObject({}).optional()
const connector = z.strictObject({ name: z.enum(['pipedrive', 'brevo']) })
const selection = z.strictObject({
  ids: z.array(z.string()).exactOptional(),
  code: z.string().exactOptional(),
})
const survivor = z.enum(['lead', 'oldest', 'most_deals'])
const personIds = z.array(z.int())
const plannedMerge = z.strictObject({
  loserId: z.int(),
  survivorId: z.int(),
  because: z.array(z.enum(['same_email', 'shared_address', 'same_phone_and_name'])),
})
const pass = { full: z.boolean().exactOptional(), dryRun: z.boolean().exactOptional() }

const methods: ReadonlyMap<string, Method> = new Map([
  define('sync', z.strictObject(pass), (service, params, context) => service.sync({ ...params, ...context })),
  define('check', z.strictObject({ fix: z.boolean() }), (service, { fix }, { signal }) =>
    service.check({ fix, signal }),
  ),
  define('status', nothing, (service) => service.status()),
  define('explain', z.strictObject({ subject: z.string() }), (service, { subject }) =>
    service.explain(subject),
  ),
  define('failures.list', nothing, (service) => service.failures.list()),
  define(
    'failures.retry',
    z.strictObject({ selection, ...pass }),
    (service, { selection: selected, ...params }, context) =>
      service.failures.retry(selected, { ...params, ...context }),
  ),
  define('failures.discard', z.strictObject({ selection }), (service, params) =>
    service.failures.discard(params.selection),
  ),
  define(
    'connections.connectPipedrive',
    z.strictObject({ apiToken: z.string(), companyDomain: z.string().nullable() }),
    (service, params) => service.connections.connectPipedrive(params),
  ),
  define('connections.connectBrevo', z.strictObject({ apiKey: z.string() }), (service, params) =>
    service.connections.connectBrevo(params),
  ),
  define('connections.list', nothing, (service) => service.connections.list()),
  define('connections.test', connector, (service, { name }) => service.connections.test(name)),
  define('connections.disconnect', connector, (service, { name }) => service.connections.disconnect(name)),
  define(
    'webhooks.register',
    z.strictObject({ publicUrl: z.string().nullable().exactOptional() }),
    (service, params, { signal }) => service.webhooks.register({ ...params, signal }),
  ),
  define('privacy.export', z.strictObject({ email: z.string() }), (service, { email }, { signal }) =>
    service.privacy.export(email, { signal }),
  ),
  define(
    'privacy.erase',
    z.strictObject({
      email: z.string(),
      pipedrive: z.boolean().exactOptional(),
      dryRun: z.boolean().exactOptional(),
    }),
    (service, { email, ...params }, { signal }) => service.privacy.erase(email, { ...params, signal }),
  ),
  define('privacy.allow', z.strictObject({ email: z.string() }), (service, { email }, { signal }) =>
    service.privacy.allow(email, { signal }),
  ),
  define(
    'dedupe.list',
    z.strictObject({ survivor: survivor.exactOptional(), suggestions: z.boolean().exactOptional() }),
    (service, params) => service.dedupe.list(params),
  ),
  define(
    'dedupe.plan',
    z.strictObject({
      survivor: survivor.exactOptional(),
      only: personIds.exactOptional(),
      include: personIds.exactOptional(),
    }),
    (service, params, { signal }) => service.dedupe.plan({ ...params, signal }),
  ),
  define(
    'dedupe.merge',
    z.strictObject({ merges: z.array(plannedMerge) }),
    (service, { merges }, { signal, onProgress }) => service.dedupe.merge(merges, { signal, onProgress }),
  ),
  define('webhooks.list', nothing, (service, _, { signal }) => service.webhooks.list({ signal })),
  define('webhooks.remove', nothing, (service, _, { signal }) => service.webhooks.remove({ signal })),
])

/** Throws `request_unknown` and `request_invalid`, and what the service throws. */
export async function callMethod(
  service: Service,
  name: string,
  params: unknown,
  context: CallContext,
): Promise<unknown> {
  const method = methods.get(name)
  if (method === undefined) throw unknownRequest(name)
  return method(service, params, context)
}

function define<P extends z.ZodType>(
  name: string,
  shape: P,
  run: (service: Service, params: z.output<P>, context: CallContext) => Promise<unknown>,
): [string, Method] {
  return [
    name,
    async (service, params, context) => {
      const read = shape.safeParse(params)
      if (!read.success) throw invalidRequest(name, read.error)
      return run(service, read.data, context)
    },
  ]
}

function unknownRequest(name: string): TajoError {
  const near = nearestName(name, methods.keys())
  return new TajoError({
    code: 'request_unknown',
    message: `The running server knows no request named ${JSON.stringify(name)}${near === undefined ? '' : ` (the nearest is ${near})`}. Restart it with the version of this command.`,
  })
}

/** Names the place, never the value: it may be a credential. */
function invalidRequest(name: string, error: z.ZodError): TajoError {
  const { path = [], message = '' } = error.issues[0] ?? {}
  return new TajoError({
    code: 'request_invalid',
    message: `The running server does not understand this ${name} (${path.join('.') || 'params'}: ${message}). Restart it with the version of this command.`,
  })
}
