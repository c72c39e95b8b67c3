/** How each operation of the wire is carried out by the service of a connection. The shapes say what may be asked. */
import type { z } from 'zod'
import { TajoError } from '../base/error.ts'
import { nearestName } from '../base/suggest.ts'
import { type OperationName, operations, type ParamsOf, type ResultOf } from '../wire/index.ts'
import type { RunProgress, Service } from './service-face.ts'

export type CallContext = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: RunProgress) => void
  /** A sentence for the person who waits. */
  readonly onNotice: (text: string) => void
}

type Handlers = {
  readonly [N in OperationName]: (
    service: Service,
    params: ParamsOf<N>,
    context: CallContext,
  ) => Promise<ResultOf<N>>
}

const handlers: Handlers = {
  'sync.run': (service, params, context) => service.sync({ ...params, ...context }),
  'check.run': (service, { fix }, { signal }) => service.check({ fix, signal }),
  'status.read': (service) => service.status(),
  'contacts.find': (service, params) => service.find(params),
  'contacts.explain': (service, { subject }) => service.explain(subject),
  'failures.list': (service) => service.failures.list(),
  'failures.causes': (service) => service.failures.causes(),
  'failures.page': (service, params) => service.failures.page(params),
  'failures.retry': (service, { selection, ...pass }, context) =>
    service.failures.retry(selection, { ...pass, ...context }),
  'failures.discard': (service, { selection }) => service.failures.discard(selection),
  'connectors.list': (service) => service.connections.list(),
  'connectors.connectPipedrive': (service, params) => service.connections.connectPipedrive(params),
  'connectors.connectBrevo': (service, params) => service.connections.connectBrevo(params),
  'connectors.connectBrevoApp': (service, params) => service.connections.connectBrevoApp(params),
  'oauth.begin': (service) => service.oauth.begin(),
  'oauth.wait': (service, { id }, { signal }) => service.oauth.wait(id, { signal }),
  'secrets.rotate': (service) => service.secrets.rotate(),
  'connectors.test': (service, { name }) => service.connections.test(name),
  'connectors.disconnect': (service, { name }) => service.connections.disconnect(name),
  'webhooks.list': (service, _, { signal }) => service.webhooks.list({ signal }),
  'webhooks.register': (service, params, { signal }) => service.webhooks.register({ ...params, signal }),
  'webhooks.remove': (service, _, { signal }) => service.webhooks.remove({ signal }),
  'webhooks.verify': (service, { source, authorization }) => service.webhooks.verify(source, authorization),
  'webhooks.receive': (service, params, { signal }) => service.webhooks.receive(params, { signal }),
  'privacy.export': (service, { email }, { signal }) => service.privacy.export(email, { signal }),
  'privacy.erase': (service, { email, ...params }, { signal }) =>
    service.privacy.erase(email, { ...params, signal }),
  'privacy.allow': (service, { email }, { signal }) => service.privacy.allow(email, { signal }),
  'dedupe.list': (service, params) => service.dedupe.list(params),
  'dedupe.plan': (service, params, { signal }) => service.dedupe.plan({ ...params, signal }),
  'dedupe.merge': (service, { merges }, { signal, onProgress }) =>
    service.dedupe.merge(merges, { signal, onProgress }),
  'skills.list': (service) => service.skills.list(),
  'skills.validate': (service, { files }) => service.skills.validate(files),
  'skills.run': (service, { name, ...request }, { signal }) =>
    service.skills.run(name, { ...request, signal }),
  'skills.runs': (service, filter) => service.skills.runs(filter),
  'keys.list': (service) => service.keys.list(),
  'keys.create': (service, params) => service.keys.create(params),
  'keys.revoke': (service, { key }) => service.keys.revoke(key),
  'search.run': (service, params, { signal }) => service.search(params, { signal }),
  'connections.list': (service) => service.installation.list(),
  'connections.add': (service, params) => service.installation.add(params),
  'connections.remove': (service, { name }) => service.installation.remove(name),
  'reports.choices': (service) => service.reports.choices(),
  'reports.pipeline': (service, params) => service.reports.pipeline(params),
  'reports.attribution': (service, params) => service.reports.attribution(params),
  'reports.backfillForecast': (service, _, { signal }) => service.reports.backfillForecast({ signal }),
  'settings.read': (service) => service.settings.read(),
  'settings.survey': (service, _, { signal }) => service.settings.survey({ signal }),
  'settings.preview': (service, { draft }, { signal }) => service.settings.preview(draft, { signal }),
  'settings.tryOut': (service, { draft }, { signal, onProgress }) =>
    service.settings.tryOut(draft, { signal, onProgress }),
  'settings.save': (service, params) => service.settings.save(params),
  'settings.undo': (service, params) => service.settings.undo(params),
  'settings.createAttribute': (service, params) => service.settings.createAttribute(params),
  'settings.createList': (service, params) => service.settings.createList(params),
  'hold.begin': (service, params) => service.holding.begin(params),
  'hold.end': (service) => service.holding.end(),
  'reports.backfill': (service, { maxTokens }, { signal, onProgress }) =>
    service.reports.backfill({ maxTokens, signal, onProgress }),
}

/** So many faults of one request are named. */
const MOST_PLACES = 5

export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name)
}

/** Throws `request_unknown` and `request_invalid`, and what the service throws. */
export async function callOperation(
  service: Service,
  name: string,
  params: unknown,
  context: CallContext,
): Promise<unknown> {
  if (!isOperation(name)) throw unknownRequest(name)
  const read = operations[name].params.safeParse(params ?? {})
  if (!read.success) throw invalidRequest(name, read.error)
  const handler = handlers[name] as Handler
  return handler(service, read.data, context)
}

/** Any one of them, once the parameters have been read with its own shape. */
type Handler = (service: Service, params: unknown, context: CallContext) => Promise<unknown>

function unknownRequest(name: string): TajoError {
  const near = nearestName(name, Object.keys(operations))
  return new TajoError({
    code: 'request_unknown',
    message: `There is no operation named ${JSON.stringify(name)}${near === undefined ? '' : ` (the nearest is ${near})`}. A running server of another version may not have it: restart it with the version of this command.`,
  })
}

/** Names the places, never the values: they may be credentials. */
function invalidRequest(name: string, error: z.ZodError): TajoError {
  const places = error.issues.slice(0, MOST_PLACES).map(({ path }) => path.join('.'))
  const faults = error.issues
    .slice(0, MOST_PLACES)
    .map(({ path, message }) => `${path.join('.') || 'params'}: ${message}`)
  return new TajoError({
    code: 'request_invalid',
    message: `${name} cannot be done with these parameters (${faults.join('; ')}).`,
    details: { operation: name, places },
  })
}
