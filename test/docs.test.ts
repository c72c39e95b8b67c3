/** The documents against the code: every code explained, every link alive, every named test there. It reads text only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codesInUse, codesOf } from './support/error-codes.ts'

const root = join(import.meta.dirname, '..')

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}

const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...filesIn('docs', '.md'),
  ...filesIn('src', '.md'),
]

/** Targets of links to files, with the part after `#`; addresses of the web are not followed. */
function localLinks(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function deadLinks(document: string, text: string): string[] {
  return localLinks(text).flatMap((target) => {
    const [file = '', anchor] = target.split('#')
    const path = file === '' ? document : join(dirname(document), file)
    const dead =
      !existsSync(join(root, path)) || (anchor !== undefined && !anchorsOf(read(path)).includes(anchor))
    return dead ? [`${document}: ${target}`] : []
  })
}

type Rule = { number: string; text: string; tests: { file: string; title: string }[] }

/** A rule is a paragraph that begins with its number in bold; the tests that hold it are listed below it. */
function rulesOf(spec: string): Rule[] {
  return spec.split(/^(?=\*\*R\d)/m).flatMap((part) => {
    const number = /^\*\*(R\d+(?:\.\d+)?)\*\*/.exec(part)?.[1]
    if (number === undefined) return []
    return [{ number, text: part.split(/^#/m)[0] ?? '', tests: testsNamedIn(part.split(/^#/m)[0] ?? '') }]
  })
}

function testsNamedIn(text: string): Rule['tests'] {
  return [...text.matchAll(/^- `([^`]+\.test\.ts)`: (.+)$/gm)].map((match) => ({
    file: match[1] ?? '',
    title: (match[2] ?? '').trim(),
  }))
}

/** A title stands in its file as the words of a test, in whichever quotes. */
function isThere({ file, title }: { file: string; title: string }): boolean {
  if (!existsSync(join(root, file))) return false
  const text = read(file).replaceAll("\\'", "'")
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`))
}

describe('docs/errors.md', () => {
  const explained = new Set(
    [...read('docs/errors.md').matchAll(/`([a-z]+_[a-z_]+)`/g)].map((match) => match[1]),
  )

  test('explains every code that the product uses', () => {
    const used = codesInUse()
    expect(used.size).toBeGreaterThan(60)
    const missing = [...used].filter(([code]) => !explained.has(code))
    expect(missing.map(([code, path]) => `${code} (${path})`)).toEqual([])
  })

  test('explains no code of the services that nothing uses', () => {
    const used = codesInUse()
    const [first = ''] = read('docs/errors.md').split('## Skips and warnings')
    const rows = [...first.matchAll(/^\| `([a-z_]+)` \|/gm)].map((match) => match[1] ?? '')
    expect(rows.filter((code) => !used.has(code))).toEqual([])
  })

  test('is looked at with eyes that see codes put together too', () => {
    expect(codesOf('src/brevo/x.ts', "make(\n  'ip_refused',")).toEqual(['brevo_ip_refused'])
    expect(codesOf('src/transport/x.ts', 'code: `$' + '{this.#vendor}_limited`')).toEqual([
      'pipedrive_limited',
      'brevo_limited',
    ])
    expect(codesOf('src/cli/x.ts', "{ code: 'port_taken' }")).toEqual(['port_taken'])
  })
})

describe('the documents', () => {
  test('have no link to a file or heading that is not there', () => {
    expect(documents.length).toBeGreaterThan(15)
    expect(documents.flatMap((document) => deadLinks(document, read(document)))).toEqual([])
  })

  test('have links whose death would be seen', () => {
    expect(
      deadLinks('README.md', '[a](docs/cli.md#exit-codes) [b](docs/nothing.md) [c](docs/cli.md#x)'),
    ).toEqual(['README.md: docs/nothing.md', 'README.md: docs/cli.md#x'])
  })

  test('name no file of src or docs that is not there', () => {
    const dead = documents.flatMap((document) =>
      [...read(document).matchAll(/`((?:src|docs|test)\/[\w./-]+\.(?:ts|md))`/g)]
        .map((match) => match[1] ?? '')
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${document}: ${path}`),
    )
    expect(dead).toEqual([])
  })

  test('name no npm script that is not there', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = documents.flatMap((document) =>
      [...read(document).matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1] ?? ''),
    )
    expect(named).toContain('demo')
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  test('ARCHITECTURE.md has a line for every room, and for no other', () => {
    const [, after = ''] = read('ARCHITECTURE.md').split('| room | holds |')
    const [table = ''] = after.split('\n\n')
    const listed = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    )
    expect(listed.sort()).toEqual(Object.keys(JSON.parse(read('rooms.json')) as object).sort())
  })

  test('docs/cli.md names every option of the command, and no other', () => {
    const optionsIn = (text: string): string[] =>
      [...new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map((match) => match[0]))].sort()
    const program = filesIn('src/cli', '.ts').filter((path) => /\/program[a-z-]*\.ts$/.test(path))
    const declared = program.flatMap((path) =>
      [...read(path).matchAll(/(?:option|Option|version|helpOption)\(\s*(?:[a-zA-Z()]+,\s*)?'([^']+)'/g)].map(
        (match) => match[1] ?? '',
      ),
    )
    expect(optionsIn(read('docs/cli.md'))).toEqual(optionsIn(declared.join(' ')))
  })
})

/** Commands and code of the blocks that are run, without their comments, and the commands that the sentences name. */
function commandsOf(text: string): { blocks: string[]; named: string[] } {
  const blocks = [...text.matchAll(/```(?:sh|ts)\n([\s\S]*?)```/g)].map(([, block = '']) =>
    block.replace(/\s+(?:#|\/\/) .*$/gm, ''),
  )
  const named = [...text.matchAll(/`((?:tajo|npm) [^`]+)`/g)].map(([, command = '']) => command)
  return { blocks, named: [...new Set(named)].sort() }
}

/** Which documents it leads to, but for itself in the other language. */
function linkedDocuments(text: string): string[] {
  const files = localLinks(text).map((target) => target.split('#')[0] ?? '')
  return [...new Set(files)]
    .filter((file) => file !== '' && !file.endsWith('.png') && !/^README(\.ko)?\.md$/.test(file))
    .sort()
}

describe('the README', () => {
  const english = read('README.md')
  const korean = read('README.ko.md')

  test('leads to every document in docs', () => {
    const linked = linkedDocuments(english)
    const inDocs = readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`)
    expect(inDocs.filter((path) => !linked.includes(path))).toEqual([])
  })

  test('has the same commands in Korean', () => {
    expect(commandsOf(english).blocks.length).toBeGreaterThan(1)
    expect(commandsOf(korean)).toEqual(commandsOf(english))
  })

  test('leads to the same documents in Korean, and each to the other', () => {
    expect(linkedDocuments(korean)).toEqual(linkedDocuments(english))
    expect(localLinks(english)).toContain('README.ko.md')
    expect(localLinks(korean)).toContain('README.md')
  })
})

describe('docs/sync-spec.md', () => {
  const spec = read('docs/sync-spec.md')
  const rules = rulesOf(spec)

  test('has every rule once', () => {
    const counts = { R1: 5, R2: 6, R3: 4, R4: 3, R5: 7, R6: 4, R7: 3, R8: 2, R9: 6, R10: 2 }
    const expected = Object.entries(counts).flatMap(([rule, count]) =>
      Array.from({ length: count }, (_, index) => `${rule}.${index + 1}`),
    )
    expect(rules.map((rule) => rule.number)).toEqual([...expected, 'R11'])
  })

  test('names only tests that are there', () => {
    const named = testsNamedIn(spec)
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter((item) => !isThere(item))).toEqual([])
  })

  test('says of every rule which test holds it, or that none does yet', () => {
    const silent = rules.filter(
      (rule) => rule.tests.length === 0 && !/^(Gap|Later)(?: \(part\))?:/m.test(rule.text),
    )
    expect(silent.map((rule) => rule.number)).toEqual([])
  })

  test('knows every rule that a test says it holds', () => {
    const known = new Set(rules.map((rule) => rule.number))
    const strange = [...filesIn('src', '.test.ts'), ...filesIn('test', '.test.ts')].flatMap((path) =>
      [...read(path).matchAll(/['"`](R\d+(?:\.\d+)?)[ :]/g)]
        .map((match) => match[1] ?? '')
        .filter((number) => !known.has(number) && ![...known].some((rule) => rule.startsWith(`${number}.`)))
        .map((number) => `${path}: ${number}`),
    )
    expect(strange).toEqual([])
  })

  test('is read with eyes that see a missing test', () => {
    expect(isThere({ file: 'test/docs.test.ts', title: 'has every rule once' })).toBe(true)
    expect(
      isThere({ file: 'test/docs.test.ts', title: ['has', 'a title that is not there'].join(' ') }),
    ).toBe(false)
    expect(isThere({ file: 'test/nothing.test.ts', title: 'x' })).toBe(false)
  })
})
