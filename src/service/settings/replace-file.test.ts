/** Files that take a new text, or keep the former one, on real disks with real limits. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../../../test/support/stores.ts'
import { HalfWritten, overwriteFile, replaceFile } from './replace-file.ts'

const directory = temporaryDirectory()
const mounted = join(directory, 'mounted.yaml')
afterAll(() => {
  spawnSync('umount', [mounted])
  fs.rmSync(directory, { recursive: true, force: true })
})

const former = 'former: text\n'.repeat(100)

function fileOf(name: string): string {
  const file = join(directory, name)
  fs.writeFileSync(file, former, { mode: 0o640 })
  return file
}

describe('a file that can be replaced', () => {
  it('has the new text and its own mode, and nothing is left beside it', async () => {
    const file = fileOf('plain.yaml')
    await replaceFile(file, former, 'new: text\n')
    expect(fs.readFileSync(file, 'utf8')).toBe('new: text\n')
    expect(fs.statSync(file).mode & 0o777).toBe(0o640)
    expect(fs.readdirSync(directory).filter((name) => name.includes('.tmp'))).toEqual([])
  })
})

fileOf('mounted.yaml')
const reason = spawnSync('mount', ['--bind', mounted, mounted]).status === 0 ? undefined : 'not root'
if (reason) console.warn('a file mounted by itself is not tried: that takes root on Linux')

describe.skipIf(reason)('a file that is mounted by itself', () => {
  it('is written in place, a shorter text and a longer one', async () => {
    for (const [before, text] of [
      [former, 'short: text\n'],
      ['short: text\n', former],
    ] as const) {
      await replaceFile(mounted, before, text)
      expect(fs.readFileSync(mounted, 'utf8')).toBe(text)
    }
  })
})

describe('writing in place', () => {
  // No file may grow beyond four blocks: the write ends in the middle.
  it('puts the former text back when it ends in the middle', () => {
    const file = fileOf('limited.yaml')
    const script = `
      import { overwriteFile } from ${JSON.stringify(new URL('./replace-file.ts', import.meta.url).href)}
      const former = ${JSON.stringify(former)}
      await overwriteFile(${JSON.stringify(file)}, former, 'longer: text\\n'.repeat(10_000)).catch(({ code, name }) => {
        console.log(name, code)
      })`
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    )
    expect(stdout.trim(), stderr).toBe('Error EFBIG')
    expect(fs.readFileSync(file, 'utf8')).toBe(former)
  })

  it.skipIf(!fs.existsSync('/dev/full'))('says so when the former text cannot be put back', async () => {
    await expect(overwriteFile('/dev/full', former, 'new: text\n')).rejects.toThrow(HalfWritten)
  })
})
