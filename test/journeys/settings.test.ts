/** Settings edited while everything runs: saved with their comments, put to use, taken back, and a connection that rests. */
import fs from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { readEnvironment } from '../../src/config/index.ts'
import {
  type Installation,
  type LiveNews,
  openInstallation,
  type Service,
  type SettingsDraft,
} from '../../src/service/index.ts'
import { createSandbox, oneWay, type Sandbox } from '../../src/simulators/index.ts'
import { openLimits } from '../support/journey.ts'
import { startPostgres, whyNoPostgres } from '../support/postgres-server.ts'
import { freshDataDir } from '../support/stores.ts'

const home = process.cwd()
afterEach(() => process.chdir(home))

type Scene = {
  readonly sandbox: Sandbox
  readonly directory: string
  readonly file: string
  readonly installation: Installation
  readonly service: Service
  /** The file as it stands; null where there is none. */
  text(): string | null
  reopen(): Promise<Scene>
}

type Options = {
  yaml?: (text: string, environment: Readonly<Record<string, string>>) => string | null
  databaseUrl?: string
  stored?: boolean
}

/** In a directory of its own, as somebody who works there would find it; `yaml` null: there is no file. */
async function openScene({
  yaml = (text) => text,
  databaseUrl,
  stored = false,
}: Options = {}): Promise<Scene> {
  const sandbox = await createSandbox({ data: { persons: 30 }, ...openLimits })
  const started = await sandbox.start()
  sandbox.brevo.calls.keepBodies = true
  const directory = freshDataDir()
  process.chdir(directory)
  const file = join(directory, 'tajo.yaml')
  const text = yaml(oneWay(started.yaml), started.environment)
  if (text !== null && !stored) fs.writeFileSync(file, text, { mode: 0o640 })
  const environment = readEnvironment({
    ...started.environment,
    TAJO_DATA_DIR: directory,
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  })
  const open = async (): Promise<Scene> => {
    const installation = await openInstallation({ environment })
    if (stored) {
      const credentials = `connectors: { pipedrive: { api_token: "${started.environment.PIPEDRIVE_API_TOKEN}", api_url: "${started.environment.PIPEDRIVE_API_URL}" } }\nbrevo: { api_key: "${started.environment.BREVO_API_KEY}", api_url: "${started.environment.BREVO_API_URL}" }\n# kept in the store\n`
      await installation.connections.add({ name: 'shop', settings: credentials })
    }
    return {
      sandbox,
      directory,
      file,
      installation,
      service: installation.connection(stored ? 'shop' : null),
      text: () => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null),
      async reopen() {
        await scene.installation.close()
        scene = await open()
        return scene
      },
    }
  }
  let scene = await open()
  onTestFinished(async () => {
    await scene.installation.close()
    await sandbox.stop()
    fs.rmSync(directory, { recursive: true, force: true })
  })
  return scene
}

function attributesOf({ brevo }: Sandbox): readonly string[] {
  return brevo.state.attributes().map((one) => (one as { name: string }).name)
}

function withRow(draft: SettingsDraft, source: string, target: string): SettingsDraft {
  return { ...draft, personMapping: [...draft.personMapping, { source, target }] }
}

async function addRow(service: Service, source: string, target: string) {
  const { draft, revision } = await service.settings.read()
  return service.settings.save({ draft: withRow(draft, source, target), base: revision })
}

describe('saving', () => {
  it('writes the row and nothing else, and the next pass works with it', async () => {
    const { service, text, file, sandbox } = await openScene({
      yaml: (text) => `${text}\n# The end, and it stays.\n`,
    })
    await service.sync({})
    const before = text() ?? ''
    const saved = await addRow(service, 'job_title', 'JOB_TITLE')
    const after = text() ?? ''
    expect(after.split('\n').filter((line) => !before.includes(line))).toEqual([
      expect.stringMatching(/^\s+job_title: JOB_TITLE/),
    ])
    expect(before.split('\n').filter((line) => !after.includes(line))).toEqual([])
    expect(fs.statSync(file).mode & 0o777).toBe(0o640)
    expect(saved.undo).not.toBeNull()
    expect(service.config.config.personMapping.map(({ target }) => target)).toContain('JOB_TITLE')
    await service.sync({})
    expect(attributesOf(sandbox)).toContain('JOB_TITLE')
  })

  it('is refused when somebody else was there first, and nothing is lost', async () => {
    const { service, text, file } = await openScene()
    const { draft, revision } = await service.settings.read()
    fs.appendFileSync(file, '# written by hand\n')
    const theirs = text()
    await expect(
      service.settings.save({ draft: withRow(draft, 'job_title', 'JOB_TITLE'), base: revision }),
    ).rejects.toMatchObject({ code: 'settings_changed' })
    expect(text()).toBe(theirs)
    expect((await service.settings.read()).undo).toBeNull()
  })

  it('refuses what would not load, and says which row', async () => {
    const { service, text } = await openScene()
    const before = text()
    const { draft, revision } = await service.settings.read()
    const twice = withRow(withRow(draft, 'job_title', 'JOB'), 'notes', 'JOB')
    await expect(service.settings.save({ draft: twice, base: revision })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('notes'),
    })
    expect(text()).toBe(before)
  })

  it('changes nothing where nothing differs', async () => {
    const { service, text } = await openScene()
    const before = text()
    const { draft, revision } = await service.settings.read()
    const saved = await service.settings.save({ draft, base: revision })
    expect(saved).toMatchObject({ revision, undo: null })
    expect(text()).toBe(before)
  })

  it('says what stands in the way of writing, and leaves no trace', async () => {
    const { service, text, file } = await openScene()
    const before = text()
    // A file that takes no writing, in a directory that takes no new file, for whoever it is: also for root.
    fs.rmSync(file)
    fs.mkdirSync(file)
    await expect(addRow(service, 'job_title', 'JOB_TITLE')).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('directory'),
    })
    fs.rmdirSync(file)
    fs.writeFileSync(file, before ?? '')
    expect((await service.settings.read()).undo).toBeNull()
  })

  it('follows a link and keeps it', async () => {
    const { service, file, directory } = await openScene()
    const elsewhere = join(directory, 'real.yaml')
    fs.renameSync(file, elsewhere)
    fs.symlinkSync(elsewhere, file)
    await addRow(service, 'job_title', 'JOB_TITLE')
    expect(fs.lstatSync(file).isSymbolicLink()).toBe(true)
    expect(fs.readFileSync(elsewhere, 'utf8')).toContain('JOB_TITLE')
  })
})

describe('taking back', () => {
  it('gives the file as it was, step by step, also after a restart', async () => {
    const scene = await openScene()
    const texts = [scene.text()]
    await addRow(scene.service, 'job_title', 'JOB_TITLE')
    texts.push(scene.text())
    await addRow(scene.service, 'notes', 'NOTES')
    const { service, text } = await scene.reopen()
    for (const expected of texts.reverse()) {
      const { revision } = await service.settings.read()
      await service.settings.undo({ base: revision })
      expect(text()).toBe(expected)
    }
    const { revision, undo } = await service.settings.read()
    expect(undo).toBeNull()
    await expect(service.settings.undo({ base: revision })).rejects.toMatchObject({
      code: 'settings_nothing_to_undo',
    })
    expect(service.config.config.personMapping.map(({ target }) => target)).not.toContain('JOB_TITLE')
  })

  it('does not take back what was written by hand since', async () => {
    const { service, file, text } = await openScene()
    await addRow(service, 'job_title', 'JOB_TITLE')
    fs.appendFileSync(file, '# written by hand\n')
    const { revision, undo } = await service.settings.read()
    expect(undo).toBeNull()
    await expect(service.settings.undo({ base: revision })).rejects.toMatchObject({
      code: 'settings_nothing_to_undo',
    })
    expect(text()).toContain('# written by hand')
  })
})

it('writes the commented file where there was none, and takes it away again', async () => {
  const { service, text, file } = await openScene({ yaml: () => null })
  const empty = await service.settings.read()
  expect(empty).toMatchObject({ exists: false, file, place: 'file' })
  const saved = await service.settings.save({
    draft: withRow({ ...empty.draft, defaultCountry: 'KR' }, 'job_title', 'JOB_TITLE'),
    base: empty.revision,
  })
  expect(fs.statSync(file).mode & 0o777).toBe(0o600)
  expect(text()).toContain('# Tajo')
  expect(service.config.config.pipedrive.defaultCountry).toBe('KR')
  await service.settings.undo({ base: saved.revision })
  expect(text()).toBeNull()
  expect(service.config.config.pipedrive.defaultCountry).toBeNull()
})

it('edits settings in the store as well, sealed, and so is what they were', async () => {
  const scene = await openScene({ stored: true })
  const before = await scene.service.settings.read()
  expect(before).toMatchObject({ place: 'store', file: null, exists: true })
  const saved = await addRow(scene.service, 'job_title', 'JOB_TITLE')
  expect(scene.service.config.config.personMapping.map(({ target }) => target)).toContain('JOB_TITLE')
  await scene.service.secrets.rotate()
  const undone = await scene.service.settings.undo({ base: saved.revision })
  expect(undone.revision).toBe(before.revision)
})

it('shows the lines of a draft without a credential, its faults, and values of real records', async () => {
  let token = ''
  const { service, text } = await openScene({
    yaml(text, { PIPEDRIVE_API_TOKEN = '' }) {
      token = PIPEDRIVE_API_TOKEN
      return text.replace(/^( +)api_token:.*$/m, `$1api_token: ${token}`)
    },
  })
  expect(text()).toContain(token)
  await service.sync({})
  const { draft } = await service.settings.read()
  const preview = await service.settings.preview(
    withRow(withRow(draft, 'job_title', 'JOB_TITLE'), 'custom_fields.nobody', 'NOBODY'),
  )
  expect(JSON.stringify(preview)).not.toContain(token)
  expect(preview.changed).toBe(true)
  expect(preview.diff.filter(({ kind }) => kind === 'added').map(({ text }) => text.trim())).toEqual(
    expect.arrayContaining(['job_title: JOB_TITLE']),
  )
  expect(preview.faults.filter(({ severity }) => severity === 'error')).toMatchObject([
    { path: 'person_mapping.custom_fields.nobody', line: expect.any(Number) },
  ])
  const row = preview.rows.find(({ target }) => target === 'FIRSTNAME')
  expect(row?.samples.length).toBeGreaterThan(0)
  await expect(
    service.settings.tryOut(withRow(draft, 'custom_fields.nobody', 'NOBODY')),
  ).rejects.toMatchObject({ code: 'settings_unfit' })
})

it('looks at both accounts once for previews that are asked for at once, also when the first is given up', async () => {
  const { service, sandbox } = await openScene()
  const { draft } = await service.settings.read()
  const looks = () => sandbox.pipedrive.calls.find('GET', /\/personFields$/).length
  await Promise.all([1, 2, 3].map(() => service.settings.preview(draft)))
  expect(looks()).toBe(1)
  await service.settings.preview(draft)
  expect(looks()).toBe(1)
  const other = await openScene()
  const given = new AbortController()
  const first = other.service.settings.preview(draft, { signal: given.signal })
  const second = other.service.settings.preview(draft)
  given.abort(new Error('given up'))
  await expect(first).rejects.toThrow('given up')
  expect((await second).rows.length).toBeGreaterThan(3)
})

it('makes attributes and lists in Brevo, and says when they are there', async () => {
  const { service, sandbox } = await openScene()
  await service.settings.createAttribute({ name: 'LOYALTY', type: 'float' })
  const list = await service.settings.createList({ name: 'Customers of the page' })
  const survey = await service.settings.survey()
  expect(survey.brevo.attributes).toContainEqual({
    name: 'LOYALTY',
    type: 'float',
    writable: true,
    labels: null,
  })
  expect(survey.brevo.lists).toContainEqual(list)
  expect(attributesOf(sandbox)).toContain('LOYALTY')
  await expect(service.settings.createAttribute({ name: 'LOYALTY', type: 'text' })).rejects.toMatchObject({
    code: 'attribute_exists',
  })
  await expect(service.settings.createAttribute({ name: 'lower', type: 'text' })).rejects.toMatchObject({
    code: 'attribute_name_invalid',
  })
  await expect(service.settings.createList({ name: list.name })).rejects.toMatchObject({
    code: 'list_exists',
  })
})

async function proveHold(databaseUrl?: string): Promise<void> {
  const { service, installation, sandbox } = await openScene({
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    yaml: (text) => text.replace(/^ {2}pipedrive:$/m, '$&\n    poll_interval: 5s'),
  })
  await service.holding.begin({ because: 'setup' })
  const news: LiveNews[] = []
  const live = await installation.live({ onNews: (item) => news.push(item), publicUrl: null })
  onTestFinished(() => live.stop())
  expect(await service.status()).toMatchObject({ hold: { because: 'setup' }, live: null })
  expect(await live.health()).toMatchObject({ ready: false, reasons: [expect.stringContaining('set up')] })
  expect(sandbox.brevo.calls.all()).toEqual([])
  expect(await service.holding.end()).toEqual({ wasHeld: true })
  await live.settled(AbortSignal.timeout(60_000))
  expect((await service.status()).persons.inStep).toBeGreaterThan(20)
  // What is saved is put to use by the server that runs.
  await addRow(service, 'job_title', 'JOB_TITLE')
  await expect.poll(() => attributesOf(sandbox).includes('JOB_TITLE'), { timeout: 60_000 }).toBe(true)
  await service.holding.begin({ because: 'person' })
  expect(await service.status()).toMatchObject({ hold: { because: 'person' }, live: null })
  const calls = sandbox.brevo.calls.all().length
  sandbox.pipedrive.state.patch('person', 1, { name: 'Changed While Resting' })
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  expect(sandbox.brevo.calls.all().length).toBe(calls)
  await service.holding.end()
  await expect
    .poll(async () => JSON.stringify(await service.explain('1')).includes('Changed'), { timeout: 60_000 })
    .toBe(true)
}

describe('a connection that rests', () => {
  it('rests and goes on where it is served alone, too', async () => {
    const { service, sandbox } = await openScene()
    const live = await service.live({ onNews: () => {}, publicUrl: null })
    onTestFinished(() => live.stop())
    await live.settled(AbortSignal.timeout(60_000))
    await service.holding.begin({ because: 'person' })
    expect(await service.status()).toMatchObject({ hold: { because: 'person' }, live: null })
    // Several at once, as from a page and a command.
    await Promise.all([service.holding.end(), service.holding.end(), service.holding.end()])
    sandbox.pipedrive.state.patch('person', 1, { name: 'Awake Again' })
    await service.sync({})
    await live.settled(AbortSignal.timeout(60_000))
    expect(await service.status()).toMatchObject({ hold: null, live: { paused: null } })
  })

  it('is left alone until it is told to go on (embedded store)', () => proveHold())

  it.skipIf(whyNoPostgres())('is left alone until it is told to go on (PostgreSQL server)', async () => {
    const server = await startPostgres()
    onTestFinished(() => server.stop())
    await proveHold(await server.createDatabase())
  })
})
