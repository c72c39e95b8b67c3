/** The actions of a front matter, each with its parameters checked as far as they are known before a run. */
import { nearestName } from '../base/suggest.ts'
import { ACTIONS, type ActionDefinition, OWN_ACTIONS, PERMISSIONS } from './action-catalogue.ts'
import type { FaultSink } from './faults.ts'
import { kindProblem } from './parameter-kinds.ts'
import type { FrontMatter } from './schema.ts'
import type { ParameterValue, SkillAction } from './skill.ts'
import { hasTemplate, templateProblems } from './template.ts'

type Path = readonly (string | number)[]

export function readActions(
  { actions, permissions }: Pick<FrontMatter, 'actions' | 'permissions'>,
  builtIn: boolean,
  fault: FaultSink,
): readonly SkillAction[] {
  for (const [index, permission] of permissions.entries()) {
    if (PERMISSIONS.includes(permission)) continue
    const near = nearestName(permission, PERMISSIONS)
    fault(['permissions', index], `unknown permission; known are ${PERMISSIONS.join(', ')}`, near)
  }
  return actions.flatMap((written, index) => {
    const entries = typeof written === 'string' ? [[written, null] as const] : Object.entries(written)
    const [entry] = entries
    const path: Path = ['actions', index]
    if (entry === undefined || entries.length > 1) {
      fault(path, `expected one action with its parameters below it; found ${entries.length} keys`)
      return []
    }
    const [name, parameters] = entry
    const at = typeof written === 'string' ? path : [...path, name]
    const definition = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (definition === undefined || (definition.pipelineOnly && !builtIn)) {
      const near = nearestName(name, OWN_ACTIONS)
      fault(at, `unknown action ${JSON.stringify(name)}; known are ${OWN_ACTIONS.join(', ')}`, near)
      return []
    }
    if (!permissions.includes(definition.permission))
      fault(at, `needs the permission ${definition.permission}: add it to permissions`)
    const given = (parameters ?? {}) as Record<string, ParameterValue>
    if (!builtIn) checkParameters(definition, given, at, fault)
    return [{ name, parameters: given }]
  })
}

function checkParameters(
  definition: ActionDefinition,
  given: Readonly<Record<string, unknown>>,
  at: Path,
  fault: FaultSink,
): void {
  const known = Object.keys(definition.parameters)
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(definition.parameters, name) ? definition.parameters[name] : undefined
    if (parameter === undefined) {
      fault([...at, name], `unknown parameter; known here: ${known.join(', ')}`, nearestName(name, known))
    } else if (!isParameterValue(value)) {
      fault([...at, name], 'expected a value; found nothing')
    } else {
      const templates = templateProblems(value, [...at, name])
      for (const problem of templates) fault(problem.path, problem.message)
      if (templates.length > 0) continue
      checkKind(parameter.kind, value, [...at, name], fault)
    }
  }
  for (const [name, { required }] of Object.entries(definition.parameters))
    if (required && !Object.hasOwn(given, name)) fault(at, `the parameter ${name} is missing`)
  const { oneOf } = definition
  if (oneOf && !oneOf.some((name) => Object.hasOwn(given, name)))
    fault(at, `one of the parameters ${oneOf.join(', ')} is missing`)
  if (Object.hasOwn(given, 'email') && Object.hasOwn(given, 'contact_id') && known.includes('contact_id'))
    fault([...at, 'contact_id'], 'given together with email; keep one of them')
  if (Object.hasOwn(given, 'due_date') && Object.hasOwn(given, 'due_in'))
    fault([...at, 'due_in'], 'given together with due_date; keep one of them')
}

/** A value that is a template is known only when it runs; an event's name has to be known before. */
function checkKind(
  kind: Parameters<typeof kindProblem>[0],
  value: ParameterValue,
  path: Path,
  fault: FaultSink,
): void {
  if (typeof value === 'string' && hasTemplate(value) && kind !== 'event' && kind !== 'blocked') {
    const isBlock = kind === 'attributes' || kind === 'values' || kind === 'properties'
    if (isBlock) fault(path, 'expected a block of "name: value"; a template stands for one value in it')
    return
  }
  const problem = kindProblem(kind, value)
  if (problem !== null) fault([...path, ...problem.path], problem.message)
}

function isParameterValue(value: unknown): value is ParameterValue {
  if (value === null || value === undefined) return false
  if (Array.isArray(value)) return value.every(isParameterValue)
  if (typeof value === 'object') return Object.values(value).every(isParameterValue)
  return ['string', 'number', 'boolean'].includes(typeof value)
}
