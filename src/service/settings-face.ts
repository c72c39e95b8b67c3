/** Editing a connection's settings without a file, and letting the connection rest, as types only. */
import type { SettingsDraft } from '../config/index.ts'
import type { AccountSurvey, DraftPreview, DraftTrial, RunProgress } from '../sync/index.ts'

export type { SettingsDraft } from '../config/index.ts'
export type { AccountSurvey, DraftTrial } from '../sync/index.ts'

export type Settings = {
  /** Asks no service. Throws `config_invalid` where the file is no text. */
  read(): Promise<SettingsView>
  /** Asks both services. Throws `config_not_connected` and their refusals. */
  survey(options?: { readonly signal?: AbortSignal | undefined }): Promise<AccountSurvey>
  /** Faults of a draft are in the preview. Throws as `survey`, and `settings_not_editable`. */
  preview(
    draft: SettingsDraft,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<SettingsPreview>
  /** Changes nothing. Throws as `preview`, and `settings_unfit` for a draft with faults. */
  tryOut(draft: SettingsDraft, options?: TryOutOptions): Promise<DraftTrial>
  /**
   * Writes the draft and puts it to use; a running server goes on with it. Throws `settings_changed` (somebody else was
   * there since `base` was read), `settings_not_editable`, `config_invalid`, `config_unwritable`,
   * `config_half_written`.
   */
  save(request: { readonly draft: SettingsDraft; readonly base: string }): Promise<SettingsView>
  /** Takes the last saving back. Throws `settings_nothing_to_undo`, and as `save`. */
  undo(request: { readonly base: string }): Promise<SettingsView>
  /** Throws `attribute_exists`, `attribute_name_invalid`, and Brevo's refusal. */
  createAttribute(attribute: NewAttribute): Promise<AccountSurvey['brevo']['attributes'][number]>
  /** Throws `list_exists` and Brevo's refusal. */
  createList(list: { readonly name: string }): Promise<AccountSurvey['brevo']['lists'][number]>
}

export type NewAttribute = { readonly name: string; readonly type: 'text' | 'date' | 'float' | 'boolean' }

export type TryOutOptions = {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: RunProgress) => void) | undefined
}

export type SettingsFault = {
  /** `person_mapping.industry` */
  readonly path: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly line: number | null
}

export type SettingsView = {
  readonly place: 'file' | 'store'
  /** The path of tajo.yaml, there or not yet; null for settings in the store. */
  readonly file: string | null
  readonly exists: boolean
  /** Of the text that was read. */
  readonly revision: string
  readonly draft: SettingsDraft
  /** Of the text as it stands. */
  readonly faults: readonly SettingsFault[]
  /** What an undo takes back; null: nothing. */
  readonly undo: { readonly savedAt: string } | null
}

export type SettingsPreview = DraftPreview & {
  readonly changed: boolean
  readonly diff: readonly DiffLine[]
  readonly faults: readonly SettingsFault[]
}

/** A line of the file: changed, or one of two around a change. What could be a credential is masked. */
export type DiffLine = {
  readonly kind: 'same' | 'added' | 'removed'
  /** In the new text; of a removed line, in the old one. */
  readonly line: number
  readonly text: string
}

/** The server lets the connection rest; webhooks are kept for later. */
export type Hold = {
  readonly heldAt: string
  /** `setup`: it is being set up and has not begun yet. */
  readonly because: 'setup' | 'person'
}

export type Holding = {
  begin(request: { readonly because: Hold['because'] }): Promise<Hold>
  end(): Promise<{ wasHeld: boolean }>
}
