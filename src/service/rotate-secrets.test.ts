/** Keys of stored credentials: made once, changed without a moment in which something cannot be opened. */
import fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { forEachStore, temporaryDirectory } from '../../test/support/stores.ts'
import { keepConnectionSettings, listCredentials, listStoredConnections } from '../store/index.ts'
import { rotateSecrets } from './rotate-secrets.ts'
import { createSecretBox } from './secrets.ts'
import { changeStored, readStored } from './stored-credentials.ts'

const directories: string[] = []
afterAll(() => {
  for (const path of directories) fs.rmSync(path, { recursive: true, force: true })
})

function directory(): string {
  const path = temporaryDirectory()
  directories.push(path)
  return path
}

const keysIn = (dataDir: string): string[] =>
  fs.readFileSync(join(dataDir, 'secret.key'), 'utf8').trim().split('\n')

forEachStore('rotating the key', (open) => {
  const names = ['default', 'east', 'west']
  const fill = async (dataDir: string, secretKey: string | null = null) => {
    const store = await open()
    const box = createSecretBox(secretKey, dataDir)
    for (const connection of names)
      await changeStored({ store, connection, box }, (stored) => ({
        ...stored,
        brevo: { apiKey: `key of ${connection}`, apiUrl: 'https://api.brevo.com/v3' },
      }))
    return { store, box }
  }
  const opened = async (store: Awaited<ReturnType<typeof open>>, box: ReturnType<typeof createSecretBox>) =>
    Promise.all(names.map(async (name) => (await readStored(store, name, box)).brevo))
  const all = names.map((name) => ({ apiKey: `key of ${name}`, apiUrl: 'https://api.brevo.com/v3' }))
  const sealed = async (store: Awaited<ReturnType<typeof open>>) =>
    (await listCredentials(store.db)).map(({ credentials }) => credentials.sealed)

  it('with a key file: all connections are sealed anew, the former key goes, other processes read on', async () => {
    const dataDir = directory()
    const { store, box } = await fill(dataDir)
    const before = { keys: keysIn(dataDir), sealed: await sealed(store) }
    const other = createSecretBox(null, dataDir)
    await opened(store, other)
    expect(await rotateSecrets(store, box)).toEqual({ resealed: 3, resumed: false, key: 'file' })
    const keys = keysIn(dataDir)
    expect(keys).toHaveLength(1)
    expect(keys).not.toEqual(before.keys)
    expect((fs.statSync(join(dataDir, 'secret.key')).mode & 0o777).toString(8)).toBe('600')
    expect(fs.readdirSync(dataDir)).toEqual(['secret.key'])
    expect(await opened(store, other)).toEqual(all)
    expect(await opened(store, createSecretBox(null, dataDir))).toEqual(all)
    for (const text of await sealed(store)) expect(before.sealed).not.toContain(text)
  })

  it('settings that are kept in the store are sealed anew, too', async () => {
    const dataDir = directory()
    const { store, box } = await fill(dataDir)
    const settings = 'brevo: { api_key: "key of east" }'
    await keepConnectionSettings(store.db, 'east', await box.seal(settings, 'east'))
    const [before] = await listStoredConnections(store.db)
    expect(before?.settings).not.toContain('key of east')
    await rotateSecrets(store, box)
    const [after] = await listStoredConnections(store.db)
    expect(after?.settings).not.toBe(before?.settings)
    expect(await createSecretBox(null, dataDir).open(after?.settings ?? '', 'east')).toBe(settings)
  })

  it('killed half-way it is finished by the next one, and everything can be opened meanwhile', async () => {
    const dataDir = directory()
    const { store, box } = await fill(dataDir)
    await box.ring.addKey()
    await changeStored({ store, connection: 'east', box }, (stored) => ({ ...stored }))
    expect(keysIn(dataDir)).toHaveLength(2)
    const next = createSecretBox(null, dataDir)
    expect(await opened(store, next)).toEqual(all)
    expect(await rotateSecrets(store, next)).toEqual({ resealed: 2, resumed: true, key: 'file' })
    expect(keysIn(dataDir)).toHaveLength(1)
    expect(await opened(store, next)).toEqual(all)
  })

  it('of two at once one is refused', async () => {
    const { store, box } = await fill(directory())
    const results = await Promise.allSettled([rotateSecrets(store, box), rotateSecrets(store, box)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = results.find((result) => result.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'secret_rotation_running' })
    expect(await opened(store, box)).toEqual(all)
  })

  it('with TAJO_SECRET_KEY: the former one opens until everything is sealed with the new one', async () => {
    const dataDir = directory()
    const { store, box: former } = await fill(dataDir, 'first')
    await expect(rotateSecrets(store, former)).rejects.toMatchObject({ code: 'secret_no_new_key' })
    const box = createSecretBox('second', dataDir, 'first')
    expect(await opened(store, box)).toEqual(all)
    expect(await rotateSecrets(store, box)).toEqual({ resealed: 3, resumed: false, key: 'environment' })
    expect(await opened(store, createSecretBox('second', dataDir))).toEqual(all)
    await expect(opened(store, former)).rejects.toMatchObject({ code: 'secret_unreadable' })
    expect(fs.existsSync(join(dataDir, 'secret.key'))).toBe(false)
  })

  it('from the file to TAJO_SECRET_KEY and back', async () => {
    const dataDir = directory()
    const { store } = await fill(dataDir)
    const environment = createSecretBox('own', dataDir)
    expect(await rotateSecrets(store, environment)).toMatchObject({ resealed: 3, key: 'environment' })
    const file = createSecretBox(null, dataDir, 'own')
    expect(await rotateSecrets(store, file)).toMatchObject({ resealed: 3, key: 'file' })
    expect(await opened(store, createSecretBox(null, dataDir))).toEqual(all)
  })

  it('changes at the same moment undo nobody’s', async () => {
    const { store, box } = await fill(directory())
    const vault = { store, connection: 'default', box }
    await Promise.all([
      changeStored(vault, (stored) => ({ ...stored, uninstalledAt: '2026-01-01T00:00:00Z' })),
      changeStored(vault, ({ brevo: _, ...stored }) => stored),
      rotateSecrets(store, box),
    ])
    const { vault: _, ...stored } = await readStored(store, 'default', box)
    expect(stored).toEqual({ uninstalledAt: '2026-01-01T00:00:00Z' })
  })
})

describe('a key file', () => {
  it('is made once by however many begin at the same moment', async () => {
    const dataDir = directory()
    const boxes = Array.from({ length: 8 }, () => createSecretBox(null, dataDir))
    const sealed = await Promise.all(boxes.map((box) => box.seal('text', 'default')))
    expect(keysIn(dataDir)).toHaveLength(1)
    for (const text of sealed) expect(await createSecretBox(null, dataDir).open(text, 'default')).toBe('text')
  })

  it('opens nothing that was sealed for another connection', async () => {
    const box = createSecretBox(null, directory())
    const text = await box.seal('text', 'east')
    await expect(box.open(text, 'west')).rejects.toMatchObject({ code: 'secret_unreadable' })
    await expect(box.open('no jwe', 'west')).rejects.toMatchObject({ code: 'secret_unreadable' })
  })
})
