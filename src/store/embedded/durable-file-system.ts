/**
 * The directory the embedded engine writes to, with real fsync: PGlite's own NodeFS has none, so a power
 * cut would leave a database that cannot be opened (https://github.com/electric-sql/pglite/issues/1107).
 * Files are made for the owner only. It never acknowledges a write that the disk refused.
 */
import fs from 'node:fs'
import { basename } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** The numbers emscripten's C library gives to errors; PostgreSQL prints its own words for them. */
const EMSCRIPTEN_EIO = 29
const OWNER_ONLY = ~0o077

type EmscriptenOptions = Awaited<ReturnType<NodeFS['init']>>['emscriptenOpts']
type EmscriptenModule = Parameters<NonNullable<EmscriptenOptions['preRun']>[number]>[0]

/** The part of emscripten's file stream that is used here. */
type OpenFile = { nfd: number; path?: string; node: { mode: number } }
type Attributes = { mode?: number }
type NodeOperations = {
  mknod: (parent: unknown, name: string, mode: number, device: number) => unknown
  setattr: (node: unknown, attributes: Attributes) => void
}
type StreamOperations = {
  setattr: (file: unknown, attributes: Attributes) => void
  fsync?: (file: OpenFile) => number
  write: (file: OpenFile, buffer: Uint8Array, offset: number, length: number, position: number) => number
}

export class DurableNodeFS extends NodeFS {
  /** How often the engine has had a file or directory forced to the disk. */
  fsyncCount = 0
  /** Bytes of write-ahead log since `resetWalBytes`, without the zeros new segments are filled with. */
  walBytes = 0
  /** What the operating system said when it last refused a write: `ENOSPC`, `EIO`, `EDQUOT` ... */
  lastFault: string | undefined
  /** Why the engine gave up, in PostgreSQL's words. */
  lastWords: string | undefined
  /** Called when the engine has given up (PANIC); it must not be used after that. */
  onAbort: () => void = () => {}

  override async init(pg: PGlite, options: EmscriptenOptions): ReturnType<NodeFS['init']> {
    const result = await super.init(pg, options)
    const { emscriptenOpts } = result
    emscriptenOpts.preRun = [...(emscriptenOpts.preRun ?? []), (module) => this.#hook(module)]
    emscriptenOpts.printErr = (line: string) => {
      // Other lines may quote statements and the personal data in them.
      if (/ (FATAL|PANIC): /.test(line)) this.lastWords = line.replace(/^.*?(FATAL|PANIC): +/, '')
    }
    emscriptenOpts.print = () => {}
    emscriptenOpts.onAbort = () => this.onAbort()
    return result
  }

  #hook(module: EmscriptenModule): void {
    const { node_ops, stream_ops } = module.NODEFS as unknown as {
      node_ops: NodeOperations
      stream_ops: StreamOperations
    }
    stream_ops.fsync = (file) => this.#fsync(file)
    const write = stream_ops.write
    stream_ops.write = (file, buffer, offset, length, position) => {
      try {
        const written = write(file, buffer, offset, length, position)
        if (isWal(file.path)) this.walBytes += written
        return written
      } catch (error) {
        this.lastFault = nameOfErrno(error)
        throw error
      }
    }
    const mknod = node_ops.mknod
    node_ops.mknod = (parent, name, mode, device) => mknod(parent, name, mode & OWNER_ONLY, device)
    // PGlite opens its files to everybody with chmod, whatever the umask.
    for (const operations of [node_ops, stream_ops]) {
      const setattr = operations.setattr
      operations.setattr = (target, attributes) => setattr(target, ownerOnly(attributes))
    }
  }

  /** A refused fsync makes PostgreSQL panic, so that nothing unsafe is acknowledged. */
  #fsync(file: OpenFile): number {
    try {
      if (isDirectory(file.node.mode)) syncDirectory(file.nfd)
      else fs.fdatasyncSync(file.nfd)
      this.fsyncCount++
      return 0
    } catch (error) {
      this.lastFault = (error as NodeJS.ErrnoException).code ?? 'EIO'
      return EMSCRIPTEN_EIO
    }
  }
}

function ownerOnly(attributes: Attributes): Attributes {
  return attributes.mode === undefined ? attributes : { ...attributes, mode: attributes.mode & OWNER_ONLY }
}

/** Windows has no fsync of directories; there NTFS journals the names itself. */
function syncDirectory(descriptor: number): void {
  if (process.platform !== 'win32') fs.fsyncSync(descriptor)
}

function isDirectory(mode: number): boolean {
  return (mode & fs.constants.S_IFMT) === fs.constants.S_IFDIR
}

/** New segments are written as `xlogtemp.<pid>` full of zeros first; those bytes are not log. */
function isWal(path: string | undefined): boolean {
  return path?.includes('/pg_wal/') === true && !basename(path).startsWith('xlogtemp')
}

/** Emscripten hides Node's error behind a number of its own: 51 is ENOSPC, 19 EDQUOT, 22 EFBIG. */
function nameOfErrno(error: unknown): string {
  const errno = (error as { errno?: number }).errno
  if (errno === 51) return 'ENOSPC'
  if (errno === 19) return 'EDQUOT'
  return errno === 22 ? 'EFBIG' : 'EIO'
}
