/**
 * Writes a draft into the text of the settings: comments, order and ways of writing stay, and so does every setting that
 * the draft says nothing about. It would rather refuse than write a text that means something else than was asked for.
 */
import type { Config } from '../config.ts'
import { ConfigError } from '../config-error.ts'
import { DEFAULT_CONNECTION } from '../connections.ts'
import { readDocument } from '../document.ts'
import type { Variables } from '../interpolate.ts'
import { checkSettingsText, type LoadedConnections } from '../load.ts'
import { type Located, locatedAt, pathText } from '../located.ts'
import { isUnset } from '../plain.ts'
import { renderTemplate } from '../template.ts'
import { mappingChange, stageChange } from './change-rows.ts'
import { bothWaysChange, countryChange, listsChange, syncChange } from './change-settings.ts'
import { faultsFirst, notEditable } from './not-editable.ts'
import { type MapChange, rewriteMap } from './rewrite-map.ts'
import { hasSameRest, isSameDraft, tidyDraft } from './same-settings.ts'
import { type SettingsDraft, toDraft } from './settings-draft.ts'

export type ApplyOptions = {
  /** Become comments beside new rows. */
  readonly lists?: ReadonlyMap<number, string> | undefined
  /** "Pipeline / Stage" by the key of `deal_stage_mapping`. */
  readonly stages?: ReadonlyMap<string, string> | undefined
  /** What `${NAME}` stands for in the text. Default: no variable is set. */
  readonly variables?: Variables | undefined
  /** What an empty text begins with. Default: the template that `tajo init` writes. */
  readonly blank?: 'template' | 'bare' | undefined
}

/** What the change of one part has to know. */
export type Editing = {
  /** Where the settings of the connection are in the text. */
  readonly base: readonly string[]
  /** What is written for the connection itself. */
  readonly own: Located | undefined
  /** Whether the settings that all connections have in common say something there. */
  readonly isShared: (path: readonly string[]) => boolean
  readonly before: SettingsDraft
  readonly after: SettingsDraft
  readonly options: ApplyOptions
}

const CHANGES: readonly ((editing: Editing) => MapChange | null)[] = [
  syncChange,
  listsChange,
  countryChange,
  mappingChange,
  stageChange,
  bothWaysChange,
]

/**
 * `connection`: the name under `connections:`, null for a text that describes one connection. What is wrong with the draft
 * gets into the text as it is, for its faults to be told when the text is checked. Throws `settings_not_editable`.
 */
export function applyDraft(
  source: string,
  connection: string | null,
  draft: SettingsDraft,
  options: ApplyOptions = {},
): string {
  const { variables = {} } = options
  const after = tidyDraft(draft)
  const isBlank = source.trim() === '' && options.blank !== 'bare'
  const found = loadText(source, variables)
  const base = baseOf(source, connection)
  if (isSameDraft(toDraft(configOf(found, connection)), after)) return source
  const start = isBlank ? templateFor(variables) : source
  const loaded = isBlank ? loadText(start, variables) : found
  const config = configOf(loaded, connection)
  refuseSwitchedOff(start, base, config, after)
  const before = toDraft(config)
  const text = CHANGES.reduce((current, change) => {
    const { root } = readDocument(current, variables)
    const isShared = (path: readonly string[]): boolean => {
      const node = base.length === 0 ? undefined : locatedAt(root, path)
      return node !== undefined && !isUnset(node)
    }
    const made = change({ base, own: locatedAt(root, base), isShared, before, after, options })
    return made === null ? current : rewriteMap(current, made)
  }, start)
  refuseUnlike(text, { connection, base, loaded, after, variables })
  return text
}

function loadText(source: string, variables: Variables): LoadedConnections {
  try {
    return checkSettingsText(source, { env: variables })
  } catch (error) {
    if (error instanceof ConfigError) throw faultsFirst(error)
    throw error
  }
}

function configOf(loaded: LoadedConnections, connection: string | null): Config {
  const found = loaded.connections.get(connection ?? DEFAULT_CONNECTION)
  if (found === undefined) throw new Error(`no connection ${connection}, although it was found in the text`)
  return found.config
}

function baseOf(source: string, connection: string | null): readonly string[] {
  const { root } = readDocument(source, null)
  const block = root?.kind === 'map' ? root.entries.get('connections') : undefined
  if (block === undefined && (connection === null || connection === DEFAULT_CONNECTION)) return []
  if (connection === null)
    throw notEditable(
      'connections',
      block?.key.line ?? null,
      'describes connections by their names, and none was named',
    )
  const base = ['connections', connection]
  if (locatedAt(root, base) === undefined) throw notEditable(pathText(base), null, 'is not there')
  return base
}

/** Credentials that no variable holds are kept elsewhere: a name that nobody has set would be a fault. */
function templateFor(variables: Variables): string {
  const isSet = (name: string): boolean => Object.hasOwn(variables, name) && variables[name] !== undefined
  return renderTemplate({
    apiToken: isSet('PIPEDRIVE_API_TOKEN') ? undefined : null,
    brevoApiKey: isSet('BREVO_API_KEY') ? undefined : null,
  })
}

/** Rows that a skill keeps from having an effect cannot be asked for. */
function refuseSwitchedOff(
  source: string,
  base: readonly string[],
  config: Config,
  after: SettingsDraft,
): void {
  const { root } = readDocument(source, null)
  const refuse = (skill: string, path: string): void => {
    if (config.skills.switches[skill] !== false) return
    const places = [[...base, 'skills'], ['skills']].map((block) => locatedAt(root, [...block, skill]))
    const line = places.find((place) => place !== undefined)?.position.line ?? null
    throw notEditable(`skills.${skill}`, line, `is switched off, and with it what is asked for in ${path}`)
  }
  if (after.stageLists.length > 0) refuse('pipedrive-deal-stage-tracking', 'deal_stage_mapping')
  if (after.personMapping.some(({ source: field }) => field.includes('custom_fields.')))
    refuse('pipedrive-custom-fields', 'person_mapping')
}

type Outcome = {
  readonly connection: string | null
  readonly base: readonly string[]
  readonly loaded: LoadedConnections
  readonly after: SettingsDraft
  readonly variables: Variables
}

/** The last word: what was written is read again, and has to be the draft and nothing but the draft. */
function refuseUnlike(text: string, { connection, base, loaded, after, variables }: Outcome): void {
  const name = base.length === 0 ? 'the file' : pathText(base)
  const unlike = notEditable(
    name,
    null,
    'is written in a way that a program cannot change without changing more',
  )
  if (readDocument(text, variables).broken) throw unlike
  let result: LoadedConnections
  try {
    result = checkSettingsText(text, { env: variables })
  } catch (error) {
    if (error instanceof ConfigError) return
    throw error
  }
  if (!isSameDraft(toDraft(configOf(result, connection)), after)) throw unlike
  if (!hasSameRest(loaded, result, connection ?? DEFAULT_CONNECTION)) throw unlike
}
