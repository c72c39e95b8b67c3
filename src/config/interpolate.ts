/**
 * Replaces `${NAME}` and `${NAME:-default}` in one piece of text. Works on text that YAML has already
 * read, so a value can never become structure; what a variable holds is never looked into again.
 */
import { nearestName } from '../base/suggest.ts'

/** Values are strings; anything inherited or of another kind counts as unset. */
export type Variables = Readonly<Record<string, string | undefined>>

export type InterpolationProblem = Readonly<{ message: string; suggestion?: string }>

const MAX_TEXT = 10_000
const MAX_NESTING = 10
const EXPRESSION = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/

/**
 * The text with every expression replaced. `$${` stands for the two characters `${`. As in a shell, `:-`
 * also covers a variable that is set but empty. Problems name variables, never their values.
 */
export function interpolate(
  text: string,
  variables: Variables,
): { text: string; problems: readonly InterpolationProblem[] } {
  const problems: InterpolationProblem[] = []
  if (text.length > MAX_TEXT) {
    problems.push({ message: `text with "\${" in it may be ${MAX_TEXT} characters long at most` })
    return { text, problems }
  }
  return { text: replaceExpressions(text, variables, problems, 0), problems }
}

function replaceExpressions(
  text: string,
  variables: Variables,
  problems: InterpolationProblem[],
  depth: number,
): string {
  if (depth > MAX_NESTING) {
    problems.push({ message: `defaults inside defaults go ${MAX_NESTING} levels deep at most` })
    return ''
  }
  let result = ''
  let at = 0
  for (;;) {
    const start = text.indexOf('${', at)
    if (start < 0) return result + text.slice(at)
    if (text[start - 1] === '$' && start > at) {
      result += `${text.slice(at, start - 1)}\${`
      at = start + 2
      continue
    }
    const end = closingBrace(text, start + 2)
    if (end < 0) {
      problems.push({ message: `"\${" without its "}"; write "$\${" for the two characters themselves` })
      return result
    }
    result += text.slice(at, start)
    const match = EXPRESSION.exec(text.slice(start + 2, end))
    if (match === null) {
      problems.push({
        message: `expected \${NAME} or \${NAME:-default} with a name of letters, digits and _; write "$\${" for the two characters themselves`,
      })
    } else {
      const [, name = '', fallback] = match
      result += expressionValue(name, fallback, variables, problems, depth)
    }
    at = end + 1
  }
}

function expressionValue(
  name: string,
  fallback: string | undefined,
  variables: Variables,
  problems: InterpolationProblem[],
  depth: number,
): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (fallback !== undefined && !value) return replaceExpressions(fallback, variables, problems, depth + 1)
  if (typeof value === 'string') return value
  const near = nearestName(name, Object.keys(variables))
  problems.push({
    message: `the environment variable ${name} is not set; set it, or write \${${name}:-default}`,
    ...(near === undefined ? {} : { suggestion: `\${${near}}` }),
  })
  return ''
}

/** Braces inside a default have to come in pairs; the first one without a partner closes. */
function closingBrace(text: string, from: number): number {
  let open = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') open++
    else if (text[at] === '}' && open-- === 0) return at
  }
  return -1
}
