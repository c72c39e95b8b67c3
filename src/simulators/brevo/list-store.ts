/** Folders, lists and segments of the account. Who is on a list is the contact store's business. */
import { folderNotFound, invalidParameter, listNotFound } from './refusal.ts'
import type { BrevoSeed } from './seed.ts'

export type Folder = { readonly id: number; name: string }
export type List = { readonly id: number; name: string; folderId: number; readonly createdAtMs: number }

/** https://developers.brevo.com/docs/platform-quotas, the smaller plans. */
const MOST_LISTS = 300
const MOST_FOLDERS = 300

export class ListStore {
  readonly #folders = new Map<number, Folder>()
  readonly #lists = new Map<number, List>()
  readonly segments: NonNullable<BrevoSeed['segments']>
  #nextFolderId = 1
  #nextListId = 1

  constructor(seed: Pick<BrevoSeed, 'folders' | 'lists' | 'segments'>, atMs: number) {
    for (const { id, name } of seed.folders) this.#folders.set(id, { id, name })
    for (const { id, name, folderId } of seed.lists) {
      if (!this.#folders.has(folderId))
        throw new Error(`list ${id} is in folder ${folderId}, which is not in the seed`)
      this.#lists.set(id, { id, name, folderId, createdAtMs: atMs })
    }
    this.segments = seed.segments ?? []
    this.#nextFolderId = Math.max(0, ...this.#folders.keys()) + 1
    this.#nextListId = Math.max(0, ...this.#lists.keys()) + 1
  }

  folders(): Folder[] {
    return [...this.#folders.values()]
  }

  lists(folderId?: number): List[] {
    const all = [...this.#lists.values()]
    return folderId === undefined ? all : all.filter((list) => list.folderId === folderId)
  }

  hasList(id: number): boolean {
    return this.#lists.has(id)
  }

  folder(id: number): Folder {
    const folder = this.#folders.get(id)
    if (!folder) throw folderNotFound()
    return folder
  }

  list(id: number): List {
    const list = this.#lists.get(id)
    if (!list) throw listNotFound()
    return list
  }

  createFolder(name: string): Folder {
    if (this.#folders.size >= MOST_FOLDERS) throw invalidParameter('Maximum number of folders reached')
    const folder = { id: this.#nextFolderId++, name }
    this.#folders.set(folder.id, folder)
    return folder
  }

  createList(name: string, folderId: number, atMs: number): List {
    this.folder(folderId)
    if (this.#lists.size >= MOST_LISTS) throw invalidParameter('Maximum number of lists reached')
    const list = { id: this.#nextListId++, name, folderId, createdAtMs: atMs }
    this.#lists.set(list.id, list)
    return list
  }

  /** The caller takes the contacts off. */
  deleteList(id: number): void {
    this.list(id)
    this.#lists.delete(id)
  }

  /** The caller deletes the folder's lists first. */
  deleteFolder(id: number): void {
    this.folder(id)
    this.#folders.delete(id)
  }
}
