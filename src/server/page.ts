/**
 * The page in the browser: the files that its build made, and no others. It serves what a listing of that one folder
 * shows, so no path leads anywhere else; nothing in it is private, what it shows it asks the API for.
 */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export type PageAnswer = {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | string
}

export type Page = {
  /** Null: nothing of the page is here. `html`: somebody with a browser asks, whom a deep link may have led here. */
  find(path: string, html: boolean): Promise<PageAnswer | null>
}

/** Beside the code as it is published, and in a checkout. */
const PLACES = [join(import.meta.dirname, '../web'), join(import.meta.dirname, '../../dist/web')]
const INDEX = 'index.html'
const YEAR_SECONDS = 31_536_000

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/**
 * Scripts come from files of this server only. Styles may stand in the page: its library writes them as it draws, they
 * run nothing, and a nonce would have to be written into a file that is otherwise the same for everybody.
 */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const SAFE = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

const NOT_BUILT = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tajo</title></head>
<body><h1>Tajo runs</h1><p>Its page is not built yet. In a checkout, run <code>npm run build:web</code> and load this again.</p>
<p><a href="/openapi.json">/openapi.json</a> describes what programs can ask.</p></body></html>
`

export function createPage(places: readonly string[] = PLACES): Page {
  let found: ReadonlyMap<string, string> | null = null
  const files = async (path: string): Promise<ReadonlyMap<string, string>> => {
    // Whoever opens it begins with `/`: a page that was built anew is found then.
    if (found === null || path === '/') found = await listFirst(places)
    return found ?? new Map()
  }
  return {
    async find(path, html) {
      const here = await files(path)
      const name = path === '/' ? INDEX : path.slice(1)
      const file = here.get(name)
      if (file !== undefined) return answerWith(name, await readFile(file))
      if (!html || extname(path) !== '') return null
      const index = here.get(INDEX)
      if (index !== undefined) return answerWith(INDEX, await readFile(index))
      return path === '/' ? { status: 404, headers: headersOf(INDEX), body: NOT_BUILT } : null
    },
  }
}

/** Name below the folder (with slashes) to file, of the first place that has an index; null where none has. */
async function listFirst(places: readonly string[]): Promise<ReadonlyMap<string, string> | null> {
  for (const place of places) {
    const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(absent)
    const files = new Map<string, string>()
    for (const entry of entries) {
      const file = join(entry.parentPath, entry.name)
      if (entry.isFile()) files.set(relative(place, file).split(sep).join('/'), file)
    }
    if (files.has(INDEX)) return files
  }
  return null
}

function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}

function answerWith(name: string, body: Buffer): PageAnswer {
  return { status: 200, headers: headersOf(name), body: new Uint8Array(body) }
}

/** The names of what is in `assets` change with what they hold. */
function headersOf(name: string): Record<string, string> {
  const kept = name === INDEX ? 'no-store' : name.startsWith('assets/') ? IMMUTABLE : 'no-cache'
  return {
    ...SAFE,
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'cache-control': kept,
  }
}

const IMMUTABLE = `public, max-age=${YEAR_SECONDS}, immutable`
