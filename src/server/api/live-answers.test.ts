/** Every operation of the table, asked of a real server between both simulators: what it answers is what the document says. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Operation, operations } from '../../wire/index.ts'
import { type ApiScene, openApiScene } from './api.test-kit.ts'

type Responses = Record<string, { content?: Record<string, { schema: object }> }>
type Document = { paths: Record<string, Record<string, { responses: Responses }>> }

let scene: ApiScene
let document: Document
let validatorOf: (schema: object) => ValidateFunction
beforeAll(async () => {
  scene = await openApiScene({ publicUrl: 'https://tajo.example.com' })
  await scene.service.sync({})
  document = (await (await scene.ask('/openapi.json')).json()) as Document
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv as never)
  ajv.addSchema({ $id: 'document', ...document })
  validatorOf = (schema) => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')))
}, 60_000)
afterAll(() => scene?.end())

/** What an operation is asked with, where nothing is not enough. Those that take something away come last. */
const SAMPLES: Readonly<Record<string, Record<string, unknown>>> = {
  'sync.run': { dryRun: true },
  'contacts.explain': { subject: '1' },
  'contacts.find': { text: 'a' },
  'failures.retry': { selection: { ids: ['none'] } },
  'failures.discard': { selection: { ids: ['none'] } },
  'connectors.test': { name: 'brevo' },
  'connectors.connectBrevoApp': { clientId: 'nobody', clientSecret: 'nothing' },
  'search.run': { term: 'an' },
  'skills.run': { name: 'big-deal-alert', record: { entity: 'deal', id: 1 }, dryRun: true },
  'webhooks.register': { publicUrl: 'https://tajo.example.com' },
  'privacy.export': { email: 'nobody@example.com' },
  'privacy.erase': { email: 'nobody@example.com', dryRun: true },
  'privacy.allow': { email: 'nobody@example.com' },
  'dedupe.merge': { merges: [] },
  'webhooks.verify': { source: 'brevo', authorization: 'Bearer nobody' },
  'webhooks.receive': { source: 'brevo', body: { event: 'none' } },
  'settings.preview': {},
  'settings.tryOut': {},
  'settings.save': {},
  'settings.undo': {},
  'settings.createAttribute': { name: 'SAMPLE', type: 'text' },
  'settings.createList': { name: 'Sample' },
  'hold.begin': { because: 'person' },
  'hold.end': {},
  'connections.add': { name: 'another', settings: 'brevo: { api_key: k }' },
  'connections.remove': { name: 'another' },
  'keys.create': { name: 'sample', scope: 'read' },
  'keys.revoke': { key: 'sample' },
  'connectors.disconnect': { name: 'brevo' },
}

/** What needs an app of the services, or somebody with a browser: refused here, and that as the document says. */
const REFUSED = ['connectors.connectBrevoApp', 'oauth.begin', 'oauth.wait']

const rank = (name: string): number => Object.keys(SAMPLES).indexOf(name)
const all = Object.entries<Operation>(operations).sort(([one], [other]) => rank(one) - rank(other))

it.each(all)('%s answers as the document says', async (name, { method, path }) => {
  const given = { ...SAMPLES[name], ...credentialsFor(name), ...(await draftFor(name)) } as Record<
    string,
    unknown
  >
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = String(given[key])
    delete given[key]
    return value
  })
  const hasBody = method === 'POST' || method === 'PUT'
  const query = new URLSearchParams(given as Record<string, string>)
  const response = await scene.ask(
    `/api${filled}${hasBody ? '' : `?${query}`}`,
    hasBody ? { method, json: given } : { method },
  )
  const body: unknown = await response.json()
  const told = JSON.stringify(body).slice(0, 500)
  const { responses } = document.paths[`/api${path}`]?.[method.toLowerCase()] ?? { responses: {} }
  if (REFUSED.includes(name)) {
    expect(response.status, told).toBe(422)
    expect(validatorOf({ $ref: '#/components/schemas/Problem' })(body), told).toBe(true)
    return
  }
  expect(response.status, told).toBe(200)
  const fits = validatorOf(responses['200']?.content?.['application/json']?.schema ?? { not: {} })
  fits(body)
  expect(fits.errors, told).toBeNull()
})

it('a problem is one as the document says, whatever it is about', async () => {
  const fits = validatorOf({ $ref: '#/components/schemas/Problem' })
  for (const [path, init] of [
    ['/api/nothing', {}],
    ['/api/status', { key: null }],
    ['/api/status?x=1', {}],
    ['/api/sync', { method: 'GET' }],
    ['/api/contacts/explain', { json: { subject: 'nobody@example.com' } }],
  ] as const) {
    const body: unknown = await (await scene.ask(path, init)).json()
    fits(body)
    expect(fits.errors, path).toBeNull()
  }
})

function credentialsFor(name: string): object {
  const { PIPEDRIVE_API_TOKEN: apiToken, BREVO_API_KEY: apiKey } = scene.variables
  if (name === 'connectors.connectPipedrive') return { apiToken }
  return name === 'connectors.connectBrevo' ? { apiKey } : {}
}

/** The settings as they stand, with another country, based on what was read a moment ago. */
async function draftFor(name: string): Promise<Record<string, unknown>> {
  if (!['settings.preview', 'settings.tryOut', 'settings.save', 'settings.undo'].includes(name)) return {}
  const { draft, revision } = await scene.service.settings.read()
  return {
    ...(name === 'settings.undo' ? {} : { draft: { ...draft, defaultCountry: 'DE' } }),
    ...(name === 'settings.save' || name === 'settings.undo' ? { base: revision } : {}),
  }
}
