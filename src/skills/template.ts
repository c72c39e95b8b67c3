/**
 * `{{ dotted.path }}` in the parameters of actions: a look-up in the facts, and nothing else. It runs no code, follows own
 * properties only, and never looks into what it has put in.
 */
import type { ParameterValue } from './skill.ts'

const EXPRESSION = /\{\{([\s\S]*?)\}\}/g
const PATH = /^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/

export type TemplateProblem = { readonly path: readonly (string | number)[]; readonly message: string }

/** Every path that a value names, with where in the value it stands. */
export function pathsIn(
  value: ParameterValue,
  at: readonly (string | number)[] = [],
): readonly { readonly name: string; readonly path: readonly (string | number)[] }[] {
  if (typeof value === 'string')
    return [...value.matchAll(EXPRESSION)].map((match) => ({ name: (match[1] ?? '').trim(), path: at }))
  if (Array.isArray(value)) return value.flatMap((item, index) => pathsIn(item, [...at, index]))
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...at, key]))
}

/** What is wrong with the templates of a value, whatever the facts are. */
export function templateProblems(
  value: ParameterValue,
  at: readonly (string | number)[] = [],
): readonly TemplateProblem[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => templateProblems(item, [...at, index]))
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, item]) => templateProblems(item, [...at, key]))
  if (typeof value !== 'string') return []
  const rest = value.replaceAll(EXPRESSION, '')
  if (rest.includes('{{') || rest.includes('}}'))
    return [{ path: at, message: '"{{" and "}}" come in pairs: "{{ deal.title }}"' }]
  return pathsIn(value)
    .filter(({ name }) => !PATH.test(name))
    .map(({ name }) => ({
      path: at,
      message: `expected a path such as deal.title between "{{" and "}}"; found ${JSON.stringify(name)} (nothing is computed there)`,
    }))
}

export function hasTemplate(value: ParameterValue): boolean {
  return pathsIn(value).length > 0
}

/**
 * The value with every path replaced. A template that is the whole text keeps the type of what it names, and is left out
 * where that is not there; inside a text what is not there is empty.
 */
export function render(value: ParameterValue, facts: unknown): ParameterValue | undefined {
  if (Array.isArray(value))
    return value.flatMap((item) => {
      const rendered = render(item, facts)
      return rendered === undefined ? [] : [rendered]
    })
  if (typeof value === 'object') {
    const entries = Object.entries(value).flatMap(([key, item]) => {
      const rendered = render(item, facts)
      return rendered === undefined ? [] : [[key, rendered] as const]
    })
    return Object.fromEntries(entries)
  }
  if (typeof value !== 'string') return value
  const whole = /^\s*\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(value)
  if (whole) return lookUp(facts, (whole[1] ?? '').trim()) as ParameterValue | undefined
  return value.replaceAll(EXPRESSION, (_, path: string) => asText(lookUp(facts, path.trim())))
}

/** Undefined where it is not there, or nothing. */
export function lookUp(facts: unknown, path: string): unknown {
  let value = facts
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value ?? undefined
}

function asText(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map(asText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
