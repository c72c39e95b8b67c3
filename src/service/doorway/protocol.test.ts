import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { TajoError } from '../../base/error.ts'
import { loadConfig } from '../../config/index.ts'
import { answerSchema, configurationFingerprint, fromWireError, toWireError } from './protocol.ts'

const directory = fs.mkdtempSync(join(tmpdir(), 'tajo-protocol-'))
afterAll(() => fs.rmSync(directory, { recursive: true, force: true }))

const errors = fc
  .record({
    code: fc.stringMatching(/^[a-z]+_[a-z]+$/),
    message: fc.string(),
    disposition: fc.constantFrom('retry', 'reject', 'pause'),
    details: fc.dictionary(
      // The one key that an object literal cannot hold as data; no detail of ours has that name.
      fc.string().filter((key) => key !== '__proto__'),
      fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(fc.string(), { maxLength: 2 }),
      ),
    ),
    notBefore: fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') })),
  })
  .map(({ notBefore, ...rest }) => new TajoError({ ...rest, ...(notBefore && { notBefore }) } as never))

test('an error is the same on the other side, with its time and its details', () => {
  fc.assert(
    fc.property(errors, (error) => {
      const sent = JSON.stringify({ id: 1, error: toWireError(error) })
      const received = answerSchema.parse(JSON.parse(sent))
      const there = fromWireError((received as { error: ReturnType<typeof toWireError> }).error)
      expect(there).toBeInstanceOf(TajoError)
      const { code, message, disposition, details, notBefore } = error
      expect(there).toMatchObject({ code, message, disposition, notBefore })
      expect(JSON.stringify((there as TajoError).details)).toBe(JSON.stringify(details))
    }),
  )
})

test('an error that Tajo does not know stays one, and its stack stays at home', () => {
  const wire = toWireError(new RangeError('out of range'))
  expect(JSON.stringify(wire)).not.toContain('protocol.test')
  const there = fromWireError(wire)
  expect(there).not.toBeInstanceOf(TajoError)
  expect(there.message).toBe('out of range')
})

test('configurations are compared by what they say: not by comments, places and the name of the file', () => {
  const yaml = 'connectors:\n  pipedrive:\n    sync_mode: batch\nperson_mapping:\n  name: FULL_NAME\n'
  const print = (name: string, text: string, env: Record<string, string> = {}): string => {
    const file = join(directory, name)
    fs.writeFileSync(file, text)
    return configurationFingerprint(loadConfig({ env, file }))
  }
  const first = print('a.yaml', yaml)
  expect(print('b.yaml', `# another\n\n${yaml}`)).toBe(first)
  expect(print('a.yaml', yaml.replace('batch', 'hybrid'))).not.toBe(first)
  expect(print('a.yaml', yaml.replace('FULL_NAME', 'NAME'))).not.toBe(first)
  expect(print('a.yaml', yaml, { PIPEDRIVE_API_TOKEN: 'a'.repeat(40) })).not.toBe(first)
})
