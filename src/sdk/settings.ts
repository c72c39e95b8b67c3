/** Editing what may be edited of a connection's settings, where they are kept, with an undo. */
import type { Call, CallOptions, ProgressOptions } from './caller.ts'
import type { Params, Result } from './shapes.ts'

export type SettingsDraft = Params<'settings.preview'>['draft']

export type Settings = {
  /** As they stand, with the revision that a saving is based on. */
  read(options?: CallOptions): Promise<Result<'settings.read'>>
  /** What both accounts have to offer, with values of real records and a suggestion. */
  survey(options?: CallOptions): Promise<Result<'settings.survey'>>
  /** Faults of a draft, its lines in the file, and how values of real records would arrive. */
  preview(draft: SettingsDraft, options?: CallOptions): Promise<Result<'settings.preview'>>
  /** What a draft would change in Brevo, contact by contact. Changes nothing. */
  tryOut(draft: SettingsDraft, options?: ProgressOptions): Promise<Result<'settings.tryOut'>>
  /** Writes a draft and puts it to use. Throws `settings_changed` when `base` is out of date. */
  save(request: Params<'settings.save'>, options?: CallOptions): Promise<Result<'settings.save'>>
  /** Takes the last saving back. */
  undo(request: Params<'settings.undo'>, options?: CallOptions): Promise<Result<'settings.undo'>>
  /** Makes a contact attribute in Brevo. */
  createAttribute(
    attribute: Params<'settings.createAttribute'>,
    options?: CallOptions,
  ): Promise<Result<'settings.createAttribute'>>
  /** Makes a contact list in Brevo. */
  createList(
    list: Params<'settings.createList'>,
    options?: CallOptions,
  ): Promise<Result<'settings.createList'>>
}

export function createSettings(call: Call): Settings {
  return {
    read: (options) => call('settings.read', {}, options),
    survey: (options) => call('settings.survey', {}, options),
    preview: (draft, options) => call('settings.preview', { draft }, options),
    tryOut: (draft, options) => call('settings.tryOut', { draft }, options),
    save: (request, options) => call('settings.save', request, options),
    undo: (request, options) => call('settings.undo', request, options),
    createAttribute: (attribute, options) => call('settings.createAttribute', attribute, options),
    createList: (list, options) => call('settings.createList', list, options),
  }
}
