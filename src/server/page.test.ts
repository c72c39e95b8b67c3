/** The page's files from a folder, and no others; and which names this server answers to. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHostGuard } from './host-guard.ts'
import { openScene, type Scene } from './live.test-kit.ts'
import { createPage } from './page.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tajo-page-'))
  await mkdir(join(root, 'web/assets'), { recursive: true })
  await writeFile(join(root, 'secret.key'), 'secret')
  await writeFile(join(root, 'web/index.html'), '<!doctype html><title>Tajo</title>')
  await writeFile(join(root, 'web/assets/index-a1.js'), 'export {}')
  await writeFile(join(root, 'web/favicon.svg'), '<svg/>')
  await symlink(join(root, 'secret.key'), join(root, 'web/link.txt'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

const page = () => createPage([join(root, 'nowhere'), join(root, 'web')])

describe('the page', () => {
  it('is never kept; what its name says the content of is kept for good', async () => {
    const index = await page().find('/', true)
    expect(index).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } })
    expect(await page().find('/assets/index-a1.js', false)).toMatchObject({
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    })
    expect(await page().find('/favicon.svg', false)).toMatchObject({
      headers: { 'cache-control': 'no-cache' },
    })
  })

  it('lets no other script run, and is framed by nobody', async () => {
    const policy = (await page().find('/', true))?.headers['content-security-policy']
    expect(policy).toMatch(/^default-src 'self';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('script-src')
  })

  it('answers a deep link with its index, but not a program and not a missing file', async () => {
    expect(await page().find('/contacts/7', true)).toMatchObject({ status: 200 })
    expect(await page().find('/contacts/7', false)).toBeNull()
    expect(await page().find('/assets/gone.js', true)).toBeNull()
  })

  it.each([
    '/../secret.key',
    '/assets/../../secret.key',
    '/..%2fsecret.key',
    '/%2e%2e/secret.key',
    '/assets/..\\..\\secret.key',
    '//etc/passwd',
    '/link.txt',
    '/index.html%00.js',
  ])('%s leads to nothing', async (path) => {
    expect(await page().find(path, false)).toBeNull()
  })

  it('says how to build it where it is not, and is there once it is', async () => {
    const later = join(root, 'later')
    const waiting = createPage([later])
    expect(await waiting.find('/', true)).toMatchObject({
      status: 404,
      body: expect.stringContaining('build:web'),
    })
    expect(await waiting.find('/contacts', true)).toBeNull()
    await mkdir(later)
    await writeFile(join(later, 'index.html'), 'built')
    expect(await waiting.find('/', true)).toMatchObject({ status: 200 })
  })

  it('that is built anew while the server runs is found with its new files', async () => {
    const built = page()
    await built.find('/', true)
    await writeFile(join(root, 'web/assets/index-b2.js'), 'export {}')
    await built.find('/', true)
    expect(await built.find('/assets/index-b2.js', false)).toMatchObject({ status: 200 })
  })
})

describe('a name', () => {
  const guard = createHostGuard({ publicUrl: 'https://tajo.example.com', host: undefined })
  const seen = (localAddress: string, host?: string) =>
    guard({ socket: { localAddress }, headers: host === undefined ? {} : { host } } as never)

  it.each([
    'localhost:8025',
    'a.localhost',
    '127.0.0.1:8025',
    '[::1]:8025',
    'tajo.example.com',
    'TAJO.example.com:80',
  ])('%s is one of this machine', (host) => expect(seen('127.0.0.1', host)).toBeNull())

  it.each(['evil.example', 'evil.example:8025', '127.0.0.1.evil.example', 'localhost.evil.example', 'a b'])(
    '%s is not, when it leads to loopback',
    (host) => {
      expect(seen('127.0.0.1', host)).toMatchObject({ status: 421, code: 'host_refused' })
      expect(seen('::ffff:127.0.0.1', host)).not.toBeNull()
      expect(seen('192.0.2.7', host)).toBeNull()
    },
  )

  it('that --host gives is one too', () => {
    const other = createHostGuard({ publicUrl: null, host: 'tajo.internal' })
    expect(
      other({ socket: { localAddress: '127.0.0.1' }, headers: { host: 'tajo.internal:1' } } as never),
    ).toBeNull()
  })
})

describe('a server', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene()
  })
  afterAll(() => scene.end())

  /** `fetch` would put its own host, and tidy up the path. */
  const status = (path: string, host = 'localhost') =>
    new Promise<number>((resolve, reject) => {
      ask(
        { port: scene.server.port, host: '127.0.0.1', path, headers: { host, accept: 'text/html' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        },
      )
        .on('error', reject)
        .end()
    })

  it('refuses foreign names for all but webhooks, which have credentials of their own', async () => {
    expect(await status('/healthz', 'evil.example')).toBe(421)
    expect(await status('/webhooks/brevo', 'evil.example')).toBe(200)
    expect(await status('/healthz')).toBe(200)
  })

  it.each(['/../package.json', '/..%2fpackage.json', '/assets/%2e%2e/%2e%2e/package.json'])(
    'does not serve %s',
    async (path) => expect(await status(path)).toBe(404),
  )
})
