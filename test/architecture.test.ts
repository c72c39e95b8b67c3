/** The walls: rooms.json against every import of src. It reads text only, and so cannot see paths built at run time. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { describe, expect, test } from 'vitest'

type Rooms = Readonly<Record<string, readonly string[]>>
/** Path from the root of the repository to text. */
type Files = ReadonlyMap<string, string>

const root = join(import.meta.dirname, '..')
const rooms = JSON.parse(readFileSync(join(root, 'rooms.json'), 'utf8')) as Rooms
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>
}
const files = readFiles('src', 'test', 'scripts', 'bench')

const bannedNames = ['utils', 'helpers', 'common', 'misc', 'lib', 'types', 'manager']
const pureRooms = ['sync/model', 'sync/projection']
const pureImports = ['libphonenumber-js', 'zod', 'node:url']

function readFiles(...folders: string[]): Files {
  const read = new Map<string, string>()
  for (const folder of folders) {
    if (!readdirSync(root).includes(folder)) continue
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith('.ts')) continue
      const path = join(entry.parentPath, entry.name)
      read.set(path.slice(root.length + 1), readFileSync(path, 'utf8'))
    }
  }
  return read
}

/** Tests may reach across walls: they are not shipped. */
function isTestCode(path: string): boolean {
  return /^test\/|\.test\.ts$|\.test-kit\.ts$|\/testdata\//.test(path)
}

function shipped(all: Files): [string, string][] {
  return [...all].filter(([path]) => path.startsWith('src/') && !isTestCode(path))
}

/** The longest name that fits: `sync/model` before `sync`. */
function roomOf(path: string, table: Rooms): string | undefined {
  return Object.keys(table)
    .filter((room) => path.startsWith(`src/${room}/`))
    .sort((a, b) => b.length - a.length)[0]
}

/** Everything between quotes after `from`, `import` and `import(`; types included. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"\s]+)['"]/g)].map((match) => match[1] ?? '')
}

type Import = { from: string; to: string; text: string }

/** Imports of our own files. */
function innerImports(all: Files): Import[] {
  return shipped(all).flatMap(([from, text]) =>
    importsOf(text)
      .filter((to) => to.startsWith('.'))
      .map((to) => {
        const target = normalize(join(dirname(from), to))
        return { from, to: target, text: `${from} imports ${target}` }
      }),
  )
}

/** Imports of packages and of Node. */
function outerImports(all: Files): Import[] {
  return shipped(all).flatMap(([from, text]) =>
    importsOf(text)
      .filter((to) => !to.startsWith('.'))
      .map((to) => ({ from, to, text: `${from} imports ${to}` })),
  )
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const texts = (imports: readonly Import[]): string[] => imports.map((item) => item.text)

function throughWalls(all: Files, table: Rooms): string[] {
  return texts(
    innerImports(all).filter(({ from, to }) => {
      const [here, there] = [roomOf(from, table), roomOf(to, table)]
      return here === undefined || there === undefined || (here !== there && !table[here]?.includes(there))
    }),
  )
}

function pastFaces(all: Files, table: Rooms): string[] {
  return texts(
    innerImports(all).filter(({ from, to }) => {
      const there = roomOf(to, table)
      const face = `src/${there}/index.ts`
      return roomOf(from, table) !== there && all.has(face) && to !== face
    }),
  )
}

function testCodeImports(all: Files): string[] {
  return texts(innerImports(all).filter(({ to }) => isTestCode(to)))
}

function impureImports(all: Files): string[] {
  return texts(
    outerImports(all).filter(
      ({ from, to }) =>
        pureRooms.some((room) => from.startsWith(`src/${room}/`)) && !pureImports.includes(packageOf(to)),
    ),
  )
}

function undeclaredImports(all: Files): string[] {
  return texts(
    outerImports(all).filter(
      ({ to }) => !to.startsWith('node:') && !Object.hasOwn(manifest.dependencies, packageOf(to)),
    ),
  )
}

function environmentReaders(all: Files): string[] {
  const reads = /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\[['"]env['"]\]|\benv\b[^;\n]*from 'node:process'/
  return shipped(all).flatMap(([path, text]) =>
    reads.test(text) && !path.startsWith('src/config/') ? [path] : [],
  )
}

function badNames(all: Files): string[] {
  return [...all.keys()].filter((path) =>
    path.split('/').some((part) => bannedNames.includes(part.replace(/(\.test|\.test-kit)?\.ts$/, ''))),
  )
}

function tooLong(all: Files): string[] {
  return [...all].flatMap(([path, text]) => {
    const lines = text.replace(/\n$/, '').split('\n').length
    const most = isTestCode(path) ? 600 : 300
    return lines > most ? [`${path}: ${lines} lines (${most} at most)`] : []
  })
}

function barrels(all: Files): string[] {
  return shipped(all).flatMap(([path, text]) =>
    /^export \* from/m.test(text) && !path.endsWith('/index.ts') ? [path] : [],
  )
}

describe('the walls of src', () => {
  test('every file of src stands in a room of rooms.json', () => {
    expect(files.size).toBeGreaterThan(200)
    const homeless = [...files.keys()].filter(
      (path) => path.startsWith('src/') && roomOf(path, rooms) === undefined,
    )
    expect(homeless).toEqual([])
  })

  test('a room imports only the rooms that rooms.json gives it, types included', () => {
    expect(innerImports(files).length).toBeGreaterThan(400)
    expect(throughWalls(files, rooms)).toEqual([])
  })

  test('from outside, a room is entered by its index.ts where it has one', () => {
    expect(pastFaces(files, rooms)).toEqual([])
  })

  test('rooms.json names only rooms that it defines, and no ring of rooms', () => {
    const unknown = Object.values(rooms).flatMap((list) => list.filter((room) => !(room in rooms)))
    expect(unknown).toEqual([])
    const reach = (room: string, path: readonly string[]): string[] =>
      path.includes(room)
        ? [[...path, room].join(' > ')]
        : (rooms[room] ?? []).flatMap((next) => reach(next, [...path, room]))
    expect(Object.keys(rooms).flatMap((room) => reach(room, []))).toEqual([])
  })

  test('the simulators know nothing of the product but its leaves', () => {
    expect(rooms.simulators).toEqual(['base'])
    expect(rooms.base).toEqual([])
  })

  test('model and projection are pure: they import our leaves and words, and no other package', () => {
    expect(rooms['sync/model']).toEqual(['base'])
    expect(rooms['sync/projection']).toEqual(['base', 'sync/model'])
    expect(impureImports(files)).toEqual([])
  })

  test('what is shipped imports no test code and no package that package.json does not depend on', () => {
    expect(testCodeImports(files)).toEqual([])
    expect(undeclaredImports(files)).toEqual([])
  })

  test('the environment is read only in src/config', () => {
    expect(environmentReaders(files)).toEqual([])
  })
})

describe('the files', () => {
  test('none has a name that says nothing', () => {
    expect(badNames(files)).toEqual([])
  })

  test('none has more than 300 lines, tests 600', () => {
    expect(tooLong(files)).toEqual([])
  })

  test('only an index.ts passes on whole files', () => {
    expect(barrels(files)).toEqual([])
  })
})

describe('the watch itself', () => {
  const table: Rooms = { base: [], a: ['base'], b: ['base', 'a'], 'b/inner': ['base'] }
  const one = (path: string, text: string, ...faces: string[]): Files =>
    new Map([[path, text], ...faces.map((face): [string, string] => [face, ''])])

  test.each([
    ['a type', "import type { X } from '../b/x.ts'"],
    ['a value over several lines', "import {\n  x,\n} from '../b/x.ts'"],
    ['an effect', "import '../b/x.ts'"],
    ['a late import', "const x = await import('../b/x.ts')"],
    ['a type in passing', "type X = import('../b/x.ts').X"],
    ['a passing-on', "export { x } from '../b/x.ts'"],
  ])('sees %s through a wall', (_, text) => {
    expect(throughWalls(one('src/a/y.ts', text), table)).toEqual(['src/a/y.ts imports src/b/x.ts'])
  })

  test('counts an inner room as a room of its own, and does not mind comments', () => {
    expect(throughWalls(one('src/b/y.ts', "import '../b/inner/x.ts'"), table)).toHaveLength(1)
    expect(throughWalls(one('src/a/y.ts', "/** import '../b/x.ts' */\n// from '../b/x.ts'"), table)).toEqual(
      [],
    )
  })

  test('sees a way in beside the face', () => {
    expect(pastFaces(one('src/b/y.ts', "import '../a/x.ts'", 'src/a/index.ts'), table)).toHaveLength(1)
    expect(pastFaces(one('src/b/y.ts', "import '../a/index.ts'", 'src/a/index.ts'), table)).toEqual([])
    expect(pastFaces(one('src/b/y.ts', "import '../a/x.ts'"), table)).toEqual([])
  })

  test('sees the other breaches', () => {
    expect(impureImports(one('src/sync/model/x.ts', "import 'node:fs'\nimport 'zod'"))).toHaveLength(1)
    expect(undeclaredImports(one('src/a/x.ts', "import 'left-pad/deep'\nimport 'zod'"))).toHaveLength(1)
    expect(testCodeImports(one('src/a/x.ts', "import './x.test-kit.ts'"))).toHaveLength(1)
    expect(environmentReaders(one('src/a/x.ts', 'const { env } = process; process.env.X'))).toHaveLength(1)
    expect(badNames(one('src/a/utils.ts', ''))).toHaveLength(1)
    expect(badNames(one('src/common/x.ts', ''))).toHaveLength(1)
    expect(tooLong(one('src/a/x.ts', '\n'.repeat(301)))).toHaveLength(1)
    expect(tooLong(one('src/a/x.ts', '\n'.repeat(300)))).toEqual([])
    expect(barrels(one('src/a/x.ts', "export * from './y.ts'"))).toHaveLength(1)
  })
})
