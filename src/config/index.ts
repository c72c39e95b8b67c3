/** The configuration room: reads `tajo.yaml` and the environment, and refuses to guess. */
export { BUILT_IN_SKILLS, type BuiltInSkill, isBuiltInSkill } from './built-in-skills.ts'
export {
  type ApiVersion,
  type Config,
  type DealEvents,
  type DeleteBehavior,
  type EventAction,
  type EventObject,
  type FieldDirection,
  IDENTITY_TARGET,
  type LoadedConfig,
  type MappingEntry,
  type PipedriveConfig,
  type Position,
  type ReverseSync,
  type StageKey,
  type StageMappingEntry,
  type SyncMode,
  type WebhookEvent,
} from './config.ts'
export { ConfigError, type ConfigFault, faultText } from './config-error.ts'
export { CONNECTION_NAME, CONNECTION_NAME_EXPECTATION, DEFAULT_CONNECTION } from './connections.ts'
export { readDocument } from './document.ts'
export { durationMs } from './duration.ts'
export { type ApplyOptions, applyDraft } from './edit/apply-draft.ts'
export { diffSettings, type SettingsDiffLine } from './edit/diff-settings.ts'
export { type SettingsDraft, toDraft } from './edit/settings-draft.ts'
export {
  type ColorChoice,
  type Environment,
  type LogLevel,
  processVariables,
  readEnvironment,
} from './environment.ts'
export {
  checkSettingsText,
  type LoadedConnections,
  type LoadOptions,
  loadConfig,
  loadConnections,
  loadStoredConnection,
} from './load.ts'
export { type Located, locatedAt, type Path, pathText, valuePosition } from './located.ts'
export { toPlain } from './plain.ts'
export { readSource } from './read-source.ts'
export { SKILL_NAME } from './schema/skills.ts'
export { schemaFaults } from './schema-faults.ts'
export { renderTemplate, type TemplateAnswers } from './template.ts'
export { isSecureUrl } from './urls.ts'
